// Owns asking for several things at once: one that makes such a request fail is found, and takes no others along.

import { createBoundedMap } from '../bounded-map.ts';
import { toError, UpstreamError } from '../errors.ts';
import { isHangUp } from '../wordpress/failures.ts';

/**
 * Asks for some of the things; rejects where there is no answer. Resolves with why some are missing in one, or with null:
 * asking for fewer would not bring them.
 */
export type AskPart<Item> = (part: readonly Item[]) => Promise<Error | null>;

/** Asks for things of a kind, at once where that works. Resolves with what those came to that failed, each by itself. */
export type AskMany = <Item extends string | number>(
  kind: string,
  items: readonly Item[],
  ask: AskPart<Item>,
) => Promise<Map<Item, Error>>;

const memoryBytes = 256 * 1024;
/** How long something that failed is kept apart from the rest. */
const apartMs = 60_000;
/** How long a kind is asked for as a whole where asking for fewer brought nothing. */
const inVainMs = 10_000;
/** Of those that are kept apart, so many are asked for one by one, and what is beyond them together. */
const mostAlone = 4;
const mostAtOnce = 4;

/** Makes what one operation asks by, of which each more request to find what fails is taken from what it may make. */
export type AskManyOf = (operation: { readonly maySearch: () => boolean }) => AskMany;

/** Remembers what failed while others were answered: callers that may not know of each other have one each. */
export function createAskMany(now: () => number = () => performance.now()): AskManyOf {
  const memory = createBoundedMap<{ readonly until: number }>({ maxBytes: memoryBytes, bytesOf: () => 16 });
  const isKnown = (key: string) => (memory.get(key)?.until ?? 0) > now();
  const remember = (key: string, ms: number) => memory.set(key, { until: now() + ms });

  return ({ maySearch }) =>
    async <Item extends string | number>(kind: string, items: readonly Item[], ask: AskPart<Item>) => {
      const failures = new Map<Item, Error>();
      const failedAlone: Item[] = [];
      let isAnswered = false;
      let isTooMuch = false;

      /** The halves of a part that failed, where that may be about some of it only. */
      async function attempt(part: readonly Item[]): Promise<(readonly Item[])[]> {
        try {
          const missing = await ask(part);
          isAnswered = true;
          for (const item of part) {
            if (missing) failures.set(item, missing);
            else failures.delete(item);
          }
          return [];
        } catch (error) {
          for (const item of part) {
            // That an operation may not ask any more is not what became of this.
            if (error instanceof UpstreamError || !failures.has(item)) failures.set(item, toError(error));
          }
          if (!mayBeOfSome(error)) return [];
          isTooMuch ||= isTooLong(error);
          if (part.length === 1) failedAlone.push(...part);
          return halvesOf(part);
        }
      }

      /** Asks for all, then for halves of what failed; false where those were not answered either. */
      async function search(all: readonly Item[]): Promise<boolean> {
        // Enough for two that fail, wherever they are.
        let left = 4 * Math.ceil(Math.log2(all.length));
        let parts = await attempt(all);
        if (parts.length === 0 || (isKnown(kind) && !isAnswered && !isTooMuch)) return true;
        while (parts.length > 0 && left > 0) {
          // Shorter addresses are no search.
          const asked = parts.slice(0, Math.min(left, mostAtOnce)).filter(() => isTooMuch || maySearch());
          if (asked.length === 0) return true;
          left -= asked.length;
          // To the end of one before the next: where many fail, each time some are found.
          parts = [...(await Promise.all(asked.map(attempt))).flat(), ...parts.slice(asked.length)];
          const last = parts.at(-1)?.at(-1);
          if (isAnswered || isTooMuch || last === undefined) continue;
          // Several may fail, in each of the halves, or nothing works: one tells.
          if (!maySearch()) return true;
          left -= 1;
          await attempt([last]);
          if (!isAnswered) return false;
        }
        return isAnswered;
      }

      const apart = new Set(items.filter((item) => isKnown(`${kind} ${item}`)));
      const others = items.filter((item) => !apart.has(item));
      const alone = [...apart].slice(0, mostAlone).map((item) => [item]);
      const beyond = [...apart].slice(mostAlone);
      const parts = beyond.length > 0 ? [...alone, beyond] : alone;
      const [helped] = await Promise.all([others.length === 0 || search(others), ...parts.map(attempt)]);
      if (isAnswered) {
        memory.delete(kind);
        for (const item of failedAlone) remember(`${kind} ${item}`, apartMs);
      } else if (!helped) remember(kind, inVainMs);
      return failures;
    };
}

function halvesOf<Item>(part: readonly Item[]): (readonly Item[])[] {
  const half = Math.ceil(part.length / 2);
  return part.length < 2 ? [] : [part.slice(0, half), part.slice(half)];
}

/** Whether a host refused an address for its length. Where it is WordPress itself, that has a code. */
function isTooLong(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { status, restCode } = error.details;
  return status === 413 || status === 414 || status === 431 || (status === 400 && restCode === undefined);
}

/**
 * Whether a failure may be about some of what was asked for. Not where WordPress could not be asked, answers nobody or
 * takes too long, nor where it finds fault with the question.
 */
function mayBeOfSome(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { code, cause, details } = error;
  switch (code) {
    case 'UPSTREAM_ERROR':
    case 'UPSTREAM_BAD_RESPONSE':
    case 'UPSTREAM_TOO_LARGE':
    case 'UPSTREAM_FORBIDDEN':
    case 'UPSTREAM_NOT_FOUND':
      return true;
    case 'UPSTREAM_REFUSED':
      return details.restCode === undefined || isTooLong(error);
    case 'UPSTREAM_NOT_JSON':
      return details.kind === undefined || details.kind === 'html';
    case 'UPSTREAM_UNAVAILABLE':
      // PHP may end by a signal.
      return details.isNotAsked !== true && (details.status === 502 || isHangUp(cause));
    default:
      return false;
  }
}
