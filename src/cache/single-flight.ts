// Owns single flight: callers that want the same thing at the same time share one call.

import { setMaxListeners } from 'node:events';

/** What a call is told of those who share it. */
export interface Sharing {
  /** Aborted when all of them have gone, unless it goes on. */
  readonly signal: AbortSignal;
  /** Says that it goes on to its end from now on, whoever goes: who comes meanwhile shares it. */
  readonly goOn: () => void;
  /** Whether anybody waits for it. Where not, nobody shares it any more: it may end at once. */
  readonly isAwaited: () => boolean;
  /** Whether who comes shares it: not where it was forgotten. */
  readonly isShared: () => boolean;
}

/** Shares calls by key. A shared call is aborted when every caller that waits for it has gone, unless it goes on. */
export interface SingleFlight<Value> {
  /** Whether a call is under way that others may share. */
  has(key: string): boolean;
  /** Forgets a call that is under way: who waits for it gets what it brings, who comes makes another one. */
  forget(key: string): void;
  run(key: string, signal: AbortSignal | undefined, call: (sharing: Sharing) => Promise<Value>): Promise<Value>;
}

interface Flight<Value> {
  readonly value: Promise<Value>;
  /** Counts one more who waits. */
  readonly join: () => void;
  readonly leave: (reason: unknown) => void;
}

/** A single flight for calls of one kind. */
export function createSingleFlight<Value>(): SingleFlight<Value> {
  const flights = new Map<string, Flight<Value>>();

  function start(key: string, call: (sharing: Sharing) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    let waiting = 1;
    let goesOn = false;
    const isShared = () => flights.get(key) === flight;
    const land = () => {
      if (isShared()) flights.delete(key);
    };
    const value = call({
      signal: controller.signal,
      goOn() {
        goesOn = true;
      },
      isAwaited() {
        if (waiting === 0) land();
        return waiting > 0;
      },
      isShared,
    });
    const flight: Flight<Value> = {
      value,
      join() {
        waiting += 1;
      },
      leave(reason) {
        waiting -= 1;
        if (waiting > 0 || goesOn) return;
        land();
        controller.abort(reason);
      },
    };
    flights.set(key, flight);
    value.then(land, land);
    return flight;
  }

  return {
    has: (key) => flights.has(key),
    forget: (key) => void flights.delete(key),
    run(key, signal, call) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const known = flights.get(key);
      known?.join();
      const flight = known ?? start(key, call);
      if (!signal) return flight.value;
      return new Promise((resolve, reject) => {
        const leave = () => {
          flight.leave(signal.reason);
          reject(signal.reason);
        };
        // A request that waits for many calls leaks nothing: Node would warn at eleven.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', leave, { once: true });
        flight.value.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      });
    },
  };
}
