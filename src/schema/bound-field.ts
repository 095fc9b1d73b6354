// Owns how a field takes part in an operation: what it gives has to fit into the answer, what is asked of its objects waits for
// its turn, and what is left when the operation has ended is left out.

import { type GraphQLResolveInfo, locatedError, responsePathAsArray } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { FieldError, withoutStack } from '../errors.ts';
import type { Trace } from '../loaders/trace.ts';
import type { Args } from '../planner/needs.ts';
import { argumentsOf, partsOf, weightOf, weightOfJson } from './answer-weight.ts';

/** Gives the value of a field. */
export type Resolve = (source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo) => unknown;

/** What decides on how a field is bound beside its value. */
export interface BoundField {
  /** Its objects are values, of which nothing is selected. */
  readonly isJson: boolean;
  /** It is an `Int`, which holds no number beyond 32 bits. */
  readonly isInt: boolean;
  /** Null cannot stand for it. */
  readonly isRequired: boolean;
  /** It is carried out however late it is, and whoever has gone: its client may send it once only. */
  readonly isWrite: boolean;
}

/** So many values in arguments are read in one turn, which takes some milliseconds: executors read them anew for each object. */
const mostArguments = 5000;

/** What a field of objects takes of the process until they are there, whatever it comes to. */
const objectsBytes = 128;

/** Path and extensions of most of them, and what the process holds of it meanwhile. */
const errorBytes = 512;

/**
 * The same resolver, which counts what it gives before it is part of the answer. Where there is no room left, the field is
 * null.
 */
export function bound(resolve: Resolve, { isJson, isInt, isRequired, isWrite }: BoundField): Resolve {
  const isNeeded = isRequired || isWrite;
  /** Whether something is selected of it, which is so wherever the field stands. */
  let isOfObjects: boolean | undefined;

  /** Where the operation has ended, what stands in an object that is there is no more to do. */
  function isLeftOut(trace: Trace, bytes: number): boolean {
    const hasRoom = trace.countBytes(bytes);
    return !isNeeded && (!hasRoom || (isOfObjects === true && trace.hasEnded));
  }

  function admit(value: unknown, trace: Trace, info: GraphQLResolveInfo): unknown {
    const bytes = isJson ? weightOfJson(value) : weightOf(value, info);
    return bytes === 0 || trace.countBytes(bytes) || isWrite ? value : trace.refuse(isRequired);
  }

  /** What was begun before the operation ended fails for that reason, whichever of many errors comes of it. */
  function fail(error: unknown, trace: Trace, info: GraphQLResolveInfo): null {
    if (isWrite) throw error;
    if (trace.hasEnded) return trace.refuse(isRequired);
    const { length } = error instanceof Error ? error.message : '';
    // Executors would look for its place later, all in one turn.
    if (trace.countError(errorBytes + length))
      throw withoutStack(() => locatedError(error, info.fieldNodes, responsePathAsArray(info.path)));
    return trace.refuse(isRequired);
  }

  /** What becomes of an error takes longer than most values. */
  function failInTurn(error: unknown, trace: Trace, info: GraphQLResolveInfo): unknown {
    const paused = trace.pace.pause();
    return paused ? paused.then(() => fail(error, trace, info)) : fail(error, trace, info);
  }

  /** What is asked of an object is more of the operation: it waits where that has gone on for long. */
  function give(value: unknown, trace: Trace, info: GraphQLResolveInfo): unknown {
    if (isInt && typeof value === 'number' && (value | 0) !== value)
      return failInTurn(misfit(value, info), trace, info);
    if (typeof value !== 'object' || value === null) return value;
    const objects = Array.isArray(value) ? value.length : 1;
    const paused = trace.pace.pause(objects * partsOf(info));
    return paused ? giveAfter(paused, value, trace, info) : giveItems(value, trace, info);
  }

  // What holds functions is apart from what runs for each field: a place for what they share is made wherever it begins.

  async function giveAfter(paused: Promise<void>, value: object, trace: Trace, info: GraphQLResolveInfo) {
    await paused;
    // Meanwhile others may have taken what room there was.
    return isLeftOut(trace, 0) ? trace.refuse(isRequired) : giveItems(value, trace, info);
  }

  function giveSettled(value: Promise<unknown>, trace: Trace, info: GraphQLResolveInfo): unknown {
    const { pace } = trace;
    pace.wait();
    return value.then(
      (settled) => {
        pace.end();
        return give(admit(settled, trace, info), trace, info);
      },
      (error) => {
        pace.end();
        return failInTurn(error, trace, info);
      },
    );
  }

  function toLater(source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo): () => unknown {
    const { trace } = context;
    return () => (isLeftOut(trace, 0) ? trace.refuse(isRequired) : run(source, args, context, info));
  }

  function run(source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo): unknown {
    const { trace } = context;
    let value: unknown;
    try {
      value = resolve(source, args, context, info);
    } catch (error) {
      return failInTurn(error, trace, info);
    }
    if (value instanceof Promise) return giveSettled(value, trace, info);
    return give(admit(value, trace, info), trace, info);
  }

  return (source, args, context, info) => {
    const { trace } = context;
    isOfObjects ??= info.fieldNodes[0]?.selectionSet !== undefined;
    if (isLeftOut(trace, isOfObjects ? objectsBytes : 0)) return trace.refuse(isRequired);
    if (!isOfObjects) return run(source, args, context, info);
    if (trace.pace.isFull) return trace.pace.hold(toLater(source, args, context, info));
    // What stands beside it may have taken all the time.
    const paused = trace.pace.pause(0);
    return paused ? paused.then(toLater(source, args, context, info)) : run(source, args, context, info);
  };
}

/** WordPress counts and numbers beyond what GraphQL can: files of gigabytes, ids of large tables. */
function misfit(value: number, { parentType, fieldName }: GraphQLResolveInfo): FieldError {
  return new FieldError(`${parentType.name}.${fieldName}`, 'an integer of 32 bits', value);
}

/** The same value; the objects of a list come one after the other where what is asked of them has many arguments. */
function giveItems(value: object, { awaitsItems, pace }: Trace, info: GraphQLResolveInfo): unknown {
  if (!awaitsItems || !Array.isArray(value) || value.length * argumentsOf(info) <= mostArguments) return value;
  let before = Promise.resolve();
  return value.map((item) => {
    before = before.then(() => pace.pause(0));
    return before.then(() => item);
  });
}
