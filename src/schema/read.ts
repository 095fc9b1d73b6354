// Owns reading of REST objects: every field may be missing or of another type than it should be.

import { decodeHTMLStrict } from 'entities';
import { FieldError } from '../errors.ts';

/** Whether a value is an object with fields, be it of JSON or an input of GraphQL. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or null. Throws only where a value on the way is neither an object nor missing. */
export function readValue(data: unknown, path: string): unknown {
  let value: unknown = data;
  let from = 0;
  // Without an array of names: this runs for every field of every entity.
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', from)) {
    value = memberOf(value, path.slice(from, dot), path);
    from = dot + 1;
  }
  return memberOf(value, from === 0 ? path : path.slice(from), path);
}

function memberOf(value: unknown, name: string, path: string): unknown {
  // PHP writes an empty object as `[]`.
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  if (!isObject(value)) throw new FieldError(path, 'an object', value);
  return Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

/** A string, or null where there is none. Numbers become text, as PHP's own clients would read them. */
export function readString(data: unknown, path: string): string | null {
  const value = readValue(data, path);
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new FieldError(path, 'a string', value);
}

/** A time as WordPress writes it; a number is none. */
export function readTime(data: unknown, path: string): string | null {
  const value = readValue(data, path);
  if (value === null || typeof value === 'string') return value;
  throw new FieldError(path, 'a time', value);
}

/** A string with HTML entities decoded. */
export function readText(data: unknown, path: string): string | null {
  const value = readString(data, path);
  return value === null ? null : decodeText(value);
}

/** Text without HTML entities. */
export function decodeText(value: string): string {
  return value.includes('&') ? decodeHTMLStrict(value) : value;
}

/** An integer, or null; WordPress and its plugins also write them as strings, and write '' for none. */
export function readInt(data: unknown, path: string): number | null {
  const value = readNumber(data, path);
  if (value === null || Number.isSafeInteger(value)) return value;
  throw new FieldError(path, 'an integer', value);
}

/** A number, or null. */
export function readNumber(data: unknown, path: string): number | null {
  const value = readValue(data, path);
  if (value === null || value === '') return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new FieldError(path, 'a number', value);
}

/** A positive id, or null: WordPress writes 0 for none. */
export function readId(data: unknown, path: string): number | null {
  const id = readInt(data, path);
  return id !== null && id > 0 ? id : null;
}

/** A boolean, or null. */
export function readBoolean(data: unknown, path: string): boolean | null {
  const value = readValue(data, path);
  if (value === null || typeof value === 'boolean') return value;
  throw new FieldError(path, 'a boolean', value);
}

/** A list, or an empty one where there is none. */
export function readList(data: unknown, path: string): readonly unknown[] {
  const value = readValue(data, path);
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new FieldError(path, 'a list', value);
}

/** The positive ids of a list; what is no id is left out. */
export function readIds(data: unknown, path: string): number[] {
  return readList(data, path)
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0);
}
