// Owns the head of a page, in the words that Yoast SEO has for it in REST: `yoast_head_json` and `yoast_head`.

import { decodeHTMLStrict } from 'entities';
import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import { readList, readString, readValue } from '../read.ts';

/** Where a head comes from, with what each name means. */
export const sourceNames = {
  YOAST: 'Yoast SEO',
  RANK_MATH: 'Rank Math',
  AIOSEO: 'All in One SEO',
  SEOPRESS: 'SEOPress',
  DERIVED: 'the content itself',
} as const;

/** One of {@link sourceNames}. */
export type SourceName = keyof typeof sourceNames;

/** What a source says of a page. Sources other than Yoast say it in Yoast's words: one set of readers serves all. */
export interface Head {
  readonly source: SourceName;
  /** `yoast_head_json` and `yoast_head`, as far as they were asked for. */
  readonly data: RestObject;
}

/** A field of `yoast_head_json`, or one of {@link wholeJson} and {@link wholeHtml}. */
export type HeadPart = string;

/** All of the metadata. */
export const wholeJson: HeadPart = 'yoast_head_json';

/** The metadata as HTML. */
export const wholeHtml: HeadPart = 'yoast_head';

/** Path of a part of a head. */
export function headPath(name: string): string {
  return `yoast_head_json.${name}`;
}

/** Whether a plugin gives metadata: it writes null or false for what is not public; an empty list is an empty object. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '';
}

/** A text as it is, or '' where there is none: WPGraphQL's add-on knows no null. */
export function readHeadString({ data }: Head, name: string): string {
  return readString(data, headPath(name)) ?? '';
}

/** A text as the add-on shows it: trimmed, without HTML entities. */
export function readHeadText(head: Head, name: string): string {
  return toShown(head, readHeadString(head, name));
}

/** Only Yoast's own texts have entities left. */
function toShown({ source }: Head, text: string): string {
  return source === 'YOAST' ? toPlainText(text) : text;
}

/** Strict, as PHP decodes: `&currency=` in a URL is no currency sign. */
function toPlainText(text: string): string {
  return decodeHTMLStrict(text.replace(/^[ \t\n\r\v]+|(?<![ \t\n\r\v])[ \t\n\r\v]+$/g, ''));
}

/** An object in a head; PHP's empty list is an empty one, null is none. */
export function readHeadObject({ data }: Head, name: string): RestObject | null {
  const value = readValue(data, headPath(name));
  if (value === null || isRestObject(value)) return value;
  if (Array.isArray(value) && value.length === 0) return {};
  throw new FieldError(headPath(name), 'an object', value);
}

/** What a slack of the page is labelled with, such as "Written by: Ann". */
export interface LabelledValue {
  readonly label: string;
  readonly value: string;
}

/** Labels and their values, in their order; the labels are in the language of the site. */
export function readTwitterMisc(head: Head): LabelledValue[] {
  return Object.entries(readHeadObject(head, 'twitter_misc') ?? {}).map(([label, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new FieldError(headPath(`twitter_misc["${label}"]`), 'a string', value);
    }
    return { label, value: toShown(head, String(value)) };
  });
}

/**
 * Minutes from a value such as "3 minutes", or null. Label and words are in the language of the site, so the label
 * cannot be relied on: it is the last value with one number and a word that is not the name of the author.
 */
export function readReadingTime(head: Head): number | null {
  const misc = readTwitterMisc(head);
  const author = readHeadText(head, 'author');
  const known = misc.find(({ label }) => label === 'Est. reading time');
  const candidates = known ? [known] : misc.filter(({ value }) => value !== author).reverse();
  for (const { value } of candidates) {
    const minutes = /^\D*(\d+)\D*$/u.exec(value)?.[1];
    if (minutes !== undefined && /\p{L}/u.test(value)) return Number(minutes);
  }
  return null;
}

/** The images for Open Graph, as REST objects. */
export function readOpengraphImages({ data }: Head): RestObject[] {
  return readList(data, headPath('og_image')).map((image) => {
    if (isRestObject(image)) return image;
    if (typeof image === 'string') return { url: image };
    throw new FieldError(headPath('og_image'), 'a list of objects', image);
  });
}
