// Owns the schema of a site: the only list of its domains.

import type { GraphQLSchema } from 'graphql';
import { coreResources, type Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { createBuilder } from './builder.ts';
import { defineContent } from './content/define-content.ts';
import { contentExtensions } from './content/extensions.ts';
import { avatarField, defineAvatar } from './media/avatar.ts';
import { defineMedia, mediaFields } from './media/define-media.ts';
import { defineNodeQuery } from './nodes/node-query.ts';
import { defineSearch } from './nodes/search-query.ts';
import { defineRelay } from './relay/define-relay.ts';
import { defineUniformResourceIdentifiable } from './relay/uri.ts';
import { defineScalars } from './scalars.ts';
import { defineSeo, seoField } from './seo/define-seo.ts';
import { defineSettings } from './settings/define-settings.ts';
import { defineTerms } from './terms/define-terms.ts';
import { defineUsers } from './users/define-users.ts';

/** The GraphQL schema of a site with these resources. */
export function buildSchema(site: Site, resources: Resources = coreResources): GraphQLSchema {
  const builder = createBuilder();
  defineScalars(builder);
  defineRelay(builder);
  defineUniformResourceIdentifiable(builder);
  defineSeo(builder);
  defineMedia(builder, site);
  defineAvatar(builder);
  defineContent(builder, resources, {
    seo: seoField('PostTypeSEO'),
    extensions: contentExtensions(builder),
    interfacesOf: () => [],
    fieldsOf: (type) => (type.name === 'attachment' ? mediaFields() : {}),
  });
  defineTerms(builder, resources, seoField('TaxonomySEO'));
  defineUsers(builder, resources, { seo: seoField('SEOUser'), avatar: avatarField('avatar_urls') });
  defineSettings(builder);
  defineNodeQuery(builder);
  defineSearch(builder);
  return builder.build();
}
