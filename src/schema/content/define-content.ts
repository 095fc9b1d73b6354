// Owns the types of content: one object type for each row of the table.

import { whenThere } from '../../at-once.ts';
import type { Entity } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource, Resources, Support } from '../../wordpress/resources.ts';
import { asExtension, type Builder, type FieldDeclarations } from '../builder.ts';
import { toKindEnum } from '../enum-names.ts';
import { anyContentWhere, contentWhere } from '../lists/content.ts';
import { defineContentOrder } from '../lists/content-order.ts';
import { defineDateQuery } from '../lists/date-query.ts';
import { readId, readString, readValue } from '../read.ts';
import { defineNodeConnection, defineOneToOneEdge } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import { idFields } from '../relay/uri.ts';
import { authorFields } from './author.ts';
import { contentQueries } from './content-queries.ts';
import { hierarchyFields } from './hierarchy.ts';
import {
  defineContentInterfaces,
  formatted,
  type InterfaceParts,
  idField,
  isProtected,
  parentIdFields,
  protectionNeeds,
  toEdge,
} from './interfaces.ts';
import { defineTemplates } from './templates.ts';
import { termsOfContent } from './terms-of-content.ts';

/** What other domains add to the types of content. */
export interface ContentParts extends InterfaceParts {
  /** Fields beyond WPGraphQL that all content has. */
  readonly extensions: FieldDeclarations;
  /** Interfaces and fields that one type has beside. */
  readonly interfacesOf: (type: ContentResource) => readonly string[];
  readonly fieldsOf: (type: ContentResource) => FieldDeclarations;
}

const interfacesOf: Readonly<Record<Support, readonly string[]>> = {
  title: ['NodeWithTitle'],
  editor: ['NodeWithContentEditor'],
  excerpt: ['NodeWithExcerpt'],
  author: ['NodeWithAuthor'],
  thumbnail: ['NodeWithFeaturedImage'],
  comments: ['NodeWithComments'],
  revisions: ['NodeWithRevisions'],
  trackbacks: ['NodeWithTrackbacks'],
  'page-attributes': ['NodeWithPageAttributes'],
};

/** Declares content: its interfaces, its types, and the root fields that lead to them. */
export function defineContent(builder: Builder, resources: Resources, parts: ContentParts): void {
  const types = [...resources.values()].filter((resource) => resource.kind === 'content');
  defineContentInterfaces(builder, parts, defineTemplates(builder, resources));
  defineContentOrder(builder);
  defineDateQuery(builder);
  builder.enum('ContentTypeEnum', toKindEnum(types.map(({ name }) => name)));
  builder.enum('PostStatusEnum', Object.fromEntries(stati.map((status) => [status.toUpperCase(), toStatus(status)])));
  for (const node of ['ContentNode', ...types.map(({ typeName }) => typeName)]) defineNodeConnection(builder, node);
  const hierarchy = hierarchyFields(builder, { contentTypes: '[ContentTypeEnum]', ...anyContentWhere });
  builder.interface('HierarchicalContentNode', {
    description: 'Content that may have a parent.',
    interfaces: ['ContentNode', 'DatabaseIdentifier', 'HierarchicalNode', 'Node', 'UniformResourceIdentifiable'],
    fields: { ...hierarchy, ...parentIdFields },
  });
  defineSupports(builder);
  for (const type of types) defineType(builder, type, resources, parts);
  for (const type of types) builder.query(contentQueries(builder, type, contentWhere(type)));
}

const stati = [
  'auto_draft',
  'draft',
  'future',
  'inherit',
  'pending',
  'private',
  'publish',
  'request_completed',
  'request_confirmed',
  'request_failed',
  'request_pending',
  'trash',
];

function toStatus(name: string): string {
  return name.replaceAll('_', '-');
}

function defineSupports(builder: Builder): void {
  builder.interface('NodeWithAuthor', { interfaces: ['Node'], fields: { id: idField, ...authorFields } });
  defineOneToOneEdge(builder, 'NodeWithAuthorToUserConnectionEdge', 'User');
  builder.interface('NodeWithFeaturedImage', { interfaces: ['Node'], fields: { id: idField, ...featuredImageFields } });
  defineOneToOneEdge(builder, 'NodeWithFeaturedImageToMediaItemConnectionEdge', 'MediaItem');
}

const featuredImageFields: FieldDeclarations = {
  featuredImage: {
    type: 'NodeWithFeaturedImageToMediaItemConnectionEdge',
    needs: ['featured_media'],
    resolve: ({ data }, _, { loaders, resources }, info) => {
      const [id, media] = [readId(data, 'featured_media'), resources.get('attachment')];
      if (id === null || !media) return null;
      const image = loaders.load(media, id, planFields(info, 'MediaItem', [['node']]));
      return whenThere(image, (found) => found && toEdge<Entity>(found));
    },
  },
  featuredImageDatabaseId: {
    type: 'Int',
    needs: ['featured_media'],
    resolve: ({ data }) => readId(data, 'featured_media'),
  },
  featuredImageId: {
    type: 'ID',
    needs: ['featured_media'],
    resolve: ({ data }) => {
      const id = readId(data, 'featured_media');
      return id === null ? null : toGlobalId('post', id);
    },
  },
};

function defineType(builder: Builder, type: ContentResource, resources: Resources, parts: ContentParts): void {
  builder.object(type.typeName, {
    interfaces: [
      ...['ContentNode', 'DatabaseIdentifier', 'Node', 'NodeWithTemplate', 'UniformResourceIdentifiable'],
      ...[...type.supports].flatMap((support) => interfacesOf[support]),
      ...(type.hierarchical ? ['HierarchicalContentNode', 'HierarchicalNode'] : []),
      // Media have no previews.
      ...(type.name === 'attachment' ? [] : ['Previewable']),
      ...parts.interfacesOf(type),
    ],
    fields: {
      ...idFields,
      [`${type.singular}Id`]: { type: 'Int!', deprecated: 'Use databaseId.', resolve: ({ id }) => id },
      hasPassword: {
        type: 'Boolean',
        description: 'Whether a password protects it.',
        needs: protectionNeeds,
        resolve: isProtected,
      },
      password: {
        type: 'String',
        description: 'The password that protects it. Null unless the viewer may edit it.',
        needs: type.name === 'attachment' ? [] : ['password'],
        resolve: ({ data }) => readString(data, 'password') || null,
      },
      ...(type.name === 'post' ? postFields : {}),
      ...(type.name === 'page' ? pageFields(type) : {}),
      ...termsOfContent(builder, type, resources),
      ...parts.extensions,
      ...parts.fieldsOf(type),
    },
  });
}

const postFields: FieldDeclarations = {
  isSticky: {
    type: 'Boolean!',
    description: 'Whether it stays on top of the list of posts.',
    needs: ['sticky'],
    // It is never null: a value of another type must not cost the whole post.
    resolve: ({ data }) => readValue(data, 'sticky') === true,
  },
};

function pageFields({ supports }: ContentResource): FieldDeclarations {
  return {
    isPrivacyPage: {
      type: 'Boolean!',
      description: 'Always false: REST does not tell which page is the privacy policy.',
      resolve: () => false,
    },
    // REST makes one for every page: sites where WPGraphQL has it need not tell the gateway so.
    ...(supports.has('excerpt')
      ? {}
      : {
          excerpt: {
            ...formatted('excerpt', readString),
            description: asExtension('Of its content, as WordPress shortens it, or as it was written.'),
          },
        }),
  };
}
