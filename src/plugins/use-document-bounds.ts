// Owns what it may cost to parse and validate a document: too long or too deep is a client's error, never a crash.

import { validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createDocumentParser, refusal } from '../operations/parse-document.ts';

/** Bounds of a document. */
export interface DocumentBounds {
  readonly maxTokens: number;
}

/** Refuses documents of too many tokens, or nested deeper than the stack, before they are executed. */
export function useDocumentBounds({ maxTokens }: DocumentBounds): Plugin {
  const parseBounded = createDocumentParser(maxTokens);
  return {
    onParse: ({ setParseFn }) => setParseFn(parseBounded),
    onValidate({ setValidationFn }) {
      const bounded: typeof validate = (...args) => {
        try {
          return validate(...args);
        } catch (error) {
          if (error instanceof RangeError) {
            return [refusal('The document is nested too deeply.', 'GRAPHQL_VALIDATION_FAILED')];
          }
          throw error;
        }
      };
      setValidationFn(bounded);
    },
  };
}
