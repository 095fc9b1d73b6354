// Owns documents that are valid for a schema and otherwise as they come: fields, arguments, fragments, aliases, variables.

import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { pick } from './scale.ts';

/** Values that scalars are given, of the right kind and otherwise odd. */
const texts = [
  '',
  ' ',
  'a',
  '1',
  '0',
  '-1',
  '%00',
  '../..',
  '<script>',
  'é\u0301',
  '\u{1f600}',
  'cG9zdDox',
  'null',
  "' OR 1=1",
];
const numbers = [0, 1, 2, 3, 10, 100, 101, -1, 2_147_483_647, -2_147_483_648];

/** A document that validates; small enough for the limits, most times. */
export function randomQuery(schema: GraphQLSchema, random: () => number): string {
  const fragments: string[] = [];
  const query = schema.getQueryType();
  if (!query) throw new Error('no queries');
  const body = selectionOf(query, 3);
  return `query Random { ${body || '__typename'} } ${fragments.join(' ')}`;

  function selectionOf(type: GraphQLNamedType, depth: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const fields = Object.values(type.getFields()).filter(({ args, type: of }) => {
      const isLeaf = isLeafType(getNamedType(of));
      return (depth > 0 || isLeaf) && args.every(canBeGiven);
    });
    const chosen = Array.from({ length: 1 + Math.floor(random() * (depth === 3 ? 2 : 3)) }, (_, index) => {
      if (fields.length === 0) return '__typename';
      const field = pick(random, fields);
      const args = field.args.filter((arg) => isNonNullType(arg.type) || random() < 0.3);
      const given = args.map((arg) => `${arg.name}: ${literalOf(arg.type, 2)}`);
      const named = getNamedType(field.type);
      const inner = isLeafType(named) ? '' : ` { ${selectionOf(named, depth - 1)} }`;
      // Aliases, since a field may come twice with other arguments.
      return `f${depth}${index}: ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${inner}`;
    });
    if (isInterfaceType(type) && random() < 0.5) {
      const possible = pick(random, schema.getPossibleTypes(type));
      chosen.push(`... on ${possible.name} { on${depth}: __typename }`);
    }
    if (random() < 0.1) {
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${type.name} { ${name}: __typename }`);
      chosen.push(`...${name}`);
    }
    return chosen.join(' ');
  }

  function canBeGiven({ type }: GraphQLArgument): boolean {
    return !isNonNullType(type) || !isInputObjectType(getNamedType(type));
  }

  function literalOf(type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return literalOf(type.ofType, depth);
    if (isListType(type))
      return `[${Array.from({ length: Math.floor(random() * 3) }, () => literalOf(type.ofType, depth))}]`;
    if (isEnumType(type)) return pick(random, type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || random() < 0.25);
      return `{${depth > 0 ? fields.map((field) => `${field.name}: ${literalOf(field.type, depth - 1)}`) : ''}}`;
    }
    if (type.name === 'Int') return String(pick(random, numbers));
    if (type.name === 'Float') return String(random() * 1000);
    if (type.name === 'Boolean') return String(random() < 0.5);
    return JSON.stringify(random() < 0.5 ? String(pick(random, numbers)) : pick(random, texts));
  }
}
