// Owns what fields weigh in an answer: a text as many bytes as it is in UTF-8, an object by the keys that are asked of it.

import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode, type ValueNode } from 'graphql';

/** A text that weighs nothing: an id must not be refused where null cannot stand, or what was read would go with it. */
const shortText = 32;

/** An item of a list, or a key but for its name, with a short text, a number or null. */
const fieldBytes = shortText + 8;

/** What a value weighs, in bytes. Of numbers and the like nothing: they are counted with their key. */
export function weightOf(value: unknown, info: GraphQLResolveInfo): number {
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

/** What a value weighs of which nothing is selected, in bytes. */
export function weightOfJson(value: unknown): number {
  if (typeof value === 'string') return weightOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + fieldBytes + weightOfJson(item), 0);
}

/** How many objects are asked of each of those that a field gives; one where there are none. */
export function partsOf(info: GraphQLResolveInfo): number {
  return shapeOf(info).parts;
}

/** How many values stand in the arguments of what is asked of each object that a field gives, all that a list holds included. */
export function argumentsOf(info: GraphQLResolveInfo): number {
  return shapeOf(info).arguments;
}

/** What is asked of an object. */
interface Shape {
  /** What its keys weigh. */
  readonly bytes: number;
  readonly parts: number;
  readonly arguments: number;
}

/** A key of an answer. */
interface Key {
  readonly isOfObjects: boolean;
  readonly arguments: number;
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
  const keys = new Map<string, Key>();
  for (const { selectionSet } of fieldNodes) gatherKeys(selectionSet, fragments, keys);
  let bytes = 0;
  let objects = 0;
  let values = 0;
  for (const [name, key] of keys) {
    bytes += name.length + fieldBytes;
    if (key.isOfObjects) objects += 1;
    values += key.arguments;
  }
  const shape = { bytes, parts: Math.max(1, objects), arguments: values };
  shapes.set(fieldNodes, shape);
  return shape;
}

/** The keys of an answer, each with whether objects stand there. */
function gatherKeys(
  selectionSet: SelectionSetNode | undefined,
  fragments: GraphQLResolveInfo['fragments'],
  keys: Map<string, Key>,
): void {
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      keys.set((selection.alias ?? selection.name).value, {
        isOfObjects: selection.selectionSet !== undefined,
        arguments: sum(selection.arguments, ({ value }) => countValues(value)),
      });
    } else if (selection.kind === Kind.INLINE_FRAGMENT) gatherKeys(selection.selectionSet, fragments, keys);
    else gatherKeys(fragments[selection.name.value]?.selectionSet, fragments, keys);
  }
}

function countValues(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + sum(value.values, countValues);
  if (value.kind === Kind.OBJECT) return 1 + sum(value.fields, (field) => countValues(field.value));
  return 1;
}

function sum<Item>(items: readonly Item[] = [], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
