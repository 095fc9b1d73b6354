// Owns introspection that holds nobody up: of the whole schema it is a megabyte, and some 100 ms of work.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  validateSchema,
} from 'graphql';
import { createGiveWay } from '../give-way.ts';

/** Whether a document may ask for all types of the schema; a text that only says so in a comment does no harm. */
export function asksForTypes({ loc }: DocumentNode): boolean {
  return loc === undefined || loc.source.body.includes('__schema');
}

/** Executes as graphql-js does, but a few types at a time. */
export function introspectInTurns(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  // Kept with the schema, which could not be validated with promises for types.
  validateSchema(args.schema);
  return execute({ ...args, schema: tellTypesInTurns(args.schema) });
}

/** The same schema, whose list of types comes as promises: an executor completes each of them as it is kept. */
function tellTypesInTurns(schema: GraphQLSchema): GraphQLSchema {
  return Object.create(schema, {
    getType: { value: (name: string) => schema.getType(name) },
    getTypeMap: {
      value() {
        const told = Object.entries(schema.getTypeMap()).map(([name, type]) => ({ name, ...createTurn(type) }));
        void takeTurns(told.map(({ take }) => take));
        return Object.fromEntries(told.map(({ name, value }) => [name, value]));
      },
    },
  });
}

function createTurn<Value>(value: Value): { readonly value: Promise<Value>; readonly take: () => void } {
  let take = () => {};
  const promise = new Promise<Value>((resolve) => {
    take = () => resolve(value);
  });
  return { value: promise, take };
}

async function takeTurns(turns: readonly (() => void)[]): Promise<void> {
  const giveWay = createGiveWay();
  for (const [index, take] of turns.entries()) {
    // The last one completes the answer, which is then printed in the same turn.
    if (index === turns.length - 1) await nextTurn();
    take();
    // What waits for it runs before this goes on.
    await null;
    await giveWay();
  }
}
