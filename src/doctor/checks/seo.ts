// Owns the check of SEO metadata: which plugin gives it, and whether it gives it in REST.

import { readIndex, toRecord, toRows } from '../examination.ts';
import { defineCheck } from '../finding.ts';

/** The plugins that the gateway reads, by the namespace of their routes. */
const plugins: Readonly<Record<string, string>> = {
  'yoast/v1': 'Yoast SEO',
  'rankmath/v1': 'Rank Math',
  'aioseo/v1': 'All in One SEO',
  'seopress/v1': 'SEOPress',
};

/** Where `seo` comes from. */
export const seoCheck = defineCheck({
  atStart: true,
  meanings: {
    'seo-plugin': { severity: 'ok', consequence: 'seo is what the plugin gives.', remedy: null },
    'seo-none': {
      severity: 'note',
      consequence: 'seo is made of titles, excerpts and pictures.',
      remedy: 'Install an SEO plugin that has a REST API, such as Yoast SEO, if that is not enough.',
    },
    'yoast-head-off': {
      severity: 'warning',
      consequence: 'seo is made of titles, excerpts and pictures, although the site has Yoast SEO.',
      remedy: 'Switch on "REST API: Head endpoint" in Yoast SEO: Settings → Site features → APIs.',
    },
  },
  async run(examination, found) {
    const { namespaces } = await readIndex(examination);
    const present = Object.keys(plugins).filter((name) => Array.isArray(namespaces) && namespaces.includes(name));
    const names = present.map((name) => plugins[name]).join(', ');
    if (present.length === 0) return [found('seo-none', 'No SEO plugin is in REST.')];
    if (present.includes('yoast/v1')) {
      const query = { per_page: 1, _fields: ['id', 'yoast_head_json.title'] };
      const [post] = toRows((await examination.read('wp/v2/posts', query)).json);
      if (post && toRecord(post['yoast_head_json'])['title'] === undefined) {
        return [found('yoast-head-off', 'Yoast SEO is there, but its metadata is not in REST.')];
      }
    }
    return [found('seo-plugin', `SEO metadata comes from ${names}.`)];
  },
});
