// Owns the interfaces of content: what all of it has, and what some types support.

import type { GatewayContext } from '../../context.ts';
import { contentIdOf, type Entity } from '../../loaders/entity.ts';
import { decodeUri, loadContent } from '../../loaders/lookup.ts';
import { type Args, planFields } from '../../planner/needs.ts';
import { ownName, type Resource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readProtected } from '../protected-text.ts';
import { readBoolean, readId, readInt, readString, readText, readTime, readValue } from '../read.ts';
import { defineOneToOneEdge } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import { toContentTypeNode } from '../relay/site-types.ts';
import { idFields } from '../relay/uri.ts';

const addressed = ['Node', 'UniformResourceIdentifiable'];

/** A field that REST shows nobody. */
function closed(type: string): FieldDeclaration {
  return { type, description: 'Null: REST does not show it.', resolve: () => null };
}

/** Text that has a RENDERED form for everybody and a RAW one for editors. */
export function formatted(path: string, read: (data: unknown, path: string) => string | null): FieldDeclaration {
  return {
    type: 'String',
    description: 'RAW is null unless the viewer may edit it.',
    args: { format: 'PostObjectFieldFormatEnum' },
    needs: ({ format }) => [format === 'raw' ? `${path}.raw` : `${path}.rendered`],
    resolve: (entity, { format }: Args, context) => {
      // WPGraphQL gives null for an empty text.
      if (format === 'raw') return readString(entity.data, `${path}.raw`) || null;
      // Empty is also what a password protects.
      return read(entity.data, `${path}.rendered`) || (path === 'title' ? null : readProtected(entity, path, context));
    },
  };
}

/** What other domains add to the interfaces of content. */
export interface InterfaceParts {
  /** The `seo` field of all content. */
  readonly seo: FieldDeclaration;
  /** Other fields of all content. */
  readonly nodeFields: FieldDeclarations;
  /** Fields of content that has a preview, which all content has in name. */
  readonly previewFields: FieldDeclarations;
  /** Fields of content that keeps revisions. */
  readonly revisionFields: FieldDeclarations;
}

/** Declares the interfaces of content. */
export function defineContentInterfaces(
  builder: Builder,
  { seo, nodeFields, revisionFields, previewFields }: InterfaceParts,
  template: FieldDeclaration,
): void {
  builder.enum(
    'PostObjectFieldFormatEnum',
    { RAW: 'raw', RENDERED: 'rendered' },
    'As it is stored, or as it is shown.',
  );
  defineOneToOneEdge(builder, 'ContentNodeToContentTypeConnectionEdge', 'ContentType');
  builder.interface('ContentNode', {
    description: 'Content of any type.',
    interfaces: addressed,
    fields: { ...contentFields, ...previewFields, ...nodeFields, seo, template },
  });
  builder.interface('NodeWithTitle', {
    interfaces: ['Node'],
    fields: { id: idField, seo, title: formatted('title', readText) },
  });
  builder.interface('NodeWithContentEditor', {
    interfaces: ['Node'],
    fields: { id: idField, content: formatted('content', readString) },
  });
  builder.interface('NodeWithExcerpt', {
    interfaces: ['Node'],
    fields: { id: idField, excerpt: formatted('excerpt', readString) },
  });
  builder.interface('NodeWithTemplate', { interfaces: ['Node'], fields: { id: idField, template } });
  builder.interface('NodeWithPageAttributes', {
    interfaces: ['Node'],
    fields: {
      id: idField,
      menuOrder: {
        type: 'Int',
        description: 'Place among its siblings; null for none.',
        needs: ['menu_order'],
        resolve: ({ data }) => readInt(data, 'menu_order') || null,
      },
    },
  });
  builder.interface('NodeWithTrackbacks', {
    interfaces: ['Node'],
    fields: {
      id: idField,
      pingStatus: { type: 'String', needs: ['ping_status'], resolve: ({ data }) => readString(data, 'ping_status') },
      pinged: closed('[String]'),
      toPing: closed('[String]'),
    },
  });
  builder.interface('NodeWithComments', {
    interfaces: ['Node'],
    fields: {
      id: idField,
      commentCount: {
        type: 'Int',
        description:
          'Number of approved comments, without pingbacks, which REST hides; null where a password protects them.',
        needs: protectionNeeds,
        resolve: (entity, _, { loaders }) => (isProtected(entity) ? null : loaders.commentCount(contentIdOf(entity))),
      },
      commentStatus: {
        type: 'String',
        needs: ['comment_status'],
        resolve: ({ data }) => readString(data, 'comment_status'),
      },
    },
  });
  builder.interface('NodeWithRevisions', {
    interfaces: ['Node'],
    fields: { id: idField, ...revisionFields },
  });
  builder.interface('Previewable', {
    fields: previewFields,
  });
  builder.interface('HierarchicalNode', {
    interfaces: ['DatabaseIdentifier', 'Node'],
    fields: { ...idFields, ...parentIdFields },
  });
}

