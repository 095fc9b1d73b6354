// Owns names of image sizes that a schema does not know: a page that asks for one is answered all the same.

import { type GraphQLEnumType, type GraphQLSchema, isEnumType, Kind } from 'graphql';

/**
 * Lets `MediaItemSizeEnum` take any name of the form of an enum value. REST tells which sizes a site makes by its
 * images alone, of which a few are looked at; a size that none of them has is not wrong, and one that is answers with
 * the full image, as WordPress itself does. Introspection shows the known ones.
 */
export function acceptUnknownSizes(schema: GraphQLSchema): GraphQLSchema {
  const type = schema.getType('MediaItemSizeEnum');
  if (isEnumType(type)) openEnum(type);
  return schema;
}

function openEnum(type: GraphQLEnumType): void {
  const isKnown = (name: string) => type.getValue(name) !== undefined;
  const [parseValue, parseLiteral, serialize] = [
    type.parseValue.bind(type),
    type.parseLiteral.bind(type),
    type.serialize.bind(type),
  ];
  type.parseValue = (value, ...more) => (isSizeName(value) && !isKnown(value) ? value : parseValue(value, ...more));
  type.parseLiteral = (node, ...more) =>
    node.kind === Kind.ENUM && isSizeName(node.value) && !isKnown(node.value)
      ? node.value
      : parseLiteral(node, ...more);
  type.serialize = (value) => (isSizeName(value) && !isKnown(value) ? value : serialize(value));
}

function isSizeName(value: unknown): value is string {
  return typeof value === 'string' && /^_?[A-Z0-9][A-Z0-9_]{0,99}$/.test(value);
}
