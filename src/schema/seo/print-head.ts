// Owns printing of a head as HTML, for sources that give none.

import { escapeUTF8 } from 'entities';
import type { RestObject } from '../../cache/fields-record.ts';
import { toList } from './graph.ts';
import { metaNames } from './page-metadata.ts';

/** The tags of a head in Yoast's words, one a line. */
export function printHead(json: RestObject): string {
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  const lines: string[] = [`<title>${escapeUTF8(text(json['title']))}</title>`];
  const meta = (name: string, value: unknown) => {
    const key = /^(?:og|article):/.test(name) ? 'property' : 'name';
    if (text(value) !== '') lines.push(`<meta ${key}="${name}" content="${escapeUTF8(text(value))}" />`);
  };
  meta('robots', Object.values(Object(json['robots'])).map(text).join(', '));
  if (text(json['canonical'])) lines.push(`<link rel="canonical" href="${escapeUTF8(text(json['canonical']))}" />`);
  for (const [part, name] of Object.entries(metaNames)) meta(name, json[part]);
  for (const image of toList(json['og_image']).map(Object)) {
    meta('og:image', image['url']);
    for (const detail of ['width', 'height', 'type', 'alt']) meta(`og:image:${detail}`, image[detail]);
  }
  if (json['schema']) {
    // Nothing in the JSON may end the script.
    const script = JSON.stringify(json['schema']).replaceAll('<', '\\u003c');
    lines.push(`<script type="application/ld+json">${script}</script>`);
  }
  return lines.join('\n');
}
