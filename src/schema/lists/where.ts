// Owns reading of `where` arguments: typed access to an input object whose every field may be missing or null.

import { onceForLists } from '../../long-lists.ts';
import { maxTargetLength, tooLongToAsk } from '../../wordpress/url.ts';
import { isObject } from '../read.ts';

/** A `where` argument. */
export interface Where {
  /** The value as it is; null where it is not given. */
  value(name: string): unknown;
  /** A non-empty text; throws where it is longer than any address that it could be part of. */
  text(name: string): string | null;
  number(name: string): number | null;
  /** A list without its nulls; null where it is not given. */
  list(name: string): readonly unknown[] | null;
}

const withoutNulls = onceForLists((list: readonly unknown[]) => list.filter((item) => item !== null));

/** Reads an input object; what is none has no fields. */
export function whereOf(given: unknown): Where {
  const value = (name: string): unknown => (isObject(given) ? (given[name] ?? null) : null);
  return {
    value,
    text: (name) => {
      const text = value(name);
      if (typeof text !== 'string' || text === '') return null;
      if (text.length > maxTargetLength) throw tooLongToAsk;
      return text;
    },
    number: (name) => {
      const number = value(name);
      return typeof number === 'number' ? number : null;
    },
    list: (name) => {
      const list = value(name);
      return Array.isArray(list) ? withoutNulls(list) : null;
    },
  };
}
