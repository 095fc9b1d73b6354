// Owns the settings of the site that everybody may see: a type for each group, and one for all.

import type { GatewayContext } from '../../context.ts';
import { planFields } from '../../planner/needs.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { Builder, FieldDeclarations } from '../builder.ts';
import { defineOneToOneEdge } from '../relay/connection.ts';
import { toGlobalId } from '../relay/ids.ts';
import { type SettingsSource, settingGroups, toSettingsSource } from './site-settings.ts';

/** Declares settings. */
export function defineSettings(builder: Builder, site: Site): void {
  const groups = settingGroups(site);
  defineOneToOneEdge(builder, 'GeneralSettingsToMediaItemConnectionEdge', 'MediaItem');
  for (const [group, fields] of Object.entries(groups)) {
    const typeName = `${capitalise(group)}Settings`;
    builder.object<SettingsSource>(typeName, {
      description: `The public part of the ${group} settings.`,
      interfaces: ['Node'],
      fields: {
        id: { type: 'ID!', resolve: () => toGlobalId('setting_group', group) },
        ...fields,
        ...(group === 'general' ? iconFields : {}),
      },
    });
    builder.query({
      [`${group}Settings`]: {
        type: typeName,
        resolve: (_, __, context) => toSettingsSource(typeName, context),
      },
    });
  }
  const all = Object.entries(groups).flatMap(([group, fields]) =>
    Object.entries(fields).map(([name, field]) => [`${group}Settings${capitalise(name)}`, field] as const),
  );
  builder.object<SettingsSource>('Settings', {
    description: 'The public part of all settings.',
    fields: Object.fromEntries(all),
  });
  builder.query({
    allSettings: {
      type: 'Settings',
      resolve: (_, __, context) => toSettingsSource('Settings', context),
    },
  });
}

/** The group of settings with a global id; null where there is none. */
export function findSettingGroup(group: string, context: GatewayContext): SettingsSource | null {
  const isGroup = Object.hasOwn(settingGroups(context.site), group);
  return isGroup ? toSettingsSource(`${capitalise(group)}Settings`, context) : null;
}

const iconFields: FieldDeclarations<SettingsSource> = {
  siteIcon: {
    type: 'GeneralSettingsToMediaItemConnectionEdge',
    resolve: async ({ site: { siteIconId } }, _, { loaders, resources }, info) => {
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
    resolve: ({ site }) => site.siteIconUrl,
  },
};

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
