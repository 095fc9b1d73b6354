// Owns that work of one kind waits for its turn: a few at a time of each key, in the order in which they came.

/** Does work when it is its turn; rejects with the reason of the signal where that aborts before. */
export type InTurn = <Result>(
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
) => Promise<Result>;

interface Line {
  working: number;
  readonly waiting: Set<() => void>;
}

/** Turns of so many at a time. */
export function createTurns(most: number): InTurn {
  const lines = new Map<string, Line>();

  function enter(line: Line, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (line.working < most) {
      line.working += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const next = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.waiting.delete(next);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      line.waiting.add(next);
    });
  }

  /** Who comes next has the place of who goes. */
  function leave(key: string, line: Line): void {
    const [next] = line.waiting;
    if (next) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.working -= 1;
    if (line.working === 0) lines.delete(key);
  }

  return async (key, signal, work) => {
    signal?.throwIfAborted();
    const line = lines.get(key) ?? { working: 0, waiting: new Set() };
    lines.set(key, line);
    await enter(line, signal);
    try {
      return await work();
    } finally {
      leave(key, line);
    }
  };
}
