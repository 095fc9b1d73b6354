// Owns how deep JSON may be nested, since what reads it may recurse, how many values it may have, each of which costs, and
// which numbers.

import { UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/**
 * Counts the values in a value. Throws a `LimitError` where it is nested deeper, or has more of them; `within` are levels
 * it stands in already.
 * Throws a {@link UserError} for a number beyond what there is, such as `1e999`: written down again it would be null.
 */
export function checkValues(value: unknown, limits: Limits, within = 0): number {
  let values = 0;

  function visit(children: readonly unknown[], depth: number): void {
    limits.check('jsonDepth', depth);
    values += children.length;
    limits.check('jsonValues', values);
    for (const child of children) {
      if (typeof child === 'object' && child !== null) visit(Object.values(child), depth + 1);
      else if (typeof child === 'number' && !Number.isFinite(child)) throw new UserError('A number is too large.');
    }
  }

  visit([value], within);
  return values;
}

/**
 * Looks before it is parsed whether a text has more values as JSON than it may: parsing some texts takes longer than all
 * that is done with others, such as numbers in quotes in an older Node.js (CVE-2026-21717). Throws a `LimitError`.
 */
export function checkJson(text: string, limits: Limits): void {
  // Each takes a character, and a comma from the one before it.
  if (text.length >= 2 * limits.max('jsonValues')) limits.check('jsonValues', countCommas(text) + 1);
}

/** Those that stand between values. */
function countCommas(text: string): number {
  let commas = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) isInString = !isInString;
    else if (isInString && character === backslash) at += 1;
    else if (!isInString && character === comma) commas += 1;
  }
  return commas;
}

const [quote, backslash, comma] = ['"', '\\', ','].map((character) => character.charCodeAt(0));
