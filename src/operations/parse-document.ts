// Owns parsing of documents: bounded, and remembered by their text.

import { type DocumentNode, GraphQLError, type ParseOptions, parse, type Source } from 'graphql';

/**
 * A parser that refuses documents of more than `maxTokens` tokens, or nested deeper than the stack. Throws a
 * `GraphQLError` with a code and status 400, never a `RangeError`.
 */
export function createDocumentParser(maxTokens: number) {
  return (source: string | Source, options?: ParseOptions): DocumentNode => {
    try {
      return parse(source, { ...options, maxTokens });
    } catch (error) {
      if (error instanceof RangeError) throw refusal('The document is nested too deeply.', 'GRAPHQL_PARSE_FAILED');
      // graphql-js gives this bound no code of its own, and its message is the only sign.
      if (error instanceof GraphQLError && error.message.includes('Parsing aborted')) {
        throw refusal(`The document has more than ${maxTokens} tokens.`, 'LIMIT_EXCEEDED');
      }
      throw error;
    }
  };
}

/** A client's error about its document, before anything is executed. */
export function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });
}
