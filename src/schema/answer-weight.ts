// Owns what fields weigh in an answer: a text as many bytes as it is in UTF-8, an object by the keys that are asked of it;
// and that what is asked of objects waits for its turn.

import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Trace } from '../loaders/trace.ts';
import type { Args } from '../planner/needs.ts';

/** Gives the value of a field. */
export type Resolve = (source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo) => unknown;

/** What decides on the weight of a field beside its value. */
export interface WeighedField {
  /** Its objects are values, of which nothing is selected. */
  readonly isJson: boolean;
  /** Null cannot stand for it. */
  readonly isRequired: boolean;
}

/** A text that weighs nothing: an id must not be refused where null cannot stand, or what was read would go with it. */
const shortText = 32;

/** An item of a list, or a key but for its name, with a short text, a number or null. */
const fieldBytes = shortText + 8;

/** What a field of objects takes of the process until they are there, whatever it comes to. */
const objectsBytes = 128;

/** Path and extensions of most of them, and what the process holds of it meanwhile. */
const errorBytes = 512;

/**
 * The same resolver, which counts what it gives before it is part of the answer. Where there is no room left, the field is
 * null.
 */
export function weigh(resolve: Resolve, { isJson, isRequired }: WeighedField): Resolve {
  function admit(value: unknown, trace: Trace, info: GraphQLResolveInfo): unknown {
    const bytes = isJson ? weightOfJson(value) : weightOf(value, info);
    return bytes === 0 || trace.countBytes(bytes) ? value : trace.refuseBytes(isRequired);
  }

  function fail(error: unknown, trace: Trace): null {
    const { length } = error instanceof Error ? error.message : '';
    if (trace.countBytes(errorBytes + length)) throw error;
    return trace.refuseBytes(isRequired);
  }

  /** What is asked of an object is more of the operation: it waits where that has gone on for long. */
  function give(value: unknown, trace: Trace): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const paused = trace.pace.pause(Array.isArray(value) ? value.length : 1);
    if (!paused) return value;
    // Meanwhile others may have taken what room there was.
    return paused.then(() => (trace.countBytes(0) || isRequired ? value : trace.refuseBytes(isRequired)));
  }

  /** Whether something is selected of it, which is so wherever the field stands. */
  let isOfObjects: boolean | undefined;

  function run(source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo): unknown {
    const { trace } = context;
    const { pace } = trace;
    let value: unknown;
    try {
      value = resolve(source, args, context, info);
    } catch (error) {
      return fail(error, trace);
    }
    if (!(value instanceof Promise)) return give(admit(value, trace, info), trace);
    pace.wait();
    return value.then(
      (settled) => {
        pace.end();
        return give(admit(settled, trace, info), trace);
      },
      (error) => {
        pace.end();
        return fail(error, trace);
      },
    );
  }

  return (source, args, context, info) => {
    const { trace } = context;
    isOfObjects ??= info.fieldNodes[0]?.selectionSet !== undefined;
    if (!trace.countBytes(isOfObjects ? objectsBytes : 0) && !isRequired) return trace.refuseBytes(isRequired);
    if (isOfObjects && trace.pace.isFull) return trace.pace.hold(() => run(source, args, context, info));
    return run(source, args, context, info);
  };
}

/** Of numbers and the like nothing: they are counted with their key. */
function weightOf(value: unknown, info: GraphQLResolveInfo): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (!Array.isArray(value)) return weightOfObject(info);
  return value.reduce<number>((sum, item) => sum + fieldBytes + weightOf(item, info), 0);
}

/** The same text often comes again, under each of its aliases. */
let lastText = '';
let lastWeight = 0;

function weightOfText(text: string): number {
  if (text.length <= shortText) return 0;
  if (text !== lastText) {
    lastText = text;
    lastWeight = Buffer.byteLength(text);
  }
  return lastWeight;
}

function weightOfJson(value: unknown): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + fieldBytes + weightOfJson(item), 0);
}

/** There is one array of field nodes for all siblings; compiled operations keep theirs. */
const weights = new WeakMap<readonly FieldNode[], number>();

/**
 * All of its keys before any of them is there: what was admitted is printed with each of them, be it with null. Those of
 * other types and those that variables leave out count as well, since only short ones are many.
 */
function weightOfObject({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const known = weights.get(fieldNodes);
  if (known !== undefined) return known;
  const keys = new Set<string>();
  for (const { selectionSet } of fieldNodes) gatherKeys(selectionSet, fragments, keys);
  let weight = 0;
  for (const key of keys) weight += key.length + fieldBytes;
  weights.set(fieldNodes, weight);
  return weight;
}

function gatherKeys(
  selectionSet: SelectionSetNode | undefined,
  fragments: GraphQLResolveInfo['fragments'],
  keys: Set<string>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) keys.add((selection.alias ?? selection.name).value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) gatherKeys(selection.selectionSet, fragments, keys);
    else gatherKeys(fragments[selection.name.value]?.selectionSet, fragments, keys);
  }
}
