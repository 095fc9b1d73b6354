// Owns the clock that processes share, which is that of Redis: those of their machines may differ, and be set at any time.

/** The clock of Redis, as this process knows it. */
export interface SharedClock {
  /** What it is ahead of this process's clock, in ms. */
  offset(): number;
  /** Compares the two; whether one was set, or stood still, since they were last compared. */
  compare(): Promise<boolean>;
}

/** Two clocks come apart by themselves as well, if slowly. */
const toleratedMs = 1000;

/** A clock; `ask` gives what Redis replies to `TIME`. */
export function createSharedClock(
  ask: () => Promise<unknown>,
  now: () => number = () => performance.now(),
): SharedClock {
  let offset: number | undefined;
  return {
    offset: () => offset ?? 0,
    async compare() {
      const before = now();
      const [seconds, microseconds] = toNumbers(await ask());
      const time = 1000 * seconds + microseconds / 1000;
      // Redis looked at its clock in between: a quick reply tells the offset, a late one only what it cannot be.
      const [least, most] = [time - now(), time - before];
      const known = offset ?? (least + most) / 2;
      offset = Math.min(most, Math.max(least, known));
      return Math.abs(offset - known) > toleratedMs;
    },
  };
}

function toNumbers(reply: unknown): [number, number] {
  const [seconds, microseconds] = Array.isArray(reply) ? reply.map((text) => Number(String(text))) : [];
  if (!Number.isFinite(seconds) || !Number.isFinite(microseconds)) throw new Error('Redis does not tell the time');
  return [Number(seconds), Number(microseconds)];
}
