// Owns the check of headers that WordPress sends and hosts like to strip.

import { type Examination, toRows } from '../examination.ts';
import { defineCheck, type Finding } from '../finding.ts';
import { leanPosts } from './speed.ts';

/** Totals of lists, and routes of pages. */
export const headersCheck = defineCheck({
  meanings: {
    'headers-ok': { severity: 'ok', consequence: 'Totals and addresses cost nothing extra.', remedy: null },
    'totals-missing': {
      severity: 'warning',
      consequence: 'pageInfo { total } is null, and the ends of lists are found by one request more.',
      remedy: 'Let the proxy or the host pass the headers X-WP-Total and X-WP-TotalPages.',
    },
    'page-route-missing': {
      severity: 'note',
      consequence:
        'nodeByUri and lookups by uri guess from the path what a page is, with more requests and no certainty.',
      remedy: 'Find what takes away the Link header of pages: a page cache, a plugin or a proxy.',
    },
  },
  async run(examination, found) {
    const list = await leanPosts(examination);
    if (list.status !== 200) return [];
    const findings: Finding[] = [];
    if (!list.headers.has('x-wp-total')) findings.push(found('totals-missing', `${list.label} has no X-WP-Total.`));
    const path = pathOfPost(examination, list.json);
    if (path !== null) {
      const page = await examination.visit(path, 'HEAD');
      const isTold = (page.headers.get('link') ?? '')
        .split(',')
        .some((link) => /rel="?alternate"?/i.test(link) && /application\/json/i.test(link));
      if (page.status === 200 && !isTold) {
        findings.push(found('page-route-missing', `The page ${path} does not say which REST route shows it.`));
      }
    }
    return findings.length > 0 ? findings : [found('headers-ok', 'X-WP-Total and Link are sent.')];
  },
});

function pathOfPost({ root }: Examination, json: unknown): string | null {
  if (root.style === 'wordpress.com') return null;
  const [post] = toRows(json);
  const link = post?.['link'];
  if (typeof link !== 'string' || !URL.canParse(link)) return null;
  const { pathname, search } = new URL(link);
  return pathname + search;
}
