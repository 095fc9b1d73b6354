// Owns the settings of the site that everybody may see.

import { planFields } from '../../planner/needs.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { defineOneToOneEdge } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';

/** WordPress's defaults: what a site has unless its settings, which REST shows only to administrators, say otherwise. */
const defaults = { dateFormat: 'F j, Y', timeFormat: 'g:i a', startOfWeek: 1 } as const;

/** Declares the general settings. */
export function defineSettings(builder: Builder): void {
  defineOneToOneEdge(builder, 'GeneralSettingsToMediaItemConnectionEdge', 'MediaItem');
  const closed = (type: string, description: string): FieldDeclaration<Site> => ({
    type,
    description,
    resolve: () => null,
  });
  const usual = (type: string, value: string | number): FieldDeclaration<Site> => ({
    type,
    description: `WordPress’s default, ${value}: REST shows the site’s own only to administrators.`,
    resolve: () => value,
  });
  builder.object<Site>('GeneralSettings', {
    description: 'The public part of the general settings.',
    interfaces: ['Node'],
    fields: {
      id: { type: 'ID!', resolve: () => toGlobalId('setting_group', 'general') },
      dateFormat: usual('String', defaults.dateFormat),
      description: { type: 'String', resolve: ({ description }) => description },
      email: closed('String', 'Null: REST shows it only to administrators.'),
      homeUrl: { type: 'String', resolve: ({ home }) => home },
      language: closed('String', 'Null: REST shows it only to administrators.'),
      siteIcon: {
        type: 'GeneralSettingsToMediaItemConnectionEdge',
        resolve: async ({ siteIconId }, _, { loaders, resources }, info) => {
          const media = resources.get('attachment');
          if (siteIconId === null || !media) return null;
          const node = await loaders.load(media, siteIconId, planFields(info, 'MediaItem', [['node']]));
          return node && { node };
        },
      },
      siteIconUrl: {
        type: 'String',
        description: 'Address of the site’s icon, in the size that WordPress shows in REST (512).',
        args: { size: 'Int' },
        resolve: ({ siteIconUrl }) => siteIconUrl,
      },
      startOfWeek: usual('Int', defaults.startOfWeek),
      timeFormat: usual('String', defaults.timeFormat),
      timezone: { type: 'String', resolve: (site) => timezoneOf(site) },
      title: { type: 'String', resolve: ({ name }) => name },
      url: { type: 'String', resolve: ({ url }) => url },
    },
  });
  builder.query({
    generalSettings: { type: 'GeneralSettings', resolve: (_, __, { site }) => site },
  });
}

/** The name of a zone, or an offset as WordPress writes it. */
function timezoneOf({ timezone, gmtOffset }: Site): string | null {
  if (timezone || gmtOffset === null) return timezone;
  return gmtOffset === 0 ? 'UTC' : `UTC${gmtOffset > 0 ? '+' : ''}${gmtOffset}`;
}
