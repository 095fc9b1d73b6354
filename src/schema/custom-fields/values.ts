// Owns reading of custom fields by their shape: what is empty is null, what has another type is an error at its place.

import { isRestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import type { FieldShape } from '../../wordpress/field-shape.ts';

/** Makes the source of an object's own fields, of its value and where it is. */
export type ToSource = (value: unknown, path: string) => unknown;

/** The value of a field of an object; of anything that may stand for an empty one there is none. */
export function fieldValue(object: unknown, key: string, path: string): unknown {
  if (isEmpty(object)) return null;
  if (!isRestObject(object)) throw new FieldError(path, 'an object', object);
  return Object.hasOwn(object, key) ? object[key] : null;
}

/** A value by its shape. Throws a `FieldError` where it is of another one. */
export function readShape(value: unknown, shape: FieldShape, path: string, toSource: ToSource): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case 'json':
      return value;
    case 'text':
      return readText(value, path);
    case 'boolean':
      return readFlag(value, path);
    case 'int':
    case 'float':
      return readNumber(value, shape.kind, path);
    case 'media':
    case 'node':
      return toReferences(value, path)[0] ?? null;
    case 'object':
      if (isEmpty(value)) return null;
      if (!isRestObject(value)) throw new FieldError(path, 'an object', value);
      return toSource(value, path);
    case 'list':
      return readItems(value, shape, path, toSource);
  }
}

function readItems(value: unknown, { of }: FieldShape, path: string, toSource: ToSource): unknown {
  // ACF writes '' or false for none.
  if (value === '' || value === false) return null;
  if (typeof value !== 'object' || value === null) throw new FieldError(path, 'a list', value);
  // PHP makes an object of a list from which something was taken out.
  return Object.values(value).map((item, index) => {
    if (!of) return item;
    try {
      return readShape(item, of, `${path}.${index}`, toSource);
    } catch (error) {
      // An error in a list is the error of its place: the other items stand.
      if (error instanceof FieldError) return error;
      throw error;
    }
  });
}

function readText(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value === false) return null;
  throw new FieldError(path, 'a string', value);
}

/** WordPress stores everything as text, and not everything that passes it on restores the type. */
function readFlag(value: unknown, path: string): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1') return true;
  if (value === 0 || value === '0' || value === '') return false;
  throw new FieldError(path, 'a boolean', value);
}

function readNumber(value: unknown, kind: 'int' | 'float', path: string): number | null {
  if (value === '' || value === false) return null;
  const number = typeof value === 'string' ? Number(value) : value;
  const isWanted = typeof number === 'number' && Number.isFinite(number);
  // GraphQL's Int has 32 bits.
  if (isWanted && (kind === 'float' || (Number.isInteger(number) && (number | 0) === number))) return number;
  throw new FieldError(path, kind === 'int' ? 'an integer of 32 bits' : 'a number', value);
}

/** The ids that a field refers by. ACF gives an id or a list of them, or the objects themselves where a site wants that. */
export function toReferences(value: unknown, path: string): number[] {
  if (isEmpty(value)) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => {
    const id = Number(isRestObject(item) ? (item['ID'] ?? item['id']) : item);
    if (Number.isSafeInteger(id) && id > 0 && typeof item !== 'boolean') return id;
    throw new FieldError(path, 'the id of an object', item);
  });
}

/** PHP and ACF write what is empty in many ways. */
function isEmpty(value: unknown): boolean {
  const isNothing = value === null || value === undefined || value === '' || value === false || value === 0;
  return isNothing || (Array.isArray(value) && value.length === 0);
}
