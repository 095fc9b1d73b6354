// Owns how types are declared: fields in the words of the SDL, with the REST fields each one needs, written to Pothos.

import SchemaBuilder, { type FieldMap } from '@pothos/core';
import { type GraphQLResolveInfo, type GraphQLSchema, parseType, type TypeNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { UserError } from '../errors.ts';
import type { Entity } from '../loaders/entity.ts';
import type { Args, FieldPlan } from '../planner/needs.ts';
import { bound, type Resolve } from './bound-field.ts';

/** A field of an object or interface. Without `resolve`, the source's property of the same name. */
export interface FieldDeclaration<Source = Entity> extends FieldPlan {
  /** Its type as the SDL writes it: `[String!]!`. */
  readonly type: string;
  readonly args?: Readonly<Record<string, ArgDeclaration>>;
  readonly description?: string;
  readonly deprecated?: string;
  readonly resolve?: (source: Source, args: Args, context: GatewayContext, info: GraphQLResolveInfo) => unknown;
}

/** An argument or input field: its type as the SDL writes it, or with a default. */
export type ArgDeclaration =
  | string
  | { readonly type: string; readonly default?: unknown; readonly description?: string; readonly deprecated?: string };

/** A root field of a subscription. */
export interface SubscriptionDeclaration extends Required<Pick<FieldDeclaration, 'type' | 'args' | 'description'>> {
  /** Yields the sources of its type. */
  readonly subscribe: (args: Args, context: GatewayContext, info: GraphQLResolveInfo) => AsyncIterable<unknown>;
}

/** Fields by name. */
export type FieldDeclarations<Source = Entity> = Readonly<Record<string, FieldDeclaration<Source>>>;

/** An object or interface type. */
export interface CompositeDeclaration<Source = Entity> {
  readonly description?: string;
  /** All of its interfaces, those of its interfaces included; their fields and resolvers are inherited. */
  readonly interfaces?: readonly string[];
  readonly fields: FieldDeclarations<Source>;
}

/** Where domains put their types. */
export interface Builder {
  object<Source = Entity>(name: string, declaration: CompositeDeclaration<Source>): void;
  interface<Source = Entity>(name: string, declaration: CompositeDeclaration<Source>): void;
  /** Values by name; the second part is the value that resolvers see. */
  enum(name: string, values: Readonly<Record<string, string>>, description?: string): void;
  /** One of several object types. */
  union(name: string, types: readonly string[], description?: string): void;
  input(name: string, fields: Readonly<Record<string, ArgDeclaration>>, description?: string): void;
  /** Adds root fields of a query. */
  query(fields: FieldDeclarations<unknown>): void;
  /** Adds root fields of a mutation. */
  mutation(fields: FieldDeclarations<unknown>): void;
  /** Adds root fields of a subscription. */
  subscription(fields: Readonly<Record<string, SubscriptionDeclaration>>): void;
  /** Any JSON value, as it is. */
  scalar(name: string, description: string): void;
  /** Something that variables alone can hold; `parse` throws where a value is not of its kind. */
  inputScalar(name: string, description: string, parse: (value: unknown) => unknown): void;
  build(): GraphQLSchema;
}

/** The description of what WPGraphQL does not have: a test holds that nothing else is without a counterpart there. */
export function asExtension(description: string): string {
  return `${description} An extension of WPGraphQL.`.trimStart();
}

interface PothosTypes {
  Context: GatewayContext;
  Objects: Record<string, unknown>;
  Interfaces: Record<string, unknown>;
  Inputs: Record<string, unknown>;
}

/** A new schema in the making: the root types are there, everything else is declared by the domains. */
export function createBuilder(): Builder {
  const pothos = new SchemaBuilder<PothosTypes>({});
  const typeOf = createTypeReader();
  pothos.queryType({ name: 'RootQuery', description: 'The root of every query.' });
  // A root type without fields would make the schema invalid.
  let hasMutations = false;
  let hasSubscriptions = false;

  type Types = typeof pothos extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;
  type OutputBuilder = PothosSchemaTypes.RootFieldBuilder<Types, unknown>;

  function fieldsOf<Source>(declarations: FieldDeclarations<Source>, isWrite = false) {
    return (t: OutputBuilder): FieldMap =>
      Object.fromEntries(Object.entries(declarations).map(([name, field]) => [name, fieldOf(t, name, field, isWrite)]));
  }

  function fieldOf<Source>(
    t: OutputBuilder,
    name: string,
    field: FieldDeclaration<Source>,
    isWrite: boolean,
  ): FieldMap[string] {
    const { resolve, needs, part } = field;
    const reference = typeOf(field.type);
    return t.field({
      type: reference.isList ? [reference.name] : reference.name,
      nullable: reference.isList
        ? { list: !reference.isRequired, items: !reference.isItemRequired }
        : !reference.isRequired,
      ...(field.description ? { description: field.description } : {}),
      ...(field.deprecated ? { deprecationReason: field.deprecated } : {}),
      ...(needs || part ? { extensions: { headgate: { needs, part } satisfies PlanExtension } } : {}),
      args: Object.fromEntries(Object.entries(field.args ?? {}).map(([key, arg]) => [key, t.arg(inputOf(arg))])),
      // The one place where a source gets its type: each domain states what its types are made of.
      resolve: bound(resolve ? (resolve as Resolve) : (source) => propertyOf(source, name), {
        isJson: reference.name === 'JSON',
        isInt: reference.name === 'Int',
        isRequired: reference.isRequired,
        isWrite,
      }),
    });
  }

  function inputOf(declaration: ArgDeclaration) {
    const argument = typeof declaration === 'string' ? { type: declaration } : declaration;
    const { name, isList, isRequired, isItemRequired } = typeOf(argument.type);
    return {
      type: isList ? ([name] as [string]) : name,
      required: isList ? { list: isRequired, items: isItemRequired } : isRequired,
      ...(argument.description ? { description: argument.description } : {}),
      ...(argument.deprecated ? { deprecationReason: argument.deprecated } : {}),
      ...(argument.default === undefined ? {} : { defaultValue: argument.default }),
    };
  }

  return {
    object: (name, { description, interfaces, fields }) =>
      void pothos.objectType(
        name,
        { ...(description ? { description } : {}), ...(interfaces ? { interfaces: [...interfaces] } : {}) },
        fieldsOf(fields),
      ),
    interface: (name, { description, interfaces, fields }) =>
      void pothos.interfaceType(
        name,
        {
          ...(description ? { description } : {}),
          ...(interfaces ? { interfaces: [...interfaces] } : {}),
          resolveType: typeNameOf,
        },
        fieldsOf(fields),
      ),
    enum: (name, values, description) =>
      void pothos.enumType(name, {
        ...(description ? { description } : {}),
        values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])),
      }),
    union: (name, types, description) =>
      void pothos.unionType(name, {
        ...(description ? { description } : {}),
        types: [...types],
        resolveType: typeNameOf,
      }),
    input: (name, fields, description) =>
      void pothos.inputType(name, {
        ...(description ? { description } : {}),
        fields: (t) => Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, t.field(inputOf(field))])),
      }),
    query: (fields) => pothos.queryFields(fieldsOf(fields)),
    mutation(fields) {
      const description = 'The root of every mutation: each writes as the viewer.';
      if (!hasMutations) pothos.mutationType({ name: 'RootMutation', description });
      hasMutations = true;
      pothos.mutationFields(fieldsOf(fields, true));
    },
    subscription(fields) {
      const description = 'The root of every subscription: events come as server-sent events.';
      if (!hasSubscriptions) pothos.subscriptionType({ name: 'RootSubscription', description });
      hasSubscriptions = true;
      pothos.subscriptionFields((t) =>
        Object.fromEntries(
          Object.entries(fields).map(([name, { type, args, description, subscribe }]) => [
            name,
            t.field({
              type: typeOf(type).name,
              nullable: !typeOf(type).isRequired,
              description,
              args: Object.fromEntries(Object.entries(args).map(([key, arg]) => [key, t.arg(inputOf(arg))])),
              subscribe: (_: unknown, given: Args, context: GatewayContext, info: GraphQLResolveInfo) =>
                subscribe(given, context, info),
              resolve: (event: unknown) => event,
            }),
          ]),
        ),
      );
    },
    scalar: (name, description) =>
      void pothos.scalarType(name as never, { description, serialize: (value: unknown) => value }),
    inputScalar: (name, description, parse) =>
      void pothos.scalarType(name as never, {
        description,
        serialize: refuseValue,
        parseValue: (value: unknown): never => parse(value) as never,
        parseLiteral: refuseValue,
      }),
    build: () => pothos.toSchema(),
  };
}

