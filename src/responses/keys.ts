// Owns the headers by which CDNs purge an answer: its tags, in the words of each, within what headers may hold.

/** Headers with the tags of an answer, by name. */
export interface KeyHeaders {
  readonly 'x-graphql-keys': string;
  readonly 'surrogate-key': string;
  readonly 'cache-tag': string;
}

/** WPGraphQL's own bound of a header of keys; three of them and the rest fit the 16 kB that Node's clients take. */
const maxLength = 4000;

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
  const named = operationName === undefined ? [] : [`operation:${operationName}`];
  const keys = fitInto(tags.filter(isKey), (tag) => toGlobalId(tag) ?? tag, [documentId, 'graphql:Query', ...named]);
  const plain = fitInto(tags, (tag) => tag, []);
  return { 'x-graphql-keys': keys.join(' '), 'surrogate-key': plain.join(' '), 'cache-tag': plain.join() };
}

/** WPGraphQL knows entities and lists; what else takes part in an answer here has no name there. */
function isKey(tag: string): boolean {
  return kindOf(tag) === 'list' || toGlobalId(tag) !== null;
}

function toGlobalId(tag: string): string | null {
  return /^(?:post|term|user|comment):\d+$/.test(tag) ? Buffer.from(tag).toString('base64') : null;
}

function kindOf(tag: string): string {
  return tag.slice(0, tag.indexOf(':'));
}

/** The kinds with the most names give them up first. */
function fitInto(tags: readonly string[], toName: (tag: string) => string, before: readonly string[]): string[] {
  const byKind = new Map<string, string[]>();
  for (const tag of tags) {
    const names = byKind.get(kindOf(tag)) ?? [];
    names.push(toName(tag));
    byKind.set(kindOf(tag), names);
  }
  const lengthOf = (names: readonly string[]) => names.reduce((sum, name) => sum + name.length + 1, 0);
  let length = lengthOf(before) + [...byKind.values()].reduce((sum, names) => sum + lengthOf(names), 0);
  for (const [kind, names] of [...byKind].sort(([, a], [, b]) => lengthOf(b) - lengthOf(a))) {
    if (length <= maxLength) break;
    const skipped = [`skipped:${kind}`];
    length += lengthOf(skipped) - lengthOf(names);
    byKind.set(kind, skipped);
  }
  return [...before, ...[...byKind.values()].flat()];
}
