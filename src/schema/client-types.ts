// Owns what normalising caches of GraphQL clients are given of a schema, in the forms of their libraries.

import { type GraphQLSchema, introspectionFromSchema, isAbstractType } from 'graphql';

/** Names of object types by each interface and union, sorted: `possibleTypes` of Apollo's InMemoryCache. */
export function toPossibleTypes(schema: GraphQLSchema): Record<string, string[]> {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const sorted = abstract.filter(({ name }) => !name.startsWith('__')).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    sorted.map((type) => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .sort(),
    ]),
  );
}

/** How introspection writes a type of a field or an argument. */
interface TypeRef {
  readonly kind: string;
  readonly name?: string | null;
  readonly ofType?: TypeRef | null;
}

/** What takes no part in normalising: they are all one. */
const leaf = { kind: 'SCALAR', name: 'Any' };

/**
 * The introspection that urql's Graphcache needs: names of fields and arguments, and how types are nested; without
 * descriptions, scalars, enums and inputs.
 */
export function toClientIntrospection(schema: GraphQLSchema): object {
  const { __schema: whole } = introspectionFromSchema(schema, { descriptions: false });
  const named = whole.types.filter(({ name }) => !name.startsWith('__'));
  const types: object[] = named.flatMap((type): object[] => {
    if (type.kind === 'UNION')
      return [{ kind: type.kind, name: type.name, possibleTypes: namesOf(type.possibleTypes) }];
    if (type.kind !== 'OBJECT' && type.kind !== 'INTERFACE') return [];
    const fields = type.fields.map(({ name, type: of, args }) => ({
      name,
      type: simplify(of),
      args: args.map((argument) => ({ name: argument.name, type: simplify(argument.type) })),
    }));
    const possibleTypes = type.kind === 'INTERFACE' ? { possibleTypes: namesOf(type.possibleTypes) } : {};
    return [{ kind: type.kind, name: type.name, fields, interfaces: namesOf(type.interfaces), ...possibleTypes }];
  });
  const rootOf = (root: { readonly name: string } | null | undefined) => (root ? { name: root.name } : null);
  return {
    __schema: {
      queryType: rootOf(whole.queryType),
      mutationType: rootOf(whole.mutationType),
      subscriptionType: rootOf(whole.subscriptionType),
      types: [...types, { ...leaf }],
    },
  };
}

function namesOf(types: readonly { readonly kind: string; readonly name: string }[]) {
  return types.map(({ kind, name }) => ({ kind, name }));
}

function simplify({ kind, name, ofType }: TypeRef): TypeRef {
  if (kind === 'LIST' || kind === 'NON_NULL') return { kind, ofType: ofType ? simplify(ofType) : null };
  return kind === 'OBJECT' || kind === 'INTERFACE' || kind === 'UNION' ? { kind, name: name ?? null } : leaf;
}
