// Owns telling of a write that went through the gateway as a change like any other.

import { toUri } from '../loaders/lookup.ts';
import type { Written } from '../loaders/write.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Change } from './change-stream.ts';

/** Stati of what the public sees. */
const shown = new Set(['publish', 'inherit', 'approved', 'approve']);

/**
 * The change that a write was; null for one of something that the public never saw, such as a new draft, and where
 * WordPress did not tell what it wrote.
 */
export function toWrittenChange(
  { method, route, row }: Written,
  tags: readonly string[],
  site: Site,
  resources: Resources,
): Change | null {
  if (!row) return null;
  const [, base = route, given] = /^(.*?)(?:\/(\d+))?$/.exec(route) ?? [];
  const resource = [...resources.values()].find((known) => known.route === base);
  if (!resource) return null;
  const previous = row['previous'];
  const told = method === 'DELETE' && typeof previous === 'object' && previous !== null ? { ...previous } : row;
  const { status, link, id = given }: { status?: unknown; link?: unknown; id?: unknown } = told;
  const isShown = method !== 'DELETE' && (typeof status !== 'string' || shown.has(status));
  if (!isShown && given === undefined) return null;
  const uri = isShown && typeof link === 'string' ? toUri(site, link) : null;
  const number = Number(id);
  return {
    type: resource.typeName,
    id: Number.isSafeInteger(number) && number > 0 ? number : null,
    action: !isShown ? 'deleted' : given === undefined ? 'created' : 'updated',
    tags,
    source: 'write',
    ...(uri === null ? {} : { uri }),
  };
}
