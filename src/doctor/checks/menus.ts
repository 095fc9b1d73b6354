// Owns the check of menus: which of the sources the gateway would take.

import { UpstreamError } from '../../errors.ts';
import { loadPublicMenus } from '../../wordpress/public-menus.ts';
import type { Site } from '../../wordpress/rest.ts';
import { type Examination, readIndex, toRecord } from '../examination.ts';
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
      const { status, json } = await examination.read('wp/v2/menu-locations', {}, true);
      const names = Object.keys(toRecord(json));
      if (status === 200) {
        return [
          found(
            'menus-account',
            `Menus are read with the gateway’s own user (locations: ${names.join(', ') || 'none'}).`,
          ),
        ];
      }
    }
    const { source, menus } = await loadMenus(examination);
    const what = menus.map(({ name, items }) => `${name || 'unnamed'} with ${items.length} items`).join(', ');
    if (source === 'navigation') return [found('menus-navigation', `Menus come from navigation blocks: ${what}.`)];
    if (source === 'page') return [found('menus-page', `Menus come from the front page: ${what}.`)];
    return [found('menus-none', 'No menu is shown: none in navigation blocks, none in the front page.')];
  },
});

async function loadMenus(examination: Examination) {
  const { root, menuLocations } = examination;
  const { home } = await readIndex(examination);
  const site: Pick<Site, 'root' | 'home'> = {
    root,
    home: typeof home === 'string' && URL.canParse(home) ? home : root.origin,
  };
  return loadPublicMenus(
    {
      async read(route, query) {
        const { status, json, outcome } = await examination.read(route, query);
        if (status === 200) return { body: json };
        throw new UpstreamError('UPSTREAM_FORBIDDEN', outcome);
      },
      async readPage(method, target) {
        const { status, headers, text } = await examination.visit(target, method);
        return { status: status ?? 0, headers, body: text };
      },
    },
    site,
    menuLocations,
  );
}