interface PlanExtension {
  readonly needs: FieldPlan['needs'];
  readonly part: FieldPlan['part'];
}

interface TypeReference {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly isItemRequired: boolean;
}

/** Reads types as the SDL writes them; each of the few there are is read once, though thousands of fields have it. */
function createTypeReader(): (text: string) => TypeReference {
  const known = new Map<string, TypeReference>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const reference = readType(text);
    known.set(text, reference);
    return reference;
  };
}

function readType(text: string): TypeReference {
  const outer = parseType(text);
  const isRequired = outer.kind === 'NonNullType';
  const type = isRequired ? outer.type : outer;
  const isList = type.kind === 'ListType';
  const item = isList ? type.type : type;
  const isItemRequired = item.kind === 'NonNullType';
  return { name: nameOf(item), isRequired, isList, isItemRequired };
}

function nameOf(type: TypeNode): string {
  return type.kind === 'NamedType' ? type.name.value : nameOf(type.type);
}

function propertyOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
}

/** The object type of a value: an entity's is in its resource, everything else says `__typename`. */
function typeNameOf(value: unknown): string {
  const resource = propertyOf(value, 'resource');
  return String(resource === undefined ? propertyOf(value, '__typename') : propertyOf(resource, 'typeName'));
}

function refuseValue(): never {
  throw new UserError('It comes in variables only.');
}
