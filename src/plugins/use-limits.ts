// Owns what it may cost to validate a document, and what a request may hold: too much is a client's error, never a crash.

import { GraphQLError, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LimitError, withoutStack } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { checkValues } from '../operations/json-bounds.ts';
import { createDocumentParser, tooDeep } from '../operations/parse-document.ts';
import { orRefuse, refuse } from '../operations/refuse.ts';
import { checkComparisons } from './document-comparisons.ts';
import { checkDocument } from './document-limits.ts';

/** What a gateway tells and takes. */
export interface LimitsOptions {
  readonly limits: Limits;
  /** Whether errors leave out what the client may have meant: names of types, fields and values. */
  readonly hideSuggestions: boolean;
  /** Why a document that was read just now is no GraphQL, so that it need not be parsed again. */
  readonly takeError: (text: string) => GraphQLError | undefined;
}

/** A client mends a few errors at a time; each one more costs, and tells of the schema. */
const shownErrors = 5;

/** Refuses requests that ask for more than the limits before they are executed, in time linear in their length. */
export function useLimits({ limits, hideSuggestions, takeError }: LimitsOptions): Plugin {
  const parseAnew = createDocumentParser(limits);

  const parse: typeof parseAnew = (source, options) => {
    const error = takeError(typeof source === 'string' ? source : source.body);
    if (error) throw error;
    return parseAnew(source, options);
  };

  const bounded: typeof validate = (schema, document, rules): readonly GraphQLError[] => {
    try {
      checkDocument(document, limits);
      checkComparisons(document, limits);
      const errors = validate(schema, document, rules, { maxErrors: shownErrors, hideSuggestions });
      return errors.slice(0, shownErrors).map((error) => (hideSuggestions ? withoutSelection(error) : error));
    } catch (error) {
      if (error instanceof LimitError) return [refuse(error)];
      if (error instanceof RangeError) return [tooDeep('GRAPHQL_VALIDATION_FAILED')];
      throw error;
    }
  };

  return {
    onParams: ({ params }) => orRefuse(() => checkValues(params, limits)),
    onParse: ({ setParseFn }) => setParseFn(parse),
    // Errors are kept with their document, and what V8 keeps of a stack are all visitors of the validation: 67 KB each time.
    onValidate: ({ setValidationFn }) => setValidationFn((...given) => withoutStack(() => bounded(...given))),
  };
}

/** GraphQL.js suggests to select fields of an object, whatever it is told to hide. */
function withoutSelection(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean "\w+ \{ \.\.\. \}"\?$/, '');
  return message === error.message ? error : new GraphQLError(message, { nodes: error.nodes ?? null });
}
