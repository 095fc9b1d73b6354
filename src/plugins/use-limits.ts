// Owns what it may cost to read, parse and validate a request: too much is a client's error, never a crash.

import { type DocumentNode, GraphQLError, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LimitError, UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { checkDocument } from './document-limits.ts';
import { refuse } from './refuse.ts';

/** What a gateway tells and takes. */
export interface LimitsOptions {
  readonly limits: Limits;
  /** Whether errors leave out what the client may have meant: names of types, fields and values. */
  readonly hideSuggestions: boolean;
}

/** A client mends a few errors at a time; each one more costs, and tells of the schema. */
const shownErrors = 5;

/** Refuses requests that ask for more than the limits before they are executed, in time linear in their length. */
export function useLimits({ limits, hideSuggestions }: LimitsOptions): Plugin {
  return {
    onParams: ({ params }) => orRefuse(() => limits.check('jsonDepth', depthOf(params, limits.max('jsonDepth') + 1))),
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        orRefuse(() => limits.check('documentBytes', Buffer.byteLength(String(source))));
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
      });
    },
    onValidate({ setValidationFn }) {
      const bounded: typeof validate = (schema, document, rules) => {
        try {
          return (
            excessOf(document, limits) ??
            validate(schema, document, rules, { maxErrors: shownErrors, hideSuggestions }).slice(0, shownErrors)
          );
        } catch (error) {
          if (error instanceof RangeError) return [tooDeep('GRAPHQL_VALIDATION_FAILED')];
          throw error;
        }
      };
      setValidationFn(bounded);
    },
  };
}

function excessOf(document: DocumentNode, limits: Limits): GraphQLError[] | null {
  try {
    checkDocument(document, limits);
    return null;
  } catch (error) {
    if (error instanceof LimitError) return [refuse(error, 400)];
    throw error;
  }
}

function orRefuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof LimitError ? refuse(error, 400) : error;
  }
}

/** How deep a value is nested; it is not looked at beyond `most`. */
function depthOf(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null || most === 0) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((child) => depthOf(child, most - 1)));
}

function tooDeep(code: 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED'): GraphQLError {
  return refuse(new UserError('The document is nested too deeply.', code), 400);
}
