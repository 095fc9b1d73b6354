// Owns what of a purge is gone: must not be shown any more, not even while WordPress fails.

import type { Gone } from '../cache/old.ts';
import { type Edit, isShownAfter } from './facts.ts';

const entityTag = /^(?:post|term|user|comment):\d+$/;

/**
 * Tags of what is gone. An entity is not where WordPress showed it after the change; of what nobody has looked at, or all of
 * a type, anything may be.
 */
export function goneOf(tags: readonly string[] | null, edits: readonly Edit[] | null): Gone {
  if (tags === null || edits === null) return 'all';
  const gone = new Map<string, 'absent' | 'doubtful'>();
  for (const tag of tags.filter((tag) => entityTag.test(tag))) {
    const own = edits.filter(({ entity }) => entity === tag);
    if (own.length > 0 && own.every(({ after }) => after === null)) gone.set(tag, 'absent');
    else if (own.length === 0 || !own.every(isShownAfter)) gone.set(tag, 'doubtful');
  }
  return gone;
}

/** What another process told of it; all where that is of another form. */
export function parseGone(told: unknown): Gone {
  if (!Array.isArray(told)) return 'all';
  const gone = new Map<string, 'absent' | 'doubtful'>();
  for (const entry of told) {
    const [tag, how]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof tag !== 'string' || (how !== 'absent' && how !== 'doubtful')) return 'all';
    gone.set(tag, how);
  }
  return gone;
}