/** The global id of content. */
export const idField: FieldDeclaration = { type: 'ID!', ...idFields['id'] };

const contentFields: FieldDeclarations = {
  id: idField,
  contentType: {
    type: 'ContentNodeToContentTypeConnectionEdge',
    resolve: ({ resource }) => (resource.kind === 'content' ? toEdge(toContentTypeNode(resource)) : null),
  },
  contentTypeName: { type: 'String!', resolve: ({ resource }) => ownName(resource.name) },
  databaseId: { type: 'Int!', resolve: ({ id }) => id },
  date: timeField('date', 'When it was published, in the time of the site.'),
  dateGmt: timeField('date_gmt', 'When it was published, in UTC.'),
  desiredSlug: {
    type: 'String',
    description: 'The slug that WordPress would give it. Null unless the viewer may edit it.',
    needs: (_, typeName) => (typeName === 'MediaItem' ? [] : ['generated_slug']),
    resolve: ({ data }) => readString(data, 'generated_slug') || null,
  },
  enclosure: closed('String'),
  guid: { type: 'String', needs: ['guid.rendered'], resolve: ({ data }) => readText(data, 'guid.rendered') },
  isRestricted: {
    type: 'Boolean',
    description: 'Whether a password protects it.',
    needs: protectionNeeds,
    resolve: isProtected,
  },
  link: {
    type: 'String',
    description: 'Its URL on the site.',
    needs: ['link'],
    resolve: ({ data }) => decodeOrNull(readString(data, 'link')),
  },
  modified: timeField('modified', 'When it was last changed, in the time of the site.'),
  modifiedGmt: timeField('modified_gmt', 'When it was last changed, in UTC.'),
  slug: { type: 'String', needs: ['slug'], resolve: ({ data }) => decodeOrNull(readString(data, 'slug')) },
  status: { type: 'String', needs: ['status'], resolve: ({ data }) => readString(data, 'status') },
};

function timeField(path: string, description: string): FieldDeclaration {
  return { type: 'String', description, needs: [path], resolve: ({ data }) => readTime(data, path) };
}

function decodeOrNull(text: string | null): string | null {
  return text === null ? null : decodeUri(text);
}

/** Whether a password protects content. */
export function isProtected({ data }: Entity): boolean {
  // Media have no content.
  return readValue(data, 'content') === null ? false : (readBoolean(data, 'content.protected') ?? false);
}

/** Media have no text that a password could protect. */
export function protectionNeeds(_: Args, typeName: string): readonly string[] {
  return typeName === 'MediaItem' ? [] : ['content.protected'];
}

/** Media name the content they are attached to as `post`. */
export function parentNeeds(_: Args, typeName: string): readonly string[] {
  return [typeName === 'MediaItem' ? 'post' : 'parent'];
}

/** Ids of the parent; content and terms name it alike, media name the content they are attached to. */
export const parentIdFields: FieldDeclarations = {
  parentDatabaseId: { type: 'Int', needs: parentNeeds, resolve: parentOf },
  parentId: {
    type: 'ID',
    needs: parentNeeds,
    resolve: (entity) => {
      const parent = parentOf(entity);
      return parent === null ? null : toGlobalId(entity.resource.kind === 'term' ? 'term' : 'post', parent);
    },
  },
};

/** Id of the parent, or null. */
export function parentOf({ resource, data }: Entity): number | null {
  return readId(data, resource.name === 'attachment' ? 'post' : 'parent');
}

/** The parent of content as an edge; null where there is none or WordPress does not show it. */
export const resolveParentEdge: NonNullable<FieldDeclaration['resolve']> = async (entity, _, context, info) => {
  const id = parentOf(entity);
  if (id === null) return null;
  const fieldsOf = (resource: Resource) => planFields(info, resource.typeName, [['node']]);
  const { loaders, resources } = context;
  const node =
    entity.resource.name === 'attachment'
      ? await loadContent(loaders, resources, id, fieldsOf)
      : await loaders.load(entity.resource, id, fieldsOf(entity.resource));
  return node && toEdge(node);
};

/** An edge to one node. */
export function toEdge<Node>(node: Node): { readonly node: Node; readonly cursor: null } {
  return { node, cursor: null };
}

/** The chain of parents, the nearest first; null where one is missing. */
export async function loadAncestors(
  entity: Entity,
  context: GatewayContext,
  fields: readonly string[],
): Promise<Entity[] | null> {
  const ancestors: Entity[] = [];
  const seen = new Set([entity.id]);
  let current = entity;
  for (let id = parentOf(current); id !== null; id = parentOf(current)) {
    if (seen.has(id)) return ancestors;
    seen.add(id);
    const parent = await context.loaders.load(current.resource, id, [...fields, 'parent']);
    if (!parent) return null;
    ancestors.push(parent);
    current = parent;
  }
  return ancestors;
}
