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
