// Owns the schema of a site: the only list of its domains.

import type { GraphQLSchema } from 'graphql';
import { type MenuLocations, usualMenuLocations } from '../wordpress/menu-locations.ts';
import { coreResources, type Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { assetsOf, defineAssets } from './assets/define-assets.ts';
import { defineBackEnd, rolesOfUser } from './back-end/define-back-end.ts';
import { type Builder, createBuilder } from './builder.ts';
import { findCommentAuthor } from './comments/comment-author.ts';
import { commentsOfContent, commentsOfUser, defineComments } from './comments/define-comments.ts';
import { defineContent } from './content/define-content.ts';
import { contentExtensions } from './content/extensions.ts';
import { customFields } from './custom-fields/define-custom-fields.ts';
import { defineContentChanged } from './live/define-content-changed.ts';
import { avatarField, defineAvatar } from './media/avatar.ts';
import { coreSizeNames, defineMedia, mediaFields } from './media/define-media.ts';
import { acceptUnknownSizes } from './media/open-sizes.ts';
import { acceptAnyLocation, defineMenus, findItemNode, findMenuNode } from './menus/define-menus.ts';
import { isLinkable, linkableInterfaces } from './menus/linked-node.ts';
import { defineMutations } from './mutations/define-mutations.ts';
import { defineNodes } from './nodes/define-nodes.ts';
import { createFindNode, defineNodeQuery, type FindNode } from './nodes/node-query.ts';
import { defineSearch } from './nodes/search-query.ts';
import { contentOfType, termsOfTaxonomy } from './nodes/site-type-nodes.ts';
import { defineRelay } from './relay/define-relay.ts';
import { toContentTypeNode } from './relay/site-types.ts';
import { defineUniformResourceIdentifiable } from './relay/uri.ts';
import {
  defineRevisions,
  editorsOfContent,
  originOfRevision,
  previewOfContent,
  revisionsOfContent,
  revisionsOfUser,
} from './revisions/define-revisions.ts';
import { defineScalars } from './scalars.ts';
import { defineSeoConfig } from './seo/define-config.ts';
import { defineSeo, seoField } from './seo/define-seo.ts';
import { defineSettings, findSettingGroup } from './settings/define-settings.ts';
import { defineContentTypes } from './site-types/define-content-types.ts';
import { defineTaxonomies } from './site-types/define-taxonomies.ts';
import { findContentTypeNode, findTaxonomyNode, taxonomiesOf } from './site-types/site-lists.ts';
import { definePostFormats, findFormatNode } from './terms/define-post-formats.ts';
import { defineTerms } from './terms/define-terms.ts';
import { defineUsers } from './users/define-users.ts';

/** The GraphQL schema of a site with these resources and menu locations. */
export function buildSchema(
  site: Site,
  resources: Resources = coreResources,
  menuLocations: MenuLocations = usualMenuLocations,
): GraphQLSchema {
  const builder = createBuilder();
  declareSchema(builder, site, resources, menuLocations);
  const schema = acceptUnknownSizes(builder.build());
  if (!menuLocations.isComplete) acceptAnyLocation(schema);
  return schema;
}

/** Declares all that there is to ask: the only list of domains. */
export function declareSchema(
  builder: Builder,
  site: Site,
  resources: Resources = coreResources,
  menuLocations: MenuLocations = usualMenuLocations,
): void {
  const users = resources.get('user');
  const media = resources.get('attachment');
  const sizes = media?.kind === 'content' ? (media.imageSizes ?? []) : [];
  defineScalars(builder);
  defineRelay(builder);
  defineUniformResourceIdentifiable(builder);
  defineSeo(builder, site);
  defineMedia(builder, site, [...new Set([...coreSizeNames, ...sizes])]);
  defineAvatar(builder);
  defineContent(builder, resources, {
    seo: seoField('PostTypeSEO', site),
    nodeFields: { ...assetsOf(builder, 'ContentNode'), ...editorsOfContent(builder) },
    previewFields: previewOfContent(),
    revisionFields: originOfRevision(builder),
    extensions: contentExtensions(builder),
    interfacesOf: (type) => (isLinkable(type) ? linkableInterfaces : []),
    fieldsOf: (type) => ({
      ...(type.name === 'attachment' ? mediaFields() : {}),
      ...commentsOfContent(builder, type),
      ...revisionsOfContent(builder, type),
      ...customFields(builder, type),
    }),
  });
  defineTerms(builder, resources, {
    seo: seoField('TaxonomySEO', site),
    nodeFields: assetsOf(builder, 'TermNode'),
    fieldsOf: (taxonomy) => customFields(builder, taxonomy),
  });
  definePostFormats(builder, resources);
  defineUsers(builder, resources, {
    seo: seoField('SEOUser', site),
    avatar: avatarField('avatar_urls'),
    fields: {
      ...commentsOfUser(builder),
      ...revisionsOfUser(builder),
      ...rolesOfUser(builder),
      ...assetsOf(builder, 'User'),
      ...(users ? customFields(builder, users) : {}),
    },
  });
  defineComments(builder, resources, {
    avatar: avatarField('author_avatar_urls'),
    fieldsOf: (comments) => customFields(builder, comments),
  });
  defineAssets(builder);
  defineRevisions(builder);
  defineBackEnd(builder);
  defineMenus(builder, resources, menuLocations);
  defineSettings(builder, site);
  defineContentTypes(builder, resources, contentOfType(builder));
  defineSeoConfig(
    builder,
    resources,
    taxonomiesOf(resources).map(({ taxonomy }) => taxonomy.singular),
  );
  defineTaxonomies(builder, resources, termsOfTaxonomy(builder));
  defineNodes(builder, resources, toContentTypeNode);
  const findNode = createFindNode(
    new Map<string, FindNode>([
      ['post', findItemNode],
      ['term', (id, context) => (Number(id) < 0 ? findFormatNode(id, context) : findMenuNode(id, context))],
      ['setting_group', findSettingGroup],
      ['post_type', findContentTypeNode],
      ['taxonomy', findTaxonomyNode],
      ['comment_author', findCommentAuthor],
    ]),
  );
  defineNodeQuery(builder, findNode);
  defineContentChanged(builder, findNode);
  defineSearch(builder);
  defineMutations(builder, resources, site);
}
