// Owns the comparison of two schemas: what a client may rely on in one of them and does not find in the other.

import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';

/** What differs, such as `Post.title`, and how. */
export interface SchemaDifference {
  readonly at: string;
  readonly what: string;
}

/** What of `reference`, as far as its operations reach, is missing or other in `schema`. What is more there is no difference. */
export function diffSchemas(reference: GraphQLSchema, schema: GraphQLSchema): SchemaDifference[] {
  const types = reachableTypes(reference);
  return types.flatMap((type) => diffType(type, schema.getType(type.name))).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** All types that an operation can name or meet: those of fields, arguments, interfaces and whatever implements them. */
export function reachableTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  const found = new Set<GraphQLNamedType>();
  const visit = (type: GraphQLNamedType): void => {
    if (found.has(type)) return;
    found.add(type);
    for (const next of neighboursOf(type, schema)) visit(next);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType()]) if (root) visit(root);
  return [...found];
}

function neighboursOf(type: GraphQLNamedType, schema: GraphQLSchema): readonly GraphQLNamedType[] {
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => getNamedType(field.type));
  if (!isObjectType(type) && !isInterfaceType(type)) return possible;
  const fields = Object.values(type.getFields());
  const args = fields.flatMap((field) => field.args.map((arg) => getNamedType(arg.type)));
  return [...possible, ...type.getInterfaces(), ...fields.map((field) => getNamedType(field.type)), ...args];
}

function diffType(wanted: GraphQLNamedType, found: GraphQLNamedType | undefined): SchemaDifference[] {
  const at = wanted.name;
  if (!found) return [{ at, what: 'is missing' }];
  if (kindOf(wanted) !== kindOf(found)) return [{ at, what: `is a ${kindOf(found)} instead of a ${kindOf(wanted)}` }];
  if (isEnumType(wanted) && isEnumType(found)) {
    return missing(at, wanted.getValues(), (name) => found.getValue(name) !== undefined);
  }
  if (isUnionType(wanted) && isUnionType(found)) {
    const members = found.getTypes().map(({ name }) => name);
    return missing(at, wanted.getTypes(), (name) => members.includes(name));
  }
  if (isInputObjectType(wanted) && isInputObjectType(found)) {
    return diffInputs(at, Object.values(wanted.getFields()), Object.values(found.getFields()), '.');
  }
  if (!(isObjectType(wanted) || isInterfaceType(wanted)) || !(isObjectType(found) || isInterfaceType(found))) return [];
  const interfaces = found.getInterfaces().map(({ name }) => name);
  const unimplemented = wanted.getInterfaces().filter(({ name }) => !interfaces.includes(name));
  const fields = found.getFields();
  return [
    ...unimplemented.map(({ name }) => ({ at, what: `does not implement ${name}` })),
    ...Object.values(wanted.getFields()).flatMap((field) => {
      const ours = fields[field.name];
      if (!ours) return [{ at: `${at}.${field.name}`, what: 'is missing' }];
      return [
        ...diffText(`${at}.${field.name}`, String(field.type), String(ours.type)),
        ...diffInputs(`${at}.${field.name}`, field.args, ours.args, ':'),
      ];
    }),
  ];
}

/** What the SDL calls it. */
function kindOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isUnionType(type)) return 'union';
  if (isEnumType(type)) return 'enum';
  return isInputObjectType(type) ? 'input' : 'scalar';
}

function missing(
  at: string,
  wanted: readonly { readonly name: string }[],
  isThere: (name: string) => boolean,
): SchemaDifference[] {
  return wanted.filter(({ name }) => !isThere(name)).map(({ name }) => ({ at: `${at}.${name}`, what: 'is missing' }));
}

type Input = GraphQLArgument | GraphQLInputField;

function diffInputs(
  at: string,
  wanted: readonly Input[],
  found: readonly Input[],
  separator: '.' | ':',
): SchemaDifference[] {
  const required = found.filter(
    (input) => String(input.type).endsWith('!') && !hasDefault(input) && !named(wanted, input.name),
  );
  return [
    ...wanted.flatMap((input) => {
      const ours = named(found, input.name);
      const path = `${at}${separator}${input.name}`;
      return ours ? diffText(path, signatureOf(input), signatureOf(ours)) : [{ at: path, what: 'is missing' }];
    }),
    ...required.map(({ name }) => ({ at: `${at}${separator}${name}`, what: 'is required here only' })),
  ];
}

function named(inputs: readonly Input[], name: string): Input | undefined {
  return inputs.find((input) => input.name === name);
}

function hasDefault({ defaultValue, astNode }: Input): boolean {
  return defaultValue !== undefined || astNode?.defaultValue !== undefined;
}

/** graphql 17 leaves the default of an SDL as it was written. */
function signatureOf({ type, defaultValue, astNode }: Input): string {
  const value = astNode?.defaultValue ?? (defaultValue === undefined ? null : astFromValue(defaultValue, type));
  return value ? `${type} = ${print(value)}` : String(type);
}

function diffText(at: string, wanted: string, found: string): SchemaDifference[] {
  return wanted === found ? [] : [{ at, what: `is ${found} instead of ${wanted}` }];
}
