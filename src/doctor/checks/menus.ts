// Owns the check of menus: which of the sources the gateway would take.

import { UpstreamError } from '../../errors.ts';
import { loadPublicMenus, type PublicMenus } from '../../wordpress/public-menus.ts';
import type { Site } from '../../wordpress/rest.ts';
import { type Examination, isFailed, readIndex, toRecord } from '../examination.ts';
import { defineCheck } from '../finding.ts';

const remedy =
  'Set WORDPRESS_USERNAME and WORDPRESS_APPLICATION_PASSWORD to a user who may edit menus: WordPress shows them to no visitor.';

/** Where menus come from. */
export const menusCheck = defineCheck({
  atStart: true,
  meanings: {
    'menus-account': { severity: 'ok', consequence: 'Menus are complete, with their locations.', remedy: null },
    'menus-navigation': {
      severity: 'note',
      consequence: 'Menus of the theme’s locations are not shown; those of its navigation blocks are.',
      remedy,
    },
    'menus-page': {
      severity: 'note',
      consequence:
        'Menus are what the front page shows: items and order are right, while names and locations are guessed.',
      remedy,
    },
    'menus-none': { severity: 'warning', consequence: 'menus and menuItems are empty.', remedy },
  },
  async run(examination, found) {
    if (examination.account) {
      const locations = await examination.read('wp/v2/menu-locations', {}, true);
      // A route that fails says nothing of what the site has, and is a finding of its own.
      if (isFailed(locations)) return [];
      const names = Object.keys(toRecord(locations.json));
      if (locations.status === 200) {
        return [
          found(
            'menus-account',
            `Menus are read with the gateway’s own user (locations: ${names.join(', ') || 'none'}).`,
          ),
        ];
      }
    }
    const loaded = await loadMenus(examination);
    if (loaded === null) return [];
    const { source, menus } = loaded;
    const what = menus.map(({ name, items }) => `${name || 'unnamed'} with ${items.length} items`).join(', ');
    if (source === 'navigation') return [found('menus-navigation', `Menus come from navigation blocks: ${what}.`)];
    if (source === 'page') return [found('menus-page', `Menus come from the front page: ${what}.`)];
    const page = source === 'hidden' ? 'and the front page is not shown' : 'none in the front page';
    return [found('menus-none', `No menu is shown: none in navigation blocks, ${page}.`)];
  },
});

/** Null where WordPress failed at a request. */
async function loadMenus(examination: Examination): Promise<PublicMenus | null> {
  let hasFailed = false;
  const { root, menuLocations } = examination;
  const { home } = await readIndex(examination);
  const site: Pick<Site, 'root' | 'home'> = {
    root,
    home: typeof home === 'string' && URL.canParse(home) ? home : root.origin,
  };
  const found = await loadPublicMenus(
    {
      async read(route, query) {
        const reading = await examination.read(route, query);
        hasFailed ||= isFailed(reading);
        if (reading.status === 200) return { body: reading.json };
        throw new UpstreamError('UPSTREAM_FORBIDDEN', reading.outcome);
      },
      async readPage(method, target) {
        const reading = await examination.visit(target, method);
        hasFailed ||= isFailed(reading);
        const { status, headers, text } = reading;
        return { status: status ?? 0, headers, body: text };
      },
    },
    site,
    menuLocations,
  );
  return hasFailed ? null : found;
}
