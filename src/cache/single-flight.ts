// Owns single flight: callers that want the same thing at the same time share one call.

import { setMaxListeners } from 'node:events';

/** Shares calls by key. The shared call is aborted when every caller that waits for it has gone. */
export interface SingleFlight<Value> {
  /** Whether a call is under way that others may share. */
  has(key: string): boolean;
  run(key: string, signal: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
}

interface Flight<Value> {
  readonly value: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/** A single flight for calls of one kind. */
export function createSingleFlight<Value>(): SingleFlight<Value> {
  const flights = new Map<string, Flight<Value>>();

  function start(key: string, call: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const value = call(controller.signal);
    const flight = { value, controller, waiting: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    value.then(land, land);
    return flight;
  }

  return {
    has: (key) => flights.has(key),
    run(key, signal, call) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      const flight = flights.get(key) ?? start(key, call);
      flight.waiting += 1;
      if (!signal) return flight.value;
      return new Promise((resolve, reject) => {
        const leave = () => {
          flight.waiting -= 1;
          if (flight.waiting === 0) {
            flights.delete(key);
            flight.controller.abort(signal.reason);
          }
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
