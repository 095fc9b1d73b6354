// Owns finding out whether what is known of a type is what WordPress shows, where one that came hides one that went.

import type { RestObject } from '../cache/fields-record.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { Edit } from './facts.ts';
import { idOf, type Rows } from './read-rows.ts';
import type { TypeState } from './type-state.ts';

/**
 * Compares a page of the list by modification, the latest first, with what is known, and reads anew what is not the same:
 * what is published with a date of before has no newer modification, and leaves the total as it was where something else
 * was unpublished meanwhile.
 */
export async function verifyPage({ known, reread }: TypeState, { rows, total }: Rows, page: number): Promise<Edit[]> {
  const shown = new Set(rows.map(idOf));
  const [first, last] = [rows[0], rows.at(-1)];
  if (!known.isComplete || !first || !last) return [];
  const isLast = total !== null && page * maxPerPage >= total;
  const [from, to] = [modifiedOf(first), isLast ? '' : modifiedOf(last)];
  const ids = [...shown].filter((id) => id > 0 && !known.facts.has(id));
  for (const [id, { modified_gmt: modified }] of known.facts) {
    // Ties at the end of a page may be on the next one.
    const isHere = typeof modified === 'string' && modified <= from && modified > to;
    if (isHere && !shown.has(id)) ids.push(id);
  }
  return reread(ids);
}

function modifiedOf(row: RestObject): string {
  return String(row['modified_gmt'] ?? '');
}
