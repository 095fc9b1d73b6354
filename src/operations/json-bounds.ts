// Owns how deep JSON may be nested, since what reads it may recurse, and how many values it may have, each of which costs.

import type { Limits } from '../limits.ts';

/** Throws a `LimitError` where a value is nested deeper, or has more values in it; `within` are levels it stands in already. */
export function checkValues(value: unknown, limits: Limits, within = 0): void {
  let values = 0;

  function visit(children: readonly unknown[], depth: number): void {
    limits.check('jsonDepth', depth);
    values += children.length;
    limits.check('jsonValues', values);
    for (const child of children) {
      if (typeof child === 'object' && child !== null) visit(Object.values(child), depth + 1);
    }
  }

  visit([value], within);
}
