// Owns whether something that another process sent is a change.

import type { Change } from './change-stream.ts';

/** Whether a value is a change; another release may run in the other process. */
export function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false;
  if (!('type' in value && 'id' in value && 'action' in value && 'tags' in value)) return false;
  const { type, id, action, tags } = value;
  return (
    (type === null || typeof type === 'string') &&
    (id === null || typeof id === 'number') &&
    (action === 'created' || action === 'updated' || action === 'deleted') &&
    (tags === null || (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) &&
    (!('uri' in value) || typeof value.uri === 'string')
  );
}
