// Owns the places of forms that are taken in at the same time: who brings next to nothing gives his up where another needs it.

import { HeadgateError } from '../errors.ts';
import type { FormArrival } from '../operations/read-form.ts';

/** A form is given up for another one. */
export class SlowFormError extends HeadgateError {
  constructor() {
    super('OVERLOADED', 'The form came too slowly, and others needed its place.');
  }
}

/** A place. Its signal aborts with a {@link SlowFormError}; dispose of it to give it back. */
export interface FormPlace extends FormArrival, Disposable {}

/** Each form takes room on the disk. */
const maxForms = 8;
/** Who brings less, on average, keeps his place only while nobody else needs it: a slow line has ten times as much. */
const leastBytesPerSecond = 4 * 1024;
/** How fast a line is shows only then, and so whether another one may have its place. */
export const graceMs = 5_000;

interface Taken {
  readonly since: number;
  bytes: number;
  readonly end: AbortController;
}

/** Gives places; null where all are taken by forms that come well. */
export function createFormPlaces(): () => FormPlace | null {
  const taken = new Set<Taken>();

  function endSlowest(): void {
    const now = performance.now();
    const old = [...taken].filter(({ since }) => now - since >= graceMs);
    const rateOf = ({ since, bytes }: Taken) => (1000 * bytes) / (now - since);
    const [slowest] = old.sort((a, b) => rateOf(a) - rateOf(b));
    if (!slowest || rateOf(slowest) >= leastBytesPerSecond) return;
    taken.delete(slowest);
    slowest.end.abort(new SlowFormError());
  }

  return () => {
    if (taken.size >= maxForms) endSlowest();
    if (taken.size >= maxForms) return null;
    const form: Taken = { since: performance.now(), bytes: 0, end: new AbortController() };
    taken.add(form);
    return {
      signal: form.end.signal,
      count(bytes) {
        form.bytes += bytes;
      },
      [Symbol.dispose]: () => void taken.delete(form),
    };
  };
}
