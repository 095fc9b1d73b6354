// Owns reading the sitemaps of a site: the addresses that it wants to be found by.

import { Parser } from 'htmlparser2';
import type { PageAnswer, Site } from './rest.ts';
import { withoutEndSlashes } from './url.ts';

/** Reads a page of the site. */
export type ReadSitemap = (target: string) => Promise<PageAnswer>;

/** Where plugins and WordPress itself (5.5) have theirs. */
const usualPlaces = ['sitemap_index.xml', 'wp-sitemap.xml', 'sitemap.xml'];
const maxSitemaps = 500;
/** A sitemap nests five; the parser's time grows with the square of it. */
const maxDepth = 64;
const chunkLength = 16 * 1024;

/** The paths of all pages in the sitemaps, in their order, at most so many; empty where the site has no sitemap. */
export async function readSitemaps(read: ReadSitemap, site: Site, maxAddresses: number): Promise<string[]> {
  const home = new URL(site.home);
  const base = withoutEndSlashes(home.pathname);
  const paths = new Set<string>();
  const seen = new Set<string>();
  const waiting: string[] = [];
  for (const place of usualPlaces) {
    const found = await readOne(`${base}/${place}`);
    if (found) break;
  }
  while (waiting.length > 0 && seen.size < maxSitemaps && paths.size < maxAddresses) {
    const target = waiting.shift();
    if (target !== undefined) await readOne(target);
  }
  return [...paths].slice(0, maxAddresses);

  /** Takes in one sitemap, or the list of others that it is. */
  async function readOne(target: string): Promise<boolean> {
    if (seen.has(target)) return true;
    seen.add(target);
    const answer = await follow(target);
    if (answer?.status !== 200) return false;
    const { pages, sitemaps } = parseSitemap(answer.body);
    for (const url of sitemaps) waiting.push(...targetOf(url, (path) => path));
    for (const url of pages) for (const path of targetOf(url, (own) => own.slice(base.length) || '/')) paths.add(path);
    return pages.length + sitemaps.length > 0;
  }

  async function follow(target: string): Promise<PageAnswer | undefined> {
    const answer = await read(target);
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
    const [next] = targetOf(location, (path) => path);
    return next === undefined || next === target ? undefined : read(next);
  }

  /** Of this site only. */
  function targetOf(url: string, toOwn: (path: string) => string): string[] {
    if (!URL.canParse(url, site.home)) return [];
    const { host, pathname, search } = new URL(url, site.home);
    return host === home.host && pathname.startsWith(base) ? [toOwn(pathname) + search] : [];
  }
}

function parseSitemap(xml: string): { readonly pages: readonly string[]; readonly sitemaps: readonly string[] } {
  const pages: string[] = [];
  const sitemaps: string[] = [];
  let within: string[] | undefined;
  let text: string | undefined;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name) {
        depth += 1;
        if (name === 'url') within = pages;
        else if (name === 'sitemap') within = sitemaps;
        else if (name === 'loc') text = '';
      },
      ontext(part) {
        if (text !== undefined) text += part;
      },
      onclosetag(name) {
        depth -= 1;
        if (name === 'loc' && text?.trim()) within?.push(text.trim());
        if (name === 'loc') text = undefined;
        if (name === 'url' || name === 'sitemap') within = undefined;
      },
    },
    { xmlMode: true },
  );
  for (let start = 0; start < xml.length && depth <= maxDepth; start += chunkLength) {
    parser.write(xml.slice(start, start + chunkLength));
  }
  parser.end();
  return { pages, sitemaps };
}
