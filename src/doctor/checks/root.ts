// Owns the check of where the REST API is, and of the name by which the site knows itself.

import { readIndex } from '../examination.ts';
import { defineCheck } from '../finding.ts';

const clues = {
  address: 'by the address itself',
  link: 'by what the site says of itself (Link header or page)',
  usual: 'by trying the usual places',
};

/** Where the REST API is. */
export const rootCheck = defineCheck({
  atStart: true,
  meanings: {
    'rest-root': { severity: 'ok', consequence: 'The gateway reads everything from there.', remedy: null },
    'rest-unannounced': {
      severity: 'note',
      consequence: 'Each start takes some requests more, and addresses of pages are found by guessing.',
      remedy:
        'Find what takes away the Link header of rel="https://api.w.org/": a plugin, the theme or a proxy. Or give the address of the REST API itself.',
    },
    'other-home': {
      severity: 'note',
      consequence: 'Addresses in content, menus and SEO begin with that name, not with the one the gateway reads from.',
      remedy: 'Nothing, if this is meant. Else change the addresses in WordPress: Settings → General.',
    },
  },
  async run(examination, found) {
    const { root, clue } = examination;
    const where = `${root.origin}${root.path}${root.style === 'query' ? '?rest_route=/' : ''}`;
    const findings = [found('rest-root', `The REST API is at ${where}, found ${clues[clue]}.`)];
    if (clue === 'usual') findings.push(found('rest-unannounced', 'No page says where the REST API is.'));
    const { home } = await readIndex(examination);
    if (root.style !== 'wordpress.com' && typeof home === 'string' && URL.canParse(home)) {
      const { host } = new URL(home);
      if (host !== new URL(root.origin).host) {
        findings.push(found('other-home', `The site knows itself as ${host}, and is read from ${root.origin}.`));
      }
    }
    return findings;
  },
});
