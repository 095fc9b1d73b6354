// Owns the list of mutations: for each row of the table of resources, and for what is no row.

import type { Resources } from '../../wordpress/resources.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder } from '../builder.ts';
import { postFormats } from '../lists/post-formats.ts';
import { defineCommentMutations } from './comment-mutations.ts';
import { defineContentMutations } from './content-mutations.ts';
import { defineMediaCreation } from './media-creation.ts';
import { definePreviewMutation } from './preview-mutation.ts';
import { defineSettingsMutation } from './settings-mutation.ts';
import { defineFormatMutations, defineTermMutations } from './term-mutations.ts';
import { defineUserMutations } from './user-mutations.ts';

/** Declares all mutations of a site. */
export function defineMutations(builder: Builder, resources: Resources, site: Site): void {
  for (const resource of resources.values()) {
    if (resource.kind === 'content') defineContentMutations(builder, resource, resources);
    if (resource.kind === 'content' && resource.name === 'attachment') defineMediaCreation(builder, resource);
    if (resource.kind === 'term') defineTermMutations(builder, resource);
    if (resource.kind === 'comment') defineCommentMutations(builder, resource);
    if (resource.kind === 'user') defineUserMutations(builder, resource);
  }
  defineFormatMutations(builder, postFormats);
  defineSettingsMutation(builder, site);
  definePreviewMutation(builder);
}
