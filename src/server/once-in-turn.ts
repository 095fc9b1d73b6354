// Owns what is made once for all who ask for it in one turn of the event loop, or while it is being made.

/** Has it made once for all of them. */
export function onceInTurn<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let making: Promise<Value> | undefined;
  const forget = () => {
    making = undefined;
  };
  return () => {
    making ??= make().finally(() => setImmediate(forget));
    return making;
  };
}
