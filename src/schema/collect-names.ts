// Owns the names that declarations take: a type of the site may not be called the same. No schema is made to know them.

import { specifiedScalarTypes } from 'graphql';
import type { TakenNames } from '../wordpress/graphql-names.ts';
import type { Builder } from './builder.ts';

/** Fields of these types stand beside those that the site's own types add. */
const entityInterfaces: readonly string[] = ['ContentNode', 'TermNode', 'Commenter'];

/** The names of all types, and of the fields of roots and entities. */
export function collectNames(declare: (builder: Builder) => void): TakenNames {
  const types = new Set(specifiedScalarTypes.map(({ name }) => name))
    .add('RootQuery')
    .add('RootMutation')
    .add('RootSubscription');
  const fields = new Set<string>();
  const fieldsOf = new Map<string, readonly string[]>();
  const interfacesOf = new Map<string, readonly string[]>();
  const takeType = (name: string) => void types.add(name);
  const takeFields = (declared: object) => {
    for (const name of Object.keys(declared)) fields.add(name);
  };
  const takeComposite = (name: string, declared: { readonly fields: object }) => {
    takeType(name);
    fieldsOf.set(name, Object.keys(declared.fields));
  };
  declare({
    object(name, declared) {
      takeComposite(name, declared);
      interfacesOf.set(name, declared.interfaces ?? []);
    },
    interface: takeComposite,
    enum: takeType,
    union: takeType,
    input: takeType,
    scalar: takeType,
    query: takeFields,
    mutation: takeFields,
    // Fields of the site's own never stand beside them.
    subscription() {},
    build() {
      throw new Error('names make no schema');
    },
  });
  for (const [name, interfaces] of interfacesOf) {
    if (!interfaces.some((known) => entityInterfaces.includes(known))) continue;
    for (const type of [name, ...interfaces]) for (const field of fieldsOf.get(type) ?? []) fields.add(field);
  }
  return { types, fields };
}
