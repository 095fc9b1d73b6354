// Owns what code would be made of an operation: how much of it, and whether it would answer right.

import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  type InlineFragmentNode,
  isAbstractType,
  isInputObjectType,
  isInputType,
  isListType,
  isObjectType,
  Kind,
  print,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  typeFromAST,
} from 'graphql';

/** As much is made of one operation: it takes some 20 ms, in which nobody else has a turn. */
export const maxCodeCharacters = 800_000;

/** What would be compiled. */
export interface WeighedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
}

// Measured with graphql-jit 0.9: what this file comes to is 0.7 to 2 times the characters that it writes.
/** Around the names of a field: it is read, completed, and put into errors. */
const fieldCharacters = 1700;
/** The keys that lead to a field stand so many times in its code. */
const pathsOfField = 8;
/** Of a selection where it stands, and for each field above it, which looks at all that is below. */
const selectionCharacters = 80;
const passedCharacters = 4;

/** A value in variables is looked for, checked and told of. */
const inputCharacters = 600;
/** A variable in an argument is looked for. */
const argumentCharacters = 250;

/** Selections at one place of an answer, by key. */
type Keys = Map<string, FieldNode[]>;

/** Where a selection stands. */
interface Place {
  readonly type: GraphQLObjectType;
  readonly keys: Keys;
  /** Fragments that were spread here, with the conditions of the first time. */
  readonly spread: Map<string, string>;
}

/**
 * Roughly how many characters the code would have, or some number above `max`, where counting ends: what is large costs no
 * more than what is just small enough. graphql-jit writes the fields of a fragment wherever it is spread, and those of an
 * interface for each of its types, below each of the types of the level above.
 *
 * `Infinity` where the code would answer something else: graphql-jit keeps conditions with the node of a field, whichever
 * way leads to it.
 */
export function weighCode({ schema, document, operationName }: WeighedOperation, max: number): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sizes = new Map<SelectionSetNode, number>();
  const conditions = new Map<FieldNode, string>();
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  let weight = 0;

  function giveUp(): void {
    weight = Number.POSITIVE_INFINITY;
  }

  /** All selections below, fragments wherever they are spread: each is looked at again for each field above it. */
  function sizeOf(set: SelectionSetNode | undefined): number {
    if (!set) return 0;
    const known = sizes.get(set);
    if (known !== undefined) return known;
    let size = 0;
    for (const selection of set.selections) {
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      size += 1 + sizeOf(inner?.selectionSet);
    }
    sizes.set(set, size);
    return size;
  }

  function collect(selections: readonly SelectionNode[], place: Place, above: string): void {
    for (const selection of selections) {
      if (weight > max) return;
      const condition = conditionOf(selection);
      const here = above + condition;
      weight += selectionCharacters + condition.length;
      // Those of the other operations would be kept with the same nodes.
      if (here !== '' && operations.length > 1) giveUp();
      if (selection.kind === Kind.FIELD) collectField(selection, place, here);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collectFragment(selection, place, here);
      else collectSpread(selection.name.value, place, here);
    }
  }

  function collectField(node: FieldNode, { keys }: Place, here: string): void {
    if ((conditions.get(node) ?? here) !== here) giveUp();
    conditions.set(node, here);
    weight += sizeOf(node.selectionSet) * passedCharacters + here.length;
    const key = (node.alias ?? node.name).value;
    const nodes = keys.get(key);
    if (nodes) nodes.push(node);
    else keys.set(key, [node]);
  }

  function collectSpread(name: string, place: Place, here: string): void {
    const before = place.spread.get(name);
    if (before !== undefined) {
      // Code is made of the first spread alone.
      if (before !== '' && before !== here) giveUp();
      return;
    }
    place.spread.set(name, here);
    const fragment = fragments.get(name);
    if (fragment) collectFragment(fragment, place, here);
  }

  function collectFragment(fragment: FragmentDefinitionNode | InlineFragmentNode, place: Place, here: string): void {
    const { typeCondition, selectionSet } = fragment;
    if (appliesTo(schema, typeCondition?.name.value, place.type)) collect(selectionSet.selections, place, here);
  }

  function weighObject(type: GraphQLObjectType, sets: readonly (SelectionSetNode | undefined)[], path: number): void {
    const place: Place = { type, keys: new Map(), spread: new Map() };
    for (const set of sets) collect(set?.selections ?? [], place, '');
    for (const [key, nodes] of place.keys) {
      if (weight > max) return;
      weighField(type, nodes, path + key.length + 8);
    }
  }

  function weighField(type: GraphQLObjectType, nodes: readonly FieldNode[], path: number): void {
    weight += fieldCharacters + pathsOfField * path;
    const [node] = nodes;
    if (!node) return;
    const condition = conditions.get(node) ?? '';
    // Code would hold what is below one of them, and the order of keys, for that of the others as well.
    if (nodes.some((other) => conditions.get(other) !== condition)) giveUp();
    weight += condition.length * nodes.length;
    for (const argument of node.arguments ?? []) weight += weightOfArgument(argument);
    const of = typeOf(type, node.name.value);
    if (!of) return;
    const named = getNamedType(of);
    const sets = nodes.map(({ selectionSet }) => selectionSet);
    if (isObjectType(named)) weighObject(named, sets, path);
    if (!isAbstractType(named)) return;
    for (const possible of schema.getPossibleTypes(named)) {
      if (weight > max) return;
      weight += selectionCharacters;
      weighObject(possible, sets, path);
    }
  }

  /** Code is written for a list, and for one item that stands in its place. */
  function weighInput(type: GraphQLInputType, path: number): void {
    if (weight > max) return;
    weight += inputCharacters + pathsOfField * path;
    const inner = getNullableType(type);
    if (isListType(inner)) {
      weighInput(inner.ofType, path + 6);
      weighInput(inner.ofType, path);
    } else if (isInputObjectType(inner)) {
      for (const field of Object.values(inner.getFields())) weighInput(field.type, path + field.name.length + 4);
    }
  }

  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  for (const { variable, type, defaultValue } of operation?.variableDefinitions ?? []) {
    const input = typeFromAST(schema, type);
    if (isInputType(input)) weighInput(input, variable.name.value.length + 20);
    weight += textOf(defaultValue).length;
  }
  if (root) weighObject(root, [operation.selectionSet], 0);
  return weight;
}

function typeOf(parent: GraphQLObjectType, name: string): GraphQLOutputType | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef.type;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef.type;
  return parent.getFields()[name]?.type;
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const abstract = schema.getType(condition);
  return isAbstractType(abstract) && schema.isSubType(abstract, type);
}

function conditionOf({ directives = [] }: SelectionNode): string {
  return directives.map((directive) => print(directive)).join('');
}

function weightOfArgument(node: ArgumentNode): number {
  const text = textOf(node);
  return text.length + (text.split('$').length - 1) * argumentCharacters;
}

function textOf(node: ASTNode | undefined): string {
  return node?.loc?.source.body.slice(node.loc.start, node.loc.end) ?? '';
}
