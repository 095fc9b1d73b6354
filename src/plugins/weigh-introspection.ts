// Owns what introspection weighs, before any of it is made: a short document can ask for many times the schema.

import {
  __Schema,
  type ExecutionArgs,
  type FieldNode,
  type GraphQLField,
  GraphQLObjectType,
  getNamedType,
  getOperationAST,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import { fragmentsOf, selectedFields } from './selected-fields.ts';

type Variables = Readonly<Record<string, unknown>>;

type Field = GraphQLField<unknown, unknown>;

/** A field that is asked for. */
interface Asked {
  /** None where the name of the type is asked for. */
  readonly field: Field | undefined;
  readonly args: Variables;
  /** Of its key in print, with all that stands between keys. */
  readonly bytes: number;
  /** What is asked of the objects that it gives. */
  readonly inner: { readonly type: GraphQLObjectType; readonly set: SelectionSetNode } | undefined;
}

/** An object that is still to be weighed. */
interface Place {
  readonly asked: readonly Asked[];
  readonly source: unknown;
}

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef];
const typesField = __Schema.getFields()['types'];

/**
 * Bytes in print of what is told at once, then of what is told of each type in the list of all; those of one that is
 * heavier than the bound are somewhere beyond it. What conditions leave out weighs as well.
 */
export function* weighParts(args: ExecutionArgs, maxBytes: number): Generator<number> {
  const { schema, document } = args;
  const operation = getOperationAST(document, args.operationName);
  if (!operation) return;
  const fragments = fragmentsOf(document);
  const variables = variablesOf(operation, args.variableValues ?? {});
  const info = { schema };
  const known = new Map<SelectionSetNode, readonly Asked[]>();
  const types: Place[] = [];

  function askedIn({ type, set }: NonNullable<Asked['inner']>): readonly Asked[] {
    const before = known.get(set);
    if (before) return before;
    const fields = type.getFields();
    const asked = Array.from(selectedFields(set, fragments), (node) =>
      toAsked(node, fields[node.name.value], variables),
    );
    known.set(set, asked);
    return asked;
  }

  /** Weighs the value of a field; the objects in it are still to be weighed. */
  function weighField({ field, args, bytes, inner }: Asked, source: unknown, open: Place[]): number {
    const value: unknown = field?.resolve && Reflect.apply(field.resolve, undefined, [source, args, undefined, info]);
    if (!Array.isArray(value) && !inner) return bytes + weighLeaf(value);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const asked = inner && askedIn(inner);
    const to = field === typesField ? types : open;
    let sum = bytes;
    for (const item of items) {
      sum += weighLeaf(item);
      if (asked && item) to.push({ asked, source: item });
    }
    return sum;
  }

  function weighPlaces(open: Place[], bytesBefore = 0): number {
    let bytes = bytesBefore;
    for (let place = open.pop(); place && bytes <= maxBytes; place = open.pop()) {
      for (const asked of place.asked) bytes += weighField(asked, place.source, open);
    }
    return bytes;
  }

  const atOnce: Place[] = [];
  let bytes = 0;
  for (const node of selectedFields(operation.selectionSet, fragments)) {
    const field = metaFields.find(({ name }) => name === node.name.value);
    if (field) bytes += weighField(toAsked(node, field, variables), undefined, atOnce);
  }
  yield weighPlaces(atOnce, bytes);
  for (const type of types) yield weighPlaces([type]);
}

function toAsked(node: FieldNode, field: Field | undefined, variables: Variables): Asked {
  const type = field && getNamedType(field.type);
  const name = node.arguments?.find((argument) => argument.name.value === 'name');
  return {
    field,
    args: { includeDeprecated: true, name: name && valueFromASTUntyped(name.value, variables) },
    bytes: (node.alias ?? node.name).value.length + '"":,'.length + (field ? 0 : longestName),
    inner: type instanceof GraphQLObjectType && node.selectionSet ? { type, set: node.selectionSet } : undefined,
  };
}

/** Of the types that introspection itself has. */
const longestName = '"__InputValue"'.length;

function weighLeaf(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) + '"",'.length : 'null'.length;
}

/** As they were given, or by default. */
function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const byDefault = variableDefinitions.map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue && valueFromASTUntyped(defaultValue),
  ]);
  return { ...Object.fromEntries(byDefault), ...given };
}
