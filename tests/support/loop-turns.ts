// Owns counting the turns of the event loop, by which a test knows that something gave way to all else.

/** Counts from its first turn on, until it is disposed of. */
export function countLoopTurns(): Disposable & { readonly turns: number } {
  let turns = 0;
  let immediate: NodeJS.Immediate;
  function count(): void {
    turns += 1;
    immediate = setImmediate(count);
  }
  immediate = setImmediate(count);
  return {
    get turns() {
      return turns;
    },
    [Symbol.dispose]: () => clearImmediate(immediate),
  };
}
