// Owns what editors see of content: previews, revisions, who edited it. Without credentials there is none of it.

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { contentIdOf, type Entity } from '../../loaders/entity.ts';
import { loadNewest, loadPreview, loadRevisions } from '../../loaders/revisions.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration, Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { anyContentWhere, contentWhere } from '../lists/content.ts';
import { readId } from '../read.ts';
import { connectionField, defineOneToOneEdge, nodePaths, resolveNodes } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';

const guarded = 'Null unless the viewer may edit it.';
const none = 'Empty: WordPress lists revisions only content by content.';

/** Declares the root field that lists revisions. */
export function defineRevisions(builder: Builder): void {
  builder.query({ revisions: revisionsOfAny(builder, 'RootQueryToRevisions') });
}

/** Fields of all content: who edits it. */
export function editorsOfContent(builder: Builder): FieldDeclarations {
  const lock: FieldDeclaration = { type: 'String', description: 'When the lock was set.' };
  return {
    editingLockedBy: {
      ...edgeField(builder, 'ContentNodeToEditLockConnectionEdge', 'User', { lockTimestamp: lock }),
      description: 'Null: REST does not show it.',
    },
    lastEditedBy: {
      ...edgeField(builder, 'ContentNodeToEditLastConnectionEdge', 'User'),
      description: `Who saved its newest revision. ${guarded}`,
      resolve: resolveLastEditor,
    },
  };
}

/** Fields of content that has a preview. */
export function previewOfContent(): FieldDeclarations {
  return {
    isPreview: { type: 'Boolean', resolve: ({ revision }) => revision?.isPreview === true },
    previewRevisionDatabaseId: {
      type: 'Int',
      description: `Id of its newest revision. ${guarded}`,
      resolve: (entity, _, context) => newestId(entity, context),
    },
    previewRevisionId: {
      type: 'ID',
      description: `Global id of its newest revision. ${guarded}`,
      resolve: async (entity, _, context) => {
        const id = await newestId(entity, context);
        return id === null ? null : toGlobalId('post', id);
      },
    },
  };
}

/** A revision has none of its own. */
async function newestId(entity: Entity, context: GatewayContext): Promise<number | null> {
  const newest = entity.revision ? null : await loadNewest(context, entity);
  return newest && readId(newest, 'id');
}

async function resolveLastEditor(entity: Entity, _: unknown, context: GatewayContext, info: GraphQLResolveInfo) {
  const users = context.resources.get('user');
  const newest = users ? await loadNewest(context, { ...entity, id: contentIdOf(entity) }) : null;
  const id = newest && readId(newest, 'author');
  if (!users || id === null) return null;
  const node = await context.loaders.load(users, id, ['id', ...planFields(info, users.typeName, [['node']])]);
  return node && { node, cursor: null };
}

/** Fields of content that keeps revisions. */
export function originOfRevision(builder: Builder): FieldDeclarations {
  const field = edgeField(builder, 'NodeWithRevisionsToContentNodeConnectionEdge', 'ContentNode');
  return {
    isRevision: { type: 'Boolean', resolve: ({ revision }) => revision !== undefined },
    revisionOf: {
      ...field,
      description: 'The content that it is a revision of; null where it is none.',
      resolve: async ({ resource, revision }, _, { loaders }, info) => {
        const fields = planFields(info, resource.typeName, [['node']]);
        const node = revision ? await loaders.load(resource, revision.of, fields) : null;
        return node && { node, cursor: null };
      },
    },
  };
}

/** Fields of one type of content: its preview and its revisions, and relatives that it has in name only. */
export function revisionsOfContent(builder: Builder, type: ContentResource): FieldDeclarations {
  const { typeName, hierarchical, supports } = type;
  const flat = {
    description: `Always null: ${type.plural} are not hierarchical.`,
    deprecated: 'It is there for other types of content.',
  };
  return {
    // Media have no previews.
    ...(type.name === 'attachment' ? {} : { preview: previewField(builder, typeName) }),
    ...(supports.has('revisions') ? { revisions: revisionsField(builder, type) } : {}),
    ...(hierarchical
      ? {}
      : {
          ancestors: {
            ...connectionField(builder, { name: `${typeName}To${typeName}`, node: typeName, resolve: () => null }),
            ...flat,
          },
          parent: { ...edgeField(builder, `${typeName}ToParentConnectionEdge`, typeName), ...flat },
        }),
  };
}

/** The revisions that a user has made. */
export function revisionsOfUser(builder: Builder): FieldDeclarations {
  return { revisions: revisionsOfAny(builder, 'UserToRevisions') };
}

function previewField(builder: Builder, typeName: string): FieldDeclaration {
  return {
    ...edgeField(builder, `${typeName}ToPreviewConnectionEdge`, typeName),
    description: `What it will be once its newest revision is published. ${guarded}`,
    resolve: async (entity, _, context, info) => {
      if (context.viewer === null || entity.revision) return null;
      const fields = planFields(info, typeName, [['node']]);
      const content = await context.loaders.load(entity.resource, entity.id, fields);
      const node = content && (await loadPreview(context, content, fields));
      return node?.revision ? { node, cursor: null } : null;
    },
  };
}

function revisionsField(builder: Builder, type: ContentResource): FieldDeclaration {
  const { typeName } = type;
  return connectionField(builder, {
    name: `${typeName}ToRevision`,
    node: typeName,
    where: contentWhere(type),
    description:
      'Its revisions, the newest first; none unless the viewer may edit it. Of `where` only the page is heeded.',
    resolve: async (entity, args, context, info) => {
      if (context.viewer === null || entity.revision) return resolveNodes([], args);
      const fields = planFields(info, typeName, nodePaths);
      const content = await context.loaders.load(entity.resource, entity.id, fields);
      return resolveNodes((content && (await loadRevisions(context, content, fields))) ?? [], args);
    },
  });
}

function revisionsOfAny(builder: Builder, name: string): FieldDeclaration<unknown> {
  return emptyField(builder, name, 'ContentNode', { contentTypes: '[ContentTypeEnum]', ...anyContentWhere });
}

function emptyField(
  builder: Builder,
  name: string,
  node: string,
  where: Readonly<Record<string, ArgDeclaration>>,
): FieldDeclaration<unknown> {
  return connectionField<unknown>(builder, {
    name,
    node,
    where,
    description: none,
    resolve: (_, args) => resolveNodes([], args),
  });
}

function edgeField(builder: Builder, name: string, node: string, fields: FieldDeclarations = {}): FieldDeclaration {
  defineOneToOneEdge(builder, name, node, fields);
  return { type: name, resolve: () => null };
}
