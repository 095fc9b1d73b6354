// Owns the values of settings: what everybody may see of the site, what the gateway's credentials open, or a default.

import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import { isHidden, isOwnRefusal } from '../../wordpress/failures.ts';
import type { Site } from '../../wordpress/rest.ts';
import type { FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readBoolean, readInt, readString } from '../read.ts';

/** What settings are made of. */
export interface SettingsSource {
  readonly __typename: string;
  readonly site: Site;
  /** Values of `/wp/v2/settings`; null where WordPress does not show them to the gateway. */
  read(): Promise<RestObject | null>;
  /** The same for a viewer who may change them; null for all others. */
  readAsAdmin(): Promise<RestObject | null>;
}

const readers = { String: readString, Int: readInt, Boolean: readBoolean };

/** All that is ever asked for with the gateway's credentials: what WPGraphQL shows to everybody. */
const publicNames = [
  ...['date_format', 'default_category', 'default_comment_status', 'default_ping_status', 'default_post_format'],
  ...['language', 'page_for_posts', 'page_on_front', 'posts_per_page', 'show_on_front', 'start_of_week'],
  ...['time_format', 'use_smilies'],
];

/** What else is asked for with the credentials of a viewer who may change it: as it is now, and who gets its mail. */
const adminNames = ['description', 'email', 'timezone', 'title', 'url'];

/** A source of settings: they are read once, in one request, when the first that needs it is asked for. */
export function toSettingsSource(__typename: string, context: GatewayContext): SettingsSource {
  const { site, ownLoaders, logger, loaders, viewer } = context;
  const isAdmin = viewer?.can('manage_options') === true;
  let values: Promise<RestObject | null> | undefined;
  async function load(): Promise<RestObject | null> {
    if (!isAdmin && !ownLoaders) return null;
    try {
      if (isAdmin) return await loaders.object('wp/v2/settings', [...publicNames, ...adminNames]);
      return await (ownLoaders ?? loaders).object('wp/v2/settings', publicNames);
    } catch (error) {
      // Only administrators may see them; the gateway's user need not be one.
      if (!(error instanceof UpstreamError) || !isHidden(error) || (isAdmin && !isOwnRefusal(error))) throw error;
      logger.debug({ err: error }, 'the gateway’s own credentials do not open the settings');
      return null;
    }
  }
  const read = () => {
    values ??= load();
    return values;
  };
  return { __typename, site, read, readAsAdmin: () => (isAdmin ? read() : Promise.resolve(null)) };
}

/** A setting that REST shows only to administrators. */
function hidden(type: keyof typeof readers, name: string, fallback: string | number | boolean): Setting {
  return {
    type,
    description: `Read with the gateway’s own credentials where they are an administrator’s; else WordPress’s default, ${fallback}.`,
    resolve: async (source) => {
      const values = await source.read();
      // WordPress stores false as an empty text, and shows that as null.
      if (type === 'Boolean' && values?.[name] === null) return false;
      return readers[type](values, name) ?? fallback;
    },
  };
}

/** A setting that everybody sees as it was when the site was last read, and who may change it as it is now. */
function told(name: string, of: (site: Site) => string | null): Setting {
  return {
    type: 'String',
    resolve: async (source) => readString(await source.readAsAdmin(), name) || of(source.site),
  };
}

/** A setting that the index of REST shows since WordPress 6.8; before, only administrators see it. */
function partlyHidden(
  type: keyof typeof readers,
  name: string,
  fallback: string | number,
  known: string | number | null,
): Setting {
  if (known === null) return hidden(type, name, fallback);
  return { type, resolve: async (source) => readers[type](await source.readAsAdmin(), name) ?? known };
}

type Setting = FieldDeclaration<SettingsSource>;

function unknown(description: string): Setting {
  return { type: 'String', description: `Null: ${description}`, resolve: () => null };
}

const noPermalinks = 'WordPress shows it nobody over REST.';

/** The settings that WPGraphQL has, by group. */
export function settingGroups(site: Site): Readonly<Record<string, FieldDeclarations<SettingsSource>>> {
  const { showOnFront } = site;
  // WordPress writes 0 for no page, which is null in a site.
  const [pageForPosts, pageOnFront] = [site.pageForPosts, site.pageOnFront].map((id) =>
    showOnFront === null ? null : (id ?? 0),
  );
  return {
    discussion: {
      defaultCommentStatus: hidden('String', 'default_comment_status', 'open'),
      defaultPingStatus: hidden('String', 'default_ping_status', 'open'),
    },
    general: {
      dateFormat: hidden('String', 'date_format', 'F j, Y'),
      description: told('description', ({ description }) => description),
      email: {
        type: 'String',
        description: 'Null unless the viewer is an administrator.',
        resolve: async (source) => readString(await source.readAsAdmin(), 'email') || null,
      },
      homeUrl: { type: 'String', resolve: ({ site }) => site.home },
      language: hidden('String', 'language', 'en_US'),
      startOfWeek: hidden('Int', 'start_of_week', 1),
      timeFormat: hidden('String', 'time_format', 'g:i a'),
      timezone: { ...told('timezone', timezoneOf), description: 'The name of a zone, or an offset from UTC.' },
      title: told('title', ({ name }) => name),
      url: told('url', ({ url }) => url),
    },
    permalink: {
      categoryBase: unknown(noPermalinks),
      structure: unknown(noPermalinks),
      tagBase: unknown(noPermalinks),
    },
    reading: {
      pageForPosts: partlyHidden('Int', 'page_for_posts', 0, pageForPosts ?? null),
      pageOnFront: partlyHidden('Int', 'page_on_front', 0, pageOnFront ?? null),
      postsPerPage: hidden('Int', 'posts_per_page', 10),
      showOnFront: partlyHidden('String', 'show_on_front', 'posts', showOnFront),
    },
    writing: {
      defaultCategory: hidden('Int', 'default_category', 1),
      defaultPostFormat: hidden('String', 'default_post_format', '0'),
      useSmilies: hidden('Boolean', 'use_smilies', true),
    },
  };
}

/** The name of a zone, or an offset as WordPress writes it (`wp_timezone_string`). */
function timezoneOf({ timezone, gmtOffset }: Site): string | null {
  if (timezone || gmtOffset === null) return timezone;
  const minutes = Math.round(Math.abs(gmtOffset) * 60);
  const twoDigits = (number: number) => String(number).padStart(2, '0');
  return `${gmtOffset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
