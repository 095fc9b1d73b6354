// Owns which executor runs operations: graphql-js, and for queries that come again and again, code made of them.

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';

/** When making code of a query begins to pay. */
export interface ExecutionOptions {
  /** Making it takes some 10 ms, and saves a part of one at each run after it. */
  readonly hotAfter?: number;
}

interface Seen {
  readonly schema: GraphQLSchema;
  runs: number;
  /** Null where there can be none. */
  compiled?: CompiledQuery | null;
}

/** Both keep the fields of an answer in the order of the query; Yoga's own executor has them in that of resolving. */
export function useExecution({ hotAfter = 100 }: ExecutionOptions = {}): Plugin {
  const documents = new WeakMap<DocumentNode, Map<string, Seen>>();

  function compiledOf({ schema, document, operationName }: ExecutionArgs): CompiledQuery | null {
    const name = operationName ?? '';
    const operations = documents.get(document) ?? new Map<string, Seen>();
    documents.set(document, operations);
    let seen = operations.get(name);
    if (seen?.schema !== schema) seen = { schema, runs: 0 };
    operations.set(name, seen);
    seen.runs += 1;
    if (seen.runs <= hotAfter) return null;
    seen.compiled ??= compile(schema, document, operationName ?? undefined);
    return seen.compiled;
  }

  return {
    onExecute({ args, setExecuteFn }) {
      const compiled = compiledOf(args);
      setExecuteFn(compiled ? (given: ExecutionArgs) => runCompiled(compiled, given) : execute);
    },
  };
}

function runCompiled({ query }: CompiledQuery, args: ExecutionArgs): PromiseOrValue<ExecutionResult> {
  const result = query(args.rootValue, args.contextValue, args.variableValues);
  // Variables of a wrong type are told in the words of graphql-js; nothing has run then.
  return 'errors' in result && !('data' in result) ? execute(args) : result;
}

type PromiseOrValue<Value> = Value | Promise<Value>;

/** Mutations run one after the other, and seldom: graphql-js does that. */
function compile(schema: GraphQLSchema, document: DocumentNode, name: string | undefined): CompiledQuery | null {
  if (getOperationAST(document, name)?.operation !== 'query') return null;
  const compiled = compileQuery(schema, document, name);
  return isCompiledQuery(compiled) ? compiled : null;
}
