// Owns introspection that holds nobody up: of the whole schema it is a megabyte, and some 100 ms of work.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  locatedError,
  validateSchema,
} from 'graphql';
import { createLimits, type Limits } from '../limits.ts';
import { createTrace, type Trace } from '../loaders/trace.ts';
import { executeBounded, traceOf } from './execute-bounded.ts';
import { fragmentsOf, selectedFields } from './selected-fields.ts';
import { weighParts } from './weigh-introspection.ts';

/** A type with its fields and their arguments, as parts of an operation. */
const partsOfType = 100;

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

/**
 * Executes as graphql-js does, but a few types at a time, and refuses what weighs too much before any of it is made. Of
 * several the oldest goes on until it is done.
 */
export async function introspectInTurns(args: ExecutionArgs, limits = createLimits()): Promise<ExecutionResult> {
  const trace = traceOf(args) ?? createTrace({ limits });
  try {
    await admit(args, trace, limits);
  } catch (error) {
    return { data: null, errors: [locatedError(error, undefined)] };
  }
  // Kept with the schema, which could not be validated with promises for types.
  validateSchema(args.schema);
  const result = await executeBounded({ ...args, schema: tellTypesInTurns(args.schema, trace) });
  // It is printed in another turn than that of the last types.
  await nextTurn();
  return result;
}

/** Throws where an answer is too large, or there is no room for it. */
async function admit(args: ExecutionArgs, trace: Trace, limits: Limits): Promise<void> {
  let total = 0;
  for (const bytes of weighParts(args, limits.max('typeBytes'))) {
    limits.check('typeBytes', bytes);
    total += bytes;
    limits.check('resultBytes', total);
    if (trace.hasEnded) trace.refuse(true);
    await trace.pace.pause(partsOfType);
  }
  // At once: of several that hold a part of the room each, none might find the rest.
  if (!trace.countBytes(total)) trace.refuse(true);
}

/** The same schema, whose list of types comes as promises: an executor completes each of them as it is kept. */
function tellTypesInTurns(schema: GraphQLSchema, trace: Trace): GraphQLSchema {
  return Object.create(schema, {
    getType: { value: (name: string) => schema.getType(name) },
    getTypeMap: {
      value() {
        const told = Object.entries(schema.getTypeMap()).map(([name, type]) => ({ name, ...createTurn(type) }));
        void takeTurns(
          told.map(({ take }) => take),
          trace,
        );
        return Object.fromEntries(told.map(({ name, value }) => [name, value]));
      },
    },
  });
}

interface Turn<Value> {
  readonly value: Promise<Value>;
  readonly take: (check: () => void) => void;
}

function createTurn<Value>(value: Value): Turn<Value> {
  let take: Turn<Value>['take'] = () => {};
  const promise = new Promise<Value>((resolve, reject) => {
    take = (check) => {
      try {
        check();
        resolve(value);
      } catch (error) {
        reject(error);
      }
    };
  });
  return { value: promise, take };
}

async function takeTurns(turns: readonly Turn<unknown>['take'][], trace: Trace): Promise<void> {
  const check = () => void (trace.hasEnded && trace.refuse(true));
  for (const take of turns) {
    await trace.pace.pause(partsOfType);
    take(check);
    // What waits for it runs before this goes on.
    await null;
  }
}
