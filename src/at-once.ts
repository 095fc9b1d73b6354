// Owns going on at once with what is there: an answer has hundreds of entities, and each promise more is one for each of them.

/** A value that is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** Goes on with a value: at once where it is there, and throws then what going on throws. */
export function whenThere<Value, Result>(
  value: MaybePromise<Value>,
  goOn: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}

/** All of some values: at once where they are there, else as by `Promise.all`. */
export function allThere<Value>(values: readonly MaybePromise<Value>[]): MaybePromise<readonly Value[]> {
  return areThere(values) ? values : Promise.all(values);
}

function areThere<Value>(values: readonly MaybePromise<Value>[]): values is readonly Value[] {
  return !values.some((value) => value instanceof Promise);
}
