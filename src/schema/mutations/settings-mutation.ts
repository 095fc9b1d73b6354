// Owns the mutation of settings.

import { routeTag } from '../../loaders/tags.ts';
import { toJsonBody } from '../../loaders/write.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { settingGroups, toSettingsSource } from '../settings/site-settings.ts';
import { field, type InputTable, inputsByParameter, toArgs, toParameters } from './inputs.ts';
import { defineMutation } from './mutation.ts';

const inputs: InputTable = {
  discussionSettingsDefaultCommentStatus: field('String', 'default_comment_status'),
  discussionSettingsDefaultPingStatus: field('String', 'default_ping_status'),
  generalSettingsDateFormat: field('String', 'date_format'),
  generalSettingsDescription: field('String', 'description'),
  generalSettingsEmail: field('String', 'email'),
  generalSettingsLanguage: field('String', 'language'),
  generalSettingsStartOfWeek: field('Int', 'start_of_week'),
  generalSettingsTimeFormat: field('String', 'time_format'),
  generalSettingsTimezone: field('String', 'timezone'),
  generalSettingsTitle: field('String', 'title'),
  generalSettingsUrl: {
    ...field('String', 'url'),
    deprecated: 'Who changes the address of a site by mistake cannot reach it any more.',
  },
  readingSettingsPageForPosts: field('Int', 'page_for_posts'),
  readingSettingsPageOnFront: field('Int', 'page_on_front'),
  readingSettingsPostsPerPage: field('Int', 'posts_per_page'),
  readingSettingsShowOnFront: field('String', 'show_on_front'),
  writingSettingsDefaultCategory: field('Int', 'default_category'),
  writingSettingsDefaultPostFormat: field('String', 'default_post_format'),
  writingSettingsUseSmilies: field('Boolean', 'use_smilies'),
};

/** Declares `updateSettings`. */
export function defineSettingsMutation(builder: Builder, site: Site): void {
  const groups = Object.keys(settingGroups(site)).map((group) => [
    `${group}Settings`,
    `${group.charAt(0).toUpperCase()}${group.slice(1)}Settings`,
  ]);
  const payload: FieldDeclarations<object> = Object.fromEntries(
    [['allSettings', 'Settings'], ...groups].map(([name = '', type = '']) => [
      name,
      {
        type,
        resolve: (_, __, context) => toSettingsSource(type, context),
      } satisfies FieldDeclarations<object>[string],
    ]),
  );
  defineMutation<object>(builder, {
    name: 'updateSettings',
    description: 'Changes settings of the site: what is given.',
    input: toArgs(inputs),
    payload,
    action: 'update settings',
    parameters: inputsByParameter(inputs),
    run: async (input, context) => {
      const body = toJsonBody(await toParameters(inputs, input, context));
      await context.write({
        method: 'POST',
        route: 'wp/v2/settings',
        query: { _fields: 'title' },
        body,
        tags: [routeTag('wp/v2/settings')],
      });
      return {};
    },
  });
}
