// Owns reading of `where` arguments: typed access to an input object whose every field may be missing or null.

import { onceForLists, onceForObjects } from '../../long-lists.ts';
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
  /** The same as texts; empty where it is not given. */
  texts(name: string): readonly string[];
}

const withoutNulls = onceForObjects((list: readonly unknown[]) => list.filter((item) => item !== null));
const toTexts = onceForObjects((list: readonly unknown[]) => list.map(String));

/** One for all: what is made of a list is remembered by it. */
const none: readonly unknown[] = [];

/** Texts as a set. */
export const textSetOf = onceForLists((texts: readonly string[]): ReadonlySet<string> => new Set(texts));

/** Reads an input object; what is none has no fields. The same argument is the same one for all lists that have it. */
export function whereOf(given: unknown): Where {
  return isObject(given) ? read(given) : nothing;
}

const read = onceForObjects((given: Readonly<Record<string, unknown>>): Where => {
  const value = (name: string): unknown => given[name] ?? null;
  const list = (name: string) => {
    const items = value(name);
    return Array.isArray(items) ? withoutNulls(items) : null;
  };
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
    list,
    texts: (name) => toTexts(list(name) ?? none),
  };
});

const nothing = read({});
