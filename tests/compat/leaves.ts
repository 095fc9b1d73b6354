// Owns the comparison of two answers leaf by leaf: a leaf is a scalar, a null, an empty list or an empty object.

/** A leaf that is not the same in both; `undefined` where one of them has nothing. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Leaves by their path, such as `data.posts.nodes[0].title`, with hosts left out. */
export function toLeaves(value: unknown, path: string): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (inner: unknown, at: string): void => {
    const isObject = typeof inner === 'object' && inner !== null;
    const entries = isObject ? Object.entries(inner) : [];
    if (entries.length === 0) leaves.set(at, isObject ? JSON.stringify(inner) : withoutHost(inner));
    for (const [key, item] of entries) walk(item, Array.isArray(inner) ? `${at}[${key}]` : `${at}.${key}`);
  };
  walk(value, path);
  return leaves;
}

/** All leaves in which two values differ, in the order of the expected one. */
export function diffLeaves(expected: unknown, actual: unknown, path: string): Difference[] {
  const [wanted, found] = [toLeaves(expected, path), toLeaves(actual, path)];
  const paths = new Set([...wanted.keys(), ...found.keys()]);
  return [...paths]
    .map((at) => ({ path: at, expected: wanted.get(at), actual: found.get(at) }))
    .filter((difference) => difference.expected !== difference.actual);
}

/** Sites differ in their host and port, be they plain, in JSON or percent-encoded. */
function withoutHost(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(/(https?(?::|%3A)(?:\\?\/|%2F){2})?127\.0\.0\.1(?:(?::|%3A)\d+)?/gi, 'HOST');
}
