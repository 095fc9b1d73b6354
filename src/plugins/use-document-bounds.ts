// Owns what it may cost to parse and validate a document: too long or too deep is a client's error, never a crash.

import { GraphQLError, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Bounds of a document. */
export interface DocumentBounds {
  readonly maxTokens: number;
}

/** Refuses documents of too many tokens, or nested deeper than the stack, before they are executed. */
export function useDocumentBounds({ maxTokens }: DocumentBounds): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        try {
          return parse(source, { ...options, maxTokens });
        } catch (error) {
          if (error instanceof RangeError) throw tooDeep('GRAPHQL_PARSE_FAILED');
          // graphql-js gives this bound no code of its own, and its message is the only sign.
          if (error instanceof GraphQLError && error.message.includes('Parsing aborted')) {
            throw refusal(`The document has more than ${maxTokens} tokens.`, 'LIMIT_EXCEEDED');
          }
          throw error;
        }
      });
    },
    onValidate({ setValidationFn }) {
      const bounded: typeof validate = (...args) => {
        try {
          return validate(...args);
        } catch (error) {
          if (error instanceof RangeError) return [tooDeep('GRAPHQL_VALIDATION_FAILED')];
          throw error;
        }
      };
      setValidationFn(bounded);
    },
  };
}

function tooDeep(code: string): GraphQLError {
  return refusal('The document is nested too deeply.', code);
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });
}
