// Owns a tick of `process.nextTick` that is kept, so that V8 does not forget what ticks look like.

import { executionAsyncResource } from 'node:async_hooks';

// A list: a variable that nobody reads would be left out of the program.
const kept: object[] = [];

/**
 * Keeps a tick for the life of the process; to be called before the first full collection of garbage. V8 remembers the one
 * shape of the objects that `process.nextTick` makes by a weak reference. A collection at a moment without ticks clears it,
 * and from then on each tick is built by a way four times as slow, for good. Each answer of node:http takes several ticks.
 */
export function keepTick(): void {
  process.nextTick(() => kept.push(executionAsyncResource()));
}
