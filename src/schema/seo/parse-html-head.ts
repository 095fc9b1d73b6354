// Owns reading of the HTML that SEO plugins write into the head of a page.

import { Parser } from 'htmlparser2';
import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { toList } from './graph.ts';
import type { PageMetadata } from './page-metadata.ts';

/** More than any plugin writes; what follows is not read. */
const maxHtmlLength = 500_000;
/** Nothing in a head nests, and the parser's time grows with the square of the depth. */
const maxDepth = 512;
const chunkLength = 16 * 1024;

/** What the HTML of a head says; of tags that must stand once, the first one counts. */
export function parseHtmlHead(html: string): PageMetadata {
  const metas: [name: string, content: string][] = [];
  const links = new Map<string, string>();
  const scripts: string[] = [];
  let title: string | undefined;
  // Where the text that comes next belongs to.
  let reading: 'title' | 'script' | null = null;
  let text = '';
  let depth = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      depth += 1;
      if (name === 'meta') {
        const key = (attributes['property'] ?? attributes['name'] ?? '').trim().toLowerCase();
        if (key !== '') metas.push([key, trim(attributes['content'] ?? '')]);
      } else if (name === 'link') {
        for (const rel of (attributes['rel'] ?? '').toLowerCase().split(/\s+/)) {
          if (!links.has(rel)) links.set(rel, trim(attributes['href'] ?? ''));
        }
      } else if (name === 'title') {
        reading = 'title';
      } else if (name === 'script' && attributes['type']?.trim().toLowerCase() === 'application/ld+json') {
        reading = 'script';
      }
      text = '';
    },
    ontext(part) {
      if (reading) text += part;
    },
    onclosetag() {
      depth -= 1;
      if (reading === 'title') title ??= trim(text);
      if (reading === 'script') scripts.push(text);
      reading = null;
    },
  });
  const end = Math.min(html.length, maxHtmlLength);
  for (let start = 0; start < end && depth <= maxDepth; start += chunkLength) {
    parser.write(html.slice(start, Math.min(end, start + chunkLength)));
  }
  parser.end();
  return {
    title,
    canonical: links.get('canonical'),
    prev: links.get('prev'),
    next: links.get('next'),
    metas,
    schema: mergeSchemas(scripts.flatMap(toSchema)),
  };
}

function trim(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function toSchema(script: string): RestObject[] {
  try {
    const value: unknown = JSON.parse(script);
    return toList(value).filter(isRestObject);
  } catch {
    return [];
  }
}

/** One graph of all that is in a page. */
function mergeSchemas([first, ...others]: readonly RestObject[]): RestObject | undefined {
  if (!first || others.length === 0) return first;
  const graph = [first, ...others].flatMap(({ '@context': _, ...schema }) => toList(schema['@graph'] ?? schema));
  return { '@context': first['@context'] ?? 'https://schema.org', '@graph': graph };
}
