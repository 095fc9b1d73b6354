// Owns the headers by which CDNs purge an answer: its tags, in the words of each, within what headers may hold.

import { anyList } from '../cache/any-list.ts';

/** Headers with the tags of an answer, by name. */
export interface KeyHeaders {
  readonly 'x-graphql-keys': string;
  readonly 'surrogate-key': string;
  readonly 'cache-tag': string;
}

/** WPGraphQL's own bound of a header of keys; three of them and the rest fit the 16 kB that Node's clients take. */
const maxLength = 4000;
/** Clients name their operations, at any length: longer ones, in characters, are no key. */
const longestName = 250;

/** What the keys of an answer are made from. */
export interface Keyed {
  readonly tags: readonly string[];
  readonly documentId: string;
  readonly operationName: string | undefined;
}

/**
 * The headers. What does not fit is told by kind: `skipped:post` stands for all posts that are not named, and whoever
 * purges a post purges it as well (as WPGraphQL Smart Cache does).
 */
export function toKeyHeaders({ tags, documentId, operationName }: Keyed): KeyHeaders {
  const isNamed = operationName !== undefined && operationName.length <= longestName;
  const named = isNamed ? [`operation:${operationName}`] : [];
  // Nobody outside is told of it.
  const all = tags.filter((tag) => tag !== anyList).map((tag) => ({ kind: tag.slice(0, tag.indexOf(':')), name: tag }));
  const known = all.flatMap(({ kind, name }) => (isKey(kind, name) ? { kind, name: toKey(kind, name) } : []));
  const keys = fitInto(known, [documentId, 'graphql:Query', ...named]);
  const plain = fitInto(all, []);
  return { 'x-graphql-keys': keys.join(' '), 'surrogate-key': plain.join(' '), 'cache-tag': plain.join() };
}

interface Named {
  readonly kind: string;
  readonly name: string;
}

/** WPGraphQL knows entities and lists; what else takes part in an answer here has no name there. */
function isKey(kind: string, tag: string): boolean {
  return kind === 'list' || (entities.has(kind) && /^\d+$/.test(tag.slice(kind.length + 1)));
}

const entities: ReadonlySet<string> = new Set(['post', 'term', 'user', 'comment']);

/** An entity's name is its global id. */
function toKey(kind: string, tag: string): string {
  return kind === 'list' ? tag : Buffer.from(tag).toString('base64');
}

/** The kinds with the most names give them up first. */
function fitInto(named: readonly Named[], before: readonly string[]): string[] {
  const names = [...before, ...named.map(({ name }) => name)];
  if (lengthOf(names) <= maxLength) return names;
  const byKind = new Map<string, string[]>();
  for (const { kind, name } of named) {
    const ofKind = byKind.get(kind) ?? [];
    ofKind.push(name);
    byKind.set(kind, ofKind);
  }
  let length = lengthOf(names);
  for (const [kind, ofKind] of [...byKind].sort(([, a], [, b]) => lengthOf(b) - lengthOf(a))) {
    if (length <= maxLength) break;
    const skipped = [`skipped:${kind}`];
    length += lengthOf(skipped) - lengthOf(ofKind);
    byKind.set(kind, skipped);
  }
  return [...before, ...[...byKind.values()].flat()];
}

function lengthOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + name.length + 1, 0);
}
