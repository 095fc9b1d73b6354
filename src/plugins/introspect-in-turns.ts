// Owns introspection that holds nobody up: of the whole schema it is a megabyte, and some 100 ms of work.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  validateSchema,
} from 'graphql';
import { createGiveWay } from '../give-way.ts';
import { executeBounded } from './execute-bounded.ts';
import { fragmentsOf, selectedFields } from './selected-fields.ts';

/** A document comes again and again. */
const known = new WeakMap<DocumentNode, boolean>();

/** Whether a valid document asks for types of the schema. */
export function asksForTypes(document: DocumentNode): boolean {
  const answer = known.get(document) ?? findTypes(document);
  known.set(document, answer);
  return answer;
}

function findTypes(document: DocumentNode): boolean {
  const fragments = fragmentsOf(document);
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.some(({ selectionSet }) =>
    [...selectedFields(selectionSet, fragments)].some(
      ({ name }) => name.value === '__schema' || name.value === '__type',
    ),
  );
}

/** Executes as graphql-js does, but a few types at a time. */
export function introspectInTurns(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  // Kept with the schema, which could not be validated with promises for types.
  validateSchema(args.schema);
  return executeBounded({ ...args, schema: tellTypesInTurns(args.schema) });
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
