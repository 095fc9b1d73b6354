// Owns which executor runs operations: graphql-js, and for queries that come again and again, code made of them.

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { areSmall, executeBounded } from './execute-bounded.ts';
import { asksForTypes, introspectInTurns } from './introspect-in-turns.ts';

/** When making code of a query begins to pay. */
export interface ExecutionOptions {
  /** Making it takes some 10 ms, and saves a part of one at each run after it. */
  readonly hotAfter?: number;
}

interface Seen {
  readonly schema: GraphQLSchema;
  runs: number;
  /** Null where there can be none, undefined while there is none yet. */
  compiled: CompiledQuery | null | undefined;
}

/** Both keep the fields of an answer in the order of the query; Yoga's own executor has them in that of resolving. */
export function useExecution({ hotAfter = 100 }: ExecutionOptions = {}): Plugin {
  const documents = new WeakMap<DocumentNode, Map<string, Seen>>();
  // Loaded when there is something for it: it would be a tenth of the time that a start takes.
  let compiler: typeof import('graphql-jit') | 'loading' | undefined;

  async function loadCompiler(): Promise<void> {
    compiler = 'loading';
    compiler = await import('graphql-jit');
  }

  /** Mutations run one after the other, and seldom: graphql-js does that. */
  function compile({ schema, document, operationName }: ExecutionArgs): CompiledQuery | null | undefined {
    const name = operationName ?? undefined;
    if (getOperationAST(document, name)?.operation !== 'query') return null;
    if (compiler === undefined) void loadCompiler();
    if (compiler === undefined || compiler === 'loading') return undefined;
    const compiled = compiler.compileQuery(schema, document, name);
    return compiler.isCompiledQuery(compiled) ? compiled : null;
  }

  function compiledOf(args: ExecutionArgs): CompiledQuery | null {
    const { schema, document, operationName } = args;
    const name = operationName ?? '';
    const operations = documents.get(document) ?? new Map<string, Seen>();
    documents.set(document, operations);
    let seen = operations.get(name);
    if (seen?.schema !== schema) seen = { schema, runs: 0, compiled: undefined };
    operations.set(name, seen);
    seen.runs += 1;
    if (seen.runs <= hotAfter) return null;
    if (seen.compiled === undefined) seen.compiled = compile(args);
    return seen.compiled ?? null;
  }

  return {
    onExecute({ args, setExecuteFn }) {
      if (asksForTypes(args.document)) return setExecuteFn(introspectInTurns);
      const compiled = areSmall(args.variableValues) ? compiledOf(args) : null;
      setExecuteFn(compiled ? (given: ExecutionArgs) => runCompiled(compiled, given) : executeBounded);
    },
  };
}

function runCompiled({ query }: CompiledQuery, args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  const result = query(args.rootValue, args.contextValue, args.variableValues);
  // Variables of a wrong type are told in the words of graphql-js; nothing has run then.
  return 'errors' in result && !('data' in result) ? executeBounded(args) : result;
}

type PromiseOrValue<Value> = Value | Promise<Value>;
