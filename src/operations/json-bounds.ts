// Owns how deep JSON may be nested: what reads it may recurse.

import type { Limits } from '../limits.ts';

/** Throws a `LimitError` where a value is nested deeper than the limit; `within` are levels that it stands in already. */
export function checkDepth(value: unknown, limits: Limits, within = 0): void {
  limits.check('jsonDepth', within + depthOf(value, limits.max('jsonDepth') + 1));
}

/** How deep a value is nested; it is not looked at beyond `most`. */
function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || most === 0) return 0;
  let depth = 0;
  for (const child of Object.values(value)) depth = Math.max(depth, depthOf(child, most - 1));
  return 1 + depth;
}
