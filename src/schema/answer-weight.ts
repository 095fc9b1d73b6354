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
  /** It is carried out however late it is, and whoever has gone: its client may send it once only. */
  readonly isWrite: boolean;
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
export function weigh(resolve: Resolve, { isJson, isRequired, isWrite }: WeighedField): Resolve {
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
  function fail(error: unknown, trace: Trace): null {
    if (isWrite) throw error;
    if (trace.hasEnded) return trace.refuse(isRequired);
    const { length } = error instanceof Error ? error.message : '';
    if (trace.countBytes(errorBytes + length)) throw error;
    return trace.refuse(isRequired);
  }

  /** What is asked of an object is more of the operation: it waits where that has gone on for long. */
  function give(value: unknown, trace: Trace, info: GraphQLResolveInfo): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const objects = Array.isArray(value) ? value.length : 1;
    const paused = trace.pace.pause(objects * shapeOf(info).parts);
    if (!paused) return value;
    // Meanwhile others may have taken what room there was.
    return paused.then(() => (isLeftOut(trace, 0) ? trace.refuse(isRequired) : value));
  }

  function run(source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo): unknown {
    const { trace } = context;
    const { pace } = trace;
    let value: unknown;
    try {
      value = resolve(source, args, context, info);
    } catch (error) {
      return fail(error, trace);
    }
    if (!(value instanceof Promise)) return give(admit(value, trace, info), trace, info);
    pace.wait();
    return value.then(
      (settled) => {
        pace.end();
        return give(admit(settled, trace, info), trace, info);
      },
      (error) => {
        pace.end();
        return fail(error, trace);
      },
    );
  }

  /** Apart: a function made for each field would cost more than all of this. */
  function toLater(source: unknown, args: Args, context: GatewayContext, info: GraphQLResolveInfo): () => unknown {
    const { trace } = context;
    return () => (isLeftOut(trace, 0) ? trace.refuse(isRequired) : run(source, args, context, info));
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

/** Of numbers and the like nothing: they are counted with their key. */
function weightOf(value: unknown, info: GraphQLResolveInfo): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (!Array.isArray(value)) return shapeOf(info).bytes;
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

/** What is asked of an object. */
interface Shape {
  /** What its keys weigh. */
  readonly bytes: number;
  /** The objects that are asked of it; one where there are none. */
  readonly parts: number;
}

/** There is one array of field nodes for all siblings; compiled operations keep theirs. */
const shapes = new WeakMap<readonly FieldNode[], Shape>();

/**
 * All of its keys before any of them is there: what was admitted is printed with each of them, be it with null. Those of
 * other types and those that variables leave out count as well, since only short ones are many.
 */
function shapeOf({ fieldNodes, fragments }: GraphQLResolveInfo): Shape {
  const known = shapes.get(fieldNodes);
  if (known) return known;
  const keys = new Map<string, boolean>();
  for (const { selectionSet } of fieldNodes) gatherKeys(selectionSet, fragments, keys);
  let bytes = 0;
  let objects = 0;
  for (const [key, isOfObjects] of keys) {
    bytes += key.length + fieldBytes;
    if (isOfObjects) objects += 1;
  }
  const shape = { bytes, parts: Math.max(1, objects) };
  shapes.set(fieldNodes, shape);
  return shape;
}

/** The keys of an answer, each with whether objects stand there. */
function gatherKeys(
  selectionSet: SelectionSetNode | undefined,
  fragments: GraphQLResolveInfo['fragments'],
  keys: Map<string, boolean>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      keys.set((selection.alias ?? selection.name).value, selection.selectionSet !== undefined);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) gatherKeys(selection.selectionSet, fragments, keys);
    else gatherKeys(fragments[selection.name.value]?.selectionSet, fragments, keys);
  }
}
