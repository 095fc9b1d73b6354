// Owns reading of `where` arguments: typed access to an input object whose every field may be missing or null.

import { isObject } from '../read.ts';

/** A `where` argument. */
export interface Where {
  /** The value as it is; null where it is not given. */
  value(name: string): unknown;
  /** A non-empty text. */
  text(name: string): string | null;
  number(name: string): number | null;
  /** A list without its nulls; null where it is not given. */
  list(name: string): readonly unknown[] | null;
}

/** Reads an input object; what is none has no fields. */
export function whereOf(given: unknown): Where {
  const value = (name: string): unknown => (isObject(given) ? (given[name] ?? null) : null);
  return {
    value,
    text: (name) => {
      const text = value(name);
      return typeof text === 'string' && text !== '' ? text : null;
    },
    number: (name) => {
      const number = value(name);
      return typeof number === 'number' ? number : null;
    },
    list: (name) => {
      const list = value(name);
      return Array.isArray(list) ? list.filter((item) => item !== null) : null;
    },
  };
}
