import { type ExecutionResult, GraphQLError } from 'graphql';
import { expect, it, vi } from 'vitest';
import { createLimits } from '../../../src/limits.ts';
import { usePrinting } from '../../../src/plugins/use-printing.ts';
import { createOutcome } from '../../../src/responses/outcome.ts';

/** The text of an event for a client of its own. */
function printerOf(plugin: object): (result: ExecutionResult) => string {
  const args = { contextValue: { outcome: createOutcome() } };
  return (result) => {
    const onSubscribe: (given: object) => { onSubscribeResult(): { onNext(given: object): void } } = Reflect.get(
      plugin,
      'onSubscribe',
    );
    let printed: unknown;
    onSubscribe({ args })
      .onSubscribeResult()
      .onNext({
        result,
        setResult(given: ExecutionResult & { stringify(result: ExecutionResult): string }) {
          printed = given.stringify(given);
        },
      });
    return String(printed);
  };
}

it('prints an event once for all clients, and errors for each', () => {
  const print = printerOf(usePrinting(createLimits()));
  const toJSON = vi.fn(() => ({ a: 1 }));
  const data: Record<string, unknown> = { toJSON };
  expect([1, 2, 3].map(() => print({ data }))).toEqual([1, 2, 3].map(() => '{"data":{"a":1}}'));
  expect(toJSON).toHaveBeenCalledTimes(1);
  const errors = ['first', 'second'].map((message) => [new GraphQLError(message)]);
  expect(errors.map((each) => print({ data, errors: each }))).toEqual([
    expect.stringContaining('first'),
    expect.stringContaining('second'),
  ]);
  expect(toJSON).toHaveBeenCalledTimes(3);
});
