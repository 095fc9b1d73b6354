// Owns plain text: what is left of HTML for a title or a description.

import { Parser } from 'htmlparser2';

/** Elements whose text is not the text of the content. */
const silent = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg']);

/** Elements that stand within a word or sentence; all others part their neighbours. */
const inline = new Set(['a', 'abbr', 'b', 'bdi', 'bdo', 'cite', 'code', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd']);
for (const name of ['mark', 'q', 's', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'u', 'var', 'wbr']) {
  inline.add(name);
}

/** More is never read of one text: it is for a title or a few sentences. */
const maxHtmlLength = 20_000;

/** So much is enough for a description, its ellipsis included. */
export const describedLength = 400;

const pieceLength = 2000;

/**
 * The text of HTML: no tags, no entities, no runs of white space, no "Continue reading" of themes. Where its beginning is
 * enough, no more is read than gives so many characters.
 */
export function toPlainText(html: string, enough = Number.POSITIVE_INFINITY): string {
  let text = '';
  let depth = 0;
  let silentFrom = 0;
  const parser = new Parser({
    onopentag(name, { class: classes = '' }) {
      depth += 1;
      if (silentFrom === 0 && (silent.has(name) || /(^|\s)more-link(\s|$)/.test(classes))) silentFrom = depth;
      if (!inline.has(name)) text += ' ';
    },
    onclosetag(name) {
      if (depth === silentFrom) silentFrom = 0;
      depth -= 1;
      if (!inline.has(name)) text += ' ';
    },
    ontext(part) {
      if (silentFrom === 0) text += part;
    },
  });
  const end = Math.min(html.length, maxHtmlLength);
  for (let start = 0; start < end && collapse(text).length < enough; start += pieceLength) {
    parser.write(html.slice(start, Math.min(start + pieceLength, end)));
  }
  parser.end();
  return collapse(text);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const words = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * The beginning of a text as a description: whole words, and an ellipsis where more follows. WordPress ends the excerpts
 * that it makes itself with an ellipsis as well.
 */
export function toDescription(text: string, maxLength = 160): string {
  const whole = text.replace(/(?<!\s)\s*(?:\[(?:…|\.\.\.)\]|…)$/, '');
  const isCut = whole !== text;
  if (whole.length + (isCut ? 1 : 0) <= maxLength) return isCut && whole !== '' ? `${whole}…` : whole;
  let end = 0;
  for (const { index, segment, isWordLike } of words.segment(whole.slice(0, maxLength + 50))) {
    const next = index + segment.length;
    if (next > maxLength - 1) break;
    if (isWordLike) end = next;
  }
  // One word without an end, such as an address: cut anywhere but within a character.
  if (end === 0) end = maxLength - 1 - (/[\ud800-\udbff]$/.test(whole.slice(0, maxLength - 1)) ? 1 : 0);
  return `${whole.slice(0, end)}…`;
}
