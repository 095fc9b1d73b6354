// Owns the moment at which a request's loaders dispatch: when no list of the same request is still on its way, and nothing
// of it waits for its turn.

import type { Pace } from '../pace.ts';

/** Gathers the loads of one GraphQL request, so that sibling lists share the requests for what they refer to. */
export interface Wave {
  /** Marks a list call: loads wait until it has settled. */
  track<Value>(call: Promise<Value>): Promise<Value>;
  /** DataLoader's `batchScheduleFn`. */
  schedule(dispatch: () => void): void;
}

/** A wave that holds loads back for at most `maxWaitMs` while lists are on their way, or parts of the operation paused. */
export function createWave(maxWaitMs: number, pace: Pick<Pace, 'pause' | 'paused'>): Wave {
  let inFlight = 0;
  let waiting: (() => void)[] = [];
  let isScheduled = false;
  let deadline: NodeJS.Timeout | undefined;

  /** By the pace of the operation: a long argument makes hundreds of batches. */
  async function dispatchAll(): Promise<void> {
    clearTimeout(deadline);
    deadline = undefined;
    const dispatches = waiting;
    waiting = [];
    for (const dispatch of dispatches) {
      const paused = pace.pause(0);
      if (paused) await paused;
      dispatch();
    }
  }

  function track<Value>(call: Promise<Value>): Promise<Value> {
    inFlight += 1;
    const landed = () => {
      inFlight -= 1;
      settle();
    };
    call.then(landed, landed);
    return call;
  }

  function settle(): void {
    // After the microtasks: resolvers that a list has woken may start further lists and add further loads.
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      const paused = pace.paused();
      if (paused && waiting.length > 0) void track(paused);
      if (inFlight === 0) void dispatchAll();
      else deadline ??= setTimeout(() => void dispatchAll(), maxWaitMs).unref();
    });
  }

  return {
    track,
    schedule(dispatch) {
      waiting.push(dispatch);
      settle();
    },
  };
}
