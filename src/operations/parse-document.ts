// Owns parsing of documents: bounded, so that too much is a client's error and never a crash.

import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';
import { UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { orRefuse, refuse } from './refuse.ts';

/**
 * A parser that refuses documents that are longer than the limits, or nested deeper than the stack. Throws a
 * `GraphQLError` with status 400, never a `RangeError`.
 */
export function createDocumentParser(limits: Limits) {
  return (source: string | Source, options?: ParseOptions): DocumentNode => {
    const text = typeof source === 'string' ? source : source.body;
    orRefuse(() => {
      limits.check('documentBytes', Buffer.byteLength(text));
      limits.check('lines', countLines(text));
    });
    try {
      return parse(source, { ...options, maxTokens: limits.max('tokens') });
    } catch (error) {
      if (error instanceof RangeError) throw tooDeep('GRAPHQL_PARSE_FAILED');
      // graphql-js gives this bound no code of its own, and its message is the only sign.
      if (error instanceof GraphQLError && error.message.includes('Parsing aborted')) {
        orRefuse(() => limits.check('tokens', limits.max('tokens') + 1));
      }
      throw error;
    }
  };
}

/** The lines of a text as GraphQL has them (spec, section 2.1.2). */
function countLines(text: string): number {
  let lines = 1;
  for (const _ of text.matchAll(/\r\n|[\n\r]/g)) lines += 1;
  return lines;
}

/** The error for a document that is nested deeper than the stack. */
export function tooDeep(code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED'): GraphQLError {
  return refuse(new UserError('The document is nested too deeply.', code));
}
