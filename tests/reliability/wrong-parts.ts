// Owns comparing an answer that may have failed in part with the right one.

/**
 * Paths at which the text of an answer has something else than that of the right one, such as `data.post.title`. What failed
 * is null, with an error at its path or below.
 */
export function wrongParts(text: string, rightText: string): string[] {
  const { data = null, errors = [] }: { data?: unknown; errors?: { path?: unknown[] }[] } = JSON.parse(text);
  const failures = errors.map(({ path = [] }) => ['data', ...path].join('.'));
  const compare = (given: unknown, right: unknown, at: string): string[] => {
    if (given === right) return [];
    if (given === null) return failures.some((path) => `${path}.`.startsWith(`${at}.`)) ? [] : [at];
    if (!isObject(given) || !isObject(right)) return [at];
    const keys = new Set([...Object.keys(given), ...Object.keys(right)]);
    return [...keys].flatMap((key) => compare(given[key], right[key], `${at}.${key}`));
  };
  return compare(data, JSON.parse(rightText).data, 'data');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
