// Owns the form of what stands in the log of purges, and of how Redis replies with it.

/** Comes before every id of a stream. */
export const noId = '0-0';

const idForm = /^\d+-\d+$/;

/** An id of a stream; undefined for what is none. Numbers were in its place, of at most a thousand ids in one ms. */
export function parseId(given: unknown): string | undefined {
  const id = typeof given === 'number' ? `${Math.floor(given / 1000)}-${given % 1000}` : given;
  return typeof id === 'string' && idForm.test(id) ? id : undefined;
}

/** Whether an id of a stream comes after another one: it is a time, and a number of those of that time. */
export function isLater(id: string, than: string): boolean {
  const [ms, count] = toNumbers(id);
  const [thanMs, thanCount] = toNumbers(than);
  return ms === thanMs ? count > thanCount : ms > thanMs;
}

/** Which of two ids comes last. */
export function laterOf(one: string, other: string): string {
  return isLater(one, other) ? one : other;
}

function toNumbers(id: string): [number, number] {
  const dash = id.indexOf('-');
  return [Number(id.slice(0, dash)), Number(id.slice(dash + 1))];
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
