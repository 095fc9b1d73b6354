// Owns the form of what stands in the log of purges, and of how Redis replies with it.

/** Ids of a stream are times with a number: as one number that can be compared. */
export function toMoment(id: string): number {
  const [ms = '0', count = '0'] = id.split('-');
  return Number(ms) * 1000 + Math.min(999, Number(count));
}

/** Id and fields of each entry of a reply. */
export function toEntries(reply: unknown): (readonly [string, readonly string[]])[] {
  return (Array.isArray(reply) ? reply : []).flatMap((entry: unknown) =>
    Array.isArray(entry) && Array.isArray(entry[1]) ? [[String(entry[0]), entry[1].map(String)] as const] : [],
  );
}

/** Details of a purge; undefined where there are none. */
export function parseDetails(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tags of a purge; null for everything, and where nobody knows. */
export function parseTags(text: string): readonly string[] | null {
  try {
    const tags: unknown = JSON.parse(text);
    return Array.isArray(tags) ? tags.map(String) : null;
  } catch {
    return null;
  }
}
