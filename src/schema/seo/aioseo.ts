// Owns the source All in One SEO: each object of WordPress has its own head, under the names of the tags.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { decodeText } from '../read.ts';
import { toList } from './graph.ts';
import { isGiven, wholeHtml, wholeJson } from './head.ts';
import { metaNames, toHeadJson } from './page-metadata.ts';
import type { SeoSource } from './source.ts';

const jsonField = 'aioseo_head_json';
const htmlField = 'aioseo_head';

/** Members of `aioseo_head_json` by part, where it is not the one tag that the part is. */
const members: Readonly<Record<string, readonly string[]>> = {
  title: ['title'],
  canonical: ['canonical_url'],
  prev: ['prev'],
  next: ['next'],
  robots: ['robots'],
  schema: ['schema'],
  og_image: ['og:image', 'og:image:width', 'og:image:height', 'og:image:type', 'og:image:alt'],
  twitter_misc: [1, 2, 3, 4].flatMap((number) => [`twitter:label${number}`, `twitter:data${number}`]),
};

/** Heads in `aioseo_head_json` and `aioseo_head`; only the members that are wanted travel. */
export const aioseoSource: SeoSource = {
  needs: (parts) => (parts.length > 0 ? parts : ['title']).flatMap(needsOf),
  readHead: ({ data }) =>
    isGiven(data[jsonField]) || isGiven(data[htmlField])
      ? { source: 'AIOSEO', data: { yoast_head_json: toJson(data[jsonField]), yoast_head: toText(data[htmlField]) } }
      : null,
};

function needsOf(part: string): readonly string[] {
  if (part === wholeJson) return [jsonField];
  if (part === wholeHtml) return [htmlField];
  const names = members[part] ?? (metaNames[part] === undefined ? [] : [metaNames[part]]);
  return names.map((name) => `${jsonField}.${name}`);
}

function toJson(value: unknown): RestObject {
  const json = typeof value === 'string' ? parse(value) : value;
  const all = isRestObject(json) ? json : {};
  const metas = Object.entries(all).flatMap(([name, values]) =>
    toList(values).flatMap((content) => (toText(content) === '' ? [] : [[name, toText(content)] as const])),
  );
  return toHeadJson({
    title: toText(all['title']),
    canonical: toText(all['canonical_url']),
    prev: toText(all['prev']),
    next: toText(all['next']),
    metas,
    schema: isRestObject(all['schema']) ? all['schema'] : undefined,
  });
}

/** Some versions write the object as text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? decodeText(value).trim() : '';
}
