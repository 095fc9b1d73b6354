// Owns the check of types and taxonomies that visitors see and REST does not show. Only sitemaps tell of them, if at all.

import { type Examination, isFailed, toRecord } from '../examination.ts';
import { defineCheck, type Finding } from '../finding.ts';

const remedy =
  'Register it with show_in_rest => true: in the settings of the plugin that makes it, or with the filter register_post_type_args or register_taxonomy_args.';

/** WordPress's own, which need no mention. */
const usual = new Set([
  'post',
  'page',
  'attachment',
  'category',
  'post_tag',
  'post_format',
  'nav_menu',
  'nav_menu_item',
]);

/** Sitemaps that list no content of one kind. */
const others = /^(?:author|users?|local|news|video|image|locations|addl|general|root)$/;

/** What there is to ask for. */
export const kindsCheck = defineCheck({
  atStart: true,
  meanings: {
    'kinds-shown': { severity: 'ok', consequence: 'Each has its type and its fields in the schema.', remedy: null },
    'type-not-in-rest': { severity: 'warning', consequence: 'The schema does not have it.', remedy },
    'taxonomy-not-in-rest': { severity: 'warning', consequence: 'The schema does not have it.', remedy },
    'kinds-unknown': {
      severity: 'ok',
      consequence: 'There may be types and taxonomies that are not in REST; nothing would tell.',
      remedy: null,
    },
    'types-closed': {
      severity: 'warning',
      consequence: 'Which types and taxonomies the site has is not known: the schema has WordPress’s own only.',
      remedy: 'Allow GET /wp/v2/types and /wp/v2/taxonomies in the security plugin or the firewall that closes them.',
    },
  },
  async run(examination, found) {
    const [types, taxonomies] = [await examination.read('wp/v2/types'), await examination.read('wp/v2/taxonomies')];
    const closed = [types, taxonomies].filter(({ status }) => status !== 200);
    if (closed.some(isFailed)) return [];
    if (closed.length > 0) {
      return [found('types-closed', closed.map(({ label, outcome }) => `${label}: ${outcome}`).join('; '))];
    }
    const shown = { types: Object.keys(toRecord(types.json)), taxonomies: Object.keys(toRecord(taxonomies.json)) };
    const custom = [...shown.types, ...shown.taxonomies].filter((name) => !usual.has(name) && !name.startsWith('wp_'));
    const findings: Finding[] = [
      found(
        'kinds-shown',
        custom.length > 0 ? `In REST: ${custom.join(', ')}.` : 'The site has no types of its own in REST.',
      ),
    ];
    const listed = await readSitemaps(examination);
    if (!listed) return [...findings, found('kinds-unknown', 'The site has no sitemap that names its types.')];
    const known = new Set([...shown.types, ...shown.taxonomies]);
    for (const { name, kind } of listed) {
      if (known.has(name) || usual.has(name)) continue;
      const noun = kind === 'taxonomy' ? 'taxonomy' : kind === 'type' ? 'type' : 'type or taxonomy';
      const id = kind === 'taxonomy' ? 'taxonomy-not-in-rest' : 'type-not-in-rest';
      findings.push(found(id, `The ${noun} "${name}" is in the sitemap, and not in REST.`));
    }
    return findings;
  },
});

interface Listed {
  readonly name: string;
  /** SEO plugins do not tell them apart. */
  readonly kind: 'type' | 'taxonomy' | 'either';
}

/** What the sitemaps list; null for none. */
async function readSitemaps(examination: Examination): Promise<readonly Listed[] | null> {
  const { root } = examination;
  if (root.style === 'wordpress.com') return null;
  const base = root.path.replace(/(?:index\.php\/)?(?<![^/])[^/]*\/?$/, '');
  for (const file of root.style === 'query' ? ['?sitemap=index'] : ['wp-sitemap.xml', 'sitemap_index.xml']) {
    const { status, text } = await examination.visit(`${base || '/'}${file}`);
    const listed = status === 200 ? parseSitemapIndex(text) : [];
    if (listed.length > 0) return listed;
  }
  return null;
}

/** `wp-sitemap-posts-book-1.xml` is of WordPress, `book-sitemap2.xml` of the SEO plugins. */
function parseSitemapIndex(text: string): Listed[] {
  const found = new Map<string, Listed>();
  for (const [, address = ''] of text.matchAll(/<loc>\s*([^<\s]+)\s*<\/loc>/g)) {
    const own =
      /\/wp-sitemap-(posts|taxonomies)-([\w-]+?)-\d+\.xml/.exec(address) ??
      /[?&](?:amp;|#038;)?sitemap=(posts|taxonomies).{0,200}?[;&]sitemap-subtype=([\w-]+)/.exec(address);
    const [, group, ownName] = own ?? [];
    const name = ownName ?? /\/([\w-]+?)-sitemap\d*\.xml/.exec(address)?.[1];
    if (name === undefined || others.test(name)) continue;
    found.set(name, { name, kind: group === undefined ? 'either' : group === 'posts' ? 'type' : 'taxonomy' });
  }
  return [...found.values()];
}
