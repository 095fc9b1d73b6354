// Owns which executor runs operations: graphql-js, and for queries that come again and again, code made of them.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type VariableDefinitionNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { type BoundedMap, createBoundedMap } from '../bounded-map.ts';
import { weighDocument } from '../cache/document-cache.ts';
import type { Limits } from '../limits.ts';
import { maxCodeCharacters, weighCode } from './code-weight.ts';
import { executeBounded } from './execute-bounded.ts';
import { asksForTypes, introspectInTurns } from './introspect-in-turns.ts';

/** When making code of a query pays, and how much there may be. */
export interface ExecutionOptions {
  /** Making it takes some 10 ms, and saves a part of one at each run after it. */
  readonly hotAfter?: number;
  /** Of one operation. */
  readonly maxCharacters?: number;
  /** Of all operations, with the documents that they were made of. */
  readonly maxBytes?: number;
}

/** Code of an operation. */
interface Code {
  readonly run: CompiledQuery['query'];
  readonly variables: readonly VariableDefinitionNode[];
  readonly bytes: number;
}

/** What is known of an operation. */
interface Seen {
  readonly id: string;
  /** Since it was first seen, or code was last made of it: what was forgotten has to come as often again. */
  runs: number;
  /** None is made of it, ever. */
  isLeft: boolean;
}

/** What belongs to one schema, and goes with it. */
interface Operations {
  readonly seen: WeakMap<DocumentNode, Map<string, Seen>>;
  readonly code: BoundedMap<Code>;
}

// Measured with Node 20, after some runs: up to 2.8, and one more where a character is not of Latin-1.
const bytesPerCharacter = 4;

/** Both keep the fields of an answer in the order of the query; Yoga's own executor has them in that of resolving. */
export function useExecution(options: ExecutionOptions = {}, limits?: Limits): Plugin {
  const { hotAfter = 100, maxCharacters = maxCodeCharacters, maxBytes = 32 * 1024 * 1024 } = options;
  const bySchema = new WeakMap<GraphQLSchema, Operations>();
  // Loaded when there is something for it: it would be a tenth of the time that a start takes.
  let compiler: typeof import('graphql-jit') | undefined;
  let isMaking = false;
  let lastId = 0;

  function operationsOf(schema: GraphQLSchema): Operations {
    const known = bySchema.get(schema) ?? {
      seen: new WeakMap(),
      code: createBoundedMap<Code>({ maxBytes, bytesOf: ({ bytes }) => bytes }),
    };
    bySchema.set(schema, known);
    return known;
  }

  function seenOf({ seen }: Operations, { document, operationName }: ExecutionArgs): Seen {
    const name = operationName ?? '';
    const ofDocument = seen.get(document) ?? new Map<string, Seen>();
    seen.set(document, ofDocument);
    const known = ofDocument.get(name) ?? { id: String(++lastId), runs: 0, isLeft: !isQuery(document, operationName) };
    ofDocument.set(name, known);
    return known;
  }

  function make(args: ExecutionArgs, { compileQuery, isCompiledQuery }: typeof import('graphql-jit')): Code | null {
    const { schema, document, operationName } = args;
    const characters = weighCode({ schema, document, operationName }, maxCharacters);
    if (characters > maxCharacters) return null;
    const compiled = compileQuery(schema, document, operationName ?? undefined);
    if (!isCompiledQuery(compiled)) return null;
    const variables = getOperationAST(document, operationName)?.variableDefinitions ?? [];
    return { run: compiled.query, variables, bytes: characters * bytesPerCharacter + weighDocument(document) };
  }

  /** In a turn of its own. Of what becomes hot meanwhile, code is made after one of its next runs. */
  async function makeLater(args: ExecutionArgs, { code }: Operations, seen: Seen): Promise<void> {
    if (isMaking) return;
    isMaking = true;
    seen.isLeft = true;
    try {
      compiler ??= await import('graphql-jit');
      await nextTurn();
      const made = make(args, compiler);
      if (made) code.set(seen.id, made);
      // One that is too large beside all others is not kept.
      seen.isLeft = code.get(seen.id) === undefined;
      seen.runs = 0;
    } catch {
      // What is nested too deep, for one: graphql-js goes on with it.
    } finally {
      isMaking = false;
    }
  }

  function codeOf(args: ExecutionArgs): Code | undefined {
    const operations = operationsOf(args.schema);
    const seen = seenOf(operations, args);
    if (seen.isLeft) return undefined;
    const known = operations.code.get(seen.id);
    if (known) return known;
    seen.runs += 1;
    if (seen.runs > hotAfter) void makeLater(args, operations, seen);
    return undefined;
  }

  return {
    onExecute({ args, setExecuteFn }) {
      if (asksForTypes(args.document)) return setExecuteFn((given: ExecutionArgs) => introspectInTurns(given, limits));
      const code = codeOf(args);
      setExecuteFn(code ? (given: ExecutionArgs) => runCode(code, given) : executeBounded);
    },
  };
}

/** Mutations run one after the other, and seldom: graphql-js does that. */
function isQuery(document: DocumentNode, operationName: ExecutionArgs['operationName']): boolean {
  return getOperationAST(document, operationName)?.operation === 'query';
}

function runCode({ run, variables }: Code, args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  if (variables.length > 0) {
    const values = valuesOf(getVariableValues(args.schema, variables, args.variableValues ?? {}, { maxErrors: 1 }));
    // Code takes a list for an object, tells each error with all that was given, and takes a condition that is null for a
    // failure of its own.
    if (!values || variables.some((definition) => isNullCondition(definition, values))) return executeBounded(args);
  }
  const result = run(args.rootValue, args.contextValue, args.variableValues);
  // Variables of a wrong type are told in the words of graphql-js; nothing has run then.
  return 'errors' in result && !('data' in result) ? executeBounded(args) : result;
}

type Values = Readonly<Record<string, unknown>>;

/** Undefined where one is wrong; graphql 17 has them beside where each is from. */
function valuesOf(read: {
  readonly coerced?: Values;
  readonly variableValues?: { readonly coerced: Values };
}): Values | undefined {
  return read.coerced ?? read.variableValues?.coerced;
}

function isNullCondition({ variable, type }: VariableDefinitionNode, values: Values): boolean {
  return type.kind === Kind.NAMED_TYPE && type.name.value === 'Boolean' && values[variable.name.value] === null;
}

type PromiseOrValue<Value> = Value | Promise<Value>;
