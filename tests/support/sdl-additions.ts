// Owns what a schema has beyond another one, each with the description that should say so.

import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { reachableTypes } from './sdl-diff.ts';

/** Something that only one schema has: a type, `Post.meta`, `Post.title:raw`, `Order.RAND`, `Post implements Node`. */
export interface SchemaAddition {
  readonly at: string;
  readonly description: string;
}

/** What of `schema` is not in `reference`, as far as its operations reach. Of a type that is new, the type alone. */
export function findAdditions(reference: GraphQLSchema, schema: GraphQLSchema): SchemaAddition[] {
  return reachableTypes(schema)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => {
      const known = reference.getType(type.name);
      return known ? additionsTo(known, type) : [toAddition(type.name, type)];
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

function toAddition(at: string, { description }: Pick<Described, 'description'>): SchemaAddition {
  return { at, description: description ?? '' };
}

function additionsTo(known: GraphQLNamedType, type: GraphQLNamedType): SchemaAddition[] {
  const at = type.name;
  if (isEnumType(known) && isEnumType(type)) return beyond(at, '.', known.getValues(), type.getValues());
  if (isUnionType(known) && isUnionType(type)) return beyond(at, ' may be ', known.getTypes(), type.getTypes());
  if (isInputObjectType(known) && isInputObjectType(type)) {
    return beyond(at, '.', Object.values(known.getFields()), Object.values(type.getFields()));
  }
  if (!(isObjectType(known) || isInterfaceType(known)) || !(isObjectType(type) || isInterfaceType(type))) return [];
  const fields = known.getFields();
  return [
    ...beyond(at, ' implements ', known.getInterfaces(), type.getInterfaces()),
    ...Object.values(type.getFields()).flatMap((field) => {
      const own = fields[field.name];
      const path = `${at}.${field.name}`;
      return own ? beyond(path, ':', own.args, field.args) : [toAddition(path, field)];
    }),
  ];
}

function beyond(
  at: string,
  separator: string,
  known: readonly Described[],
  found: readonly Described[],
): SchemaAddition[] {
  const names = new Set(known.map(({ name }) => name));
  return found.filter(({ name }) => !names.has(name)).map((item) => toAddition(`${at}${separator}${item.name}`, item));
}
