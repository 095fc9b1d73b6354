// Owns reading of what Yoast SEO adds to a REST object: `yoast_head_json` and `yoast_head`.

import { decodeHTMLStrict } from 'entities';
import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import { readList, readString, readValue } from '../read.ts';

/** Path of a field of Yoast's metadata. */
export function yoastPath(name: string): string {
  return `yoast_head_json.${name}`;
}

/** Whether Yoast says anything of an entity of which at least one of its fields has been asked for. */
export function hasYoast({ data }: Entity): boolean {
  return isGiven(data['yoast_head_json']) || isGiven(data['yoast_head']);
}

/** WordPress writes null, and PHP false, for metadata of what is not public. An empty list is an empty object. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '';
}

/** A text as it is, or '' where there is none: WPGraphQL's add-on knows no null. */
export function readYoastString({ data }: Entity, name: string): string {
  return readString(data, yoastPath(name)) ?? '';
}

/** A text as the add-on shows it: trimmed, without HTML entities. */
export function readYoastText(entity: Entity, name: string): string {
  return toPlainText(readYoastString(entity, name));
}

/** Strict, as PHP decodes: `&currency=` in a URL is no currency sign. */
function toPlainText(text: string): string {
  return decodeHTMLStrict(text.replace(/^[ \t\n\r\v]+|[ \t\n\r\v]+$/g, ''));
}

/** An object in Yoast's metadata; PHP's empty list is an empty one, null is none. */
export function readYoastObject({ data }: Entity, name: string): RestObject | null {
  const value = readValue(data, yoastPath(name));
  if (value === null || isRestObject(value)) return value;
  if (Array.isArray(value) && value.length === 0) return {};
  throw new FieldError(yoastPath(name), 'an object', value);
}

/** What a slack of the page is labelled with, such as "Written by: Ann". */
export interface LabelledValue {
  readonly label: string;
  readonly value: string;
}

/** Yoast's labels and their values, in its order; the labels are in the language of the site. */
export function readTwitterMisc(entity: Entity): LabelledValue[] {
  return Object.entries(readYoastObject(entity, 'twitter_misc') ?? {}).map(([label, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new FieldError(yoastPath(`twitter_misc["${label}"]`), 'a string', value);
    }
    return { label, value: toPlainText(String(value)) };
  });
}

/**
 * Minutes from a value such as "3 minutes", or null. Label and words are in the language of the site, so the label
 * cannot be relied on: it is the last value with one number and a word that is not the name of the author.
 */
export function readReadingTime(entity: Entity): number | null {
  const misc = readTwitterMisc(entity);
  const author = readYoastText(entity, 'author');
  const known = misc.find(({ label }) => label === 'Est. reading time');
  const candidates = known ? [known] : misc.filter(({ value }) => value !== author).reverse();
  for (const { value } of candidates) {
    const minutes = /^\D*(\d+)\D*$/u.exec(value)?.[1];
    if (minutes !== undefined && /\p{L}/u.test(value)) return Number(minutes);
  }
  return null;
}

/** The images of an entity for Open Graph, as REST objects. */
export function readOpengraphImages({ data }: Entity): RestObject[] {
  return readList(data, yoastPath('og_image')).map((image) => {
    if (isRestObject(image)) return image;
    if (typeof image === 'string') return { url: image };
    throw new FieldError(yoastPath('og_image'), 'a list of objects', image);
  });
}
