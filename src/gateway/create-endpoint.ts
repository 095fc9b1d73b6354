// Owns GraphQL over HTTP itself: Yoga, and the list of its plugins.

import type { GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { DocumentCache } from '../cache/document-cache.ts';
import type { RunOptions } from '../context/request.ts';
import { UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createInTime } from '../operations/in-time.ts';
import { refuse } from '../operations/refuse.ts';
import { useAnswerBudget } from '../plugins/use-answer-budget.ts';
import { useClosedSchema } from '../plugins/use-closed-schema.ts';
import { useCors } from '../plugins/use-cors.ts';
import { useCurrentSchema } from '../plugins/use-current-schema.ts';
import { useErrors } from '../plugins/use-errors.ts';
import { type ExecutionOptions, useExecution } from '../plugins/use-execution.ts';
import { useGraphiql } from '../plugins/use-graphiql.ts';
import { useLimits } from '../plugins/use-limits.ts';
import { type RunContext, useOutcome } from '../plugins/use-outcome.ts';
import { usePrinting } from '../plugins/use-printing.ts';
import { useRequestId } from '../plugins/use-request-id.ts';
import { useSubscriptions } from '../plugins/use-subscriptions.ts';
import { useTrace } from '../plugins/use-trace.ts';
import { toYogaLogger } from '../plugins/yoga-logger.ts';

/** What the endpoint is made of. */
export interface EndpointOptions {
  /** Gives the schema of the moment. */
  readonly schemaOf: () => GraphQLSchema;
  readonly createContext: (request: Request, run: RunOptions) => object;
  readonly documents: DocumentCache;
  readonly limits: Limits;
  /** Gives once why a document was refused that was read before. */
  readonly takeError: (text: string) => GraphQLError | undefined;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly execution?: ExecutionOptions;
  readonly graphiql: boolean;
  /** Looks for what the site does not give, for GraphiQL to tell. */
  readonly findings?: (() => Promise<readonly object[]>) | undefined;
  /** Tells nobody of the schema. */
  readonly closed: boolean;
  /** Executes listed documents only. */
  readonly only: boolean;
  readonly trace: boolean;
}

/** An endpoint without a listener. */
export function createEndpoint(options: EndpointOptions): YogaServerInstance<RunContext, object> {
  const { schemaOf, createContext, documents, limits, takeError, logger, metrics } = options;
  const { graphiql, findings, closed, only, trace } = options;
  return createYoga<RunContext>({
    context({ request, isRead, acceptsStale = false, signal = request.signal, share, isMutation, prove, client }) {
      if (!isRead) throw refuse(new UserError('The request is none that the gateway can read.'));
      return createContext(request, { acceptsStale, signal, share, isMutation, prove, client });
    },
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    batching: false,
    multipart: false,
    cors: false,
    // The listener counts while it reads; Yoga would pipe the body through a stream to count again.
    maxRequestBodySize: false,
    // useErrors masks, with the request at hand.
    maskedErrors: false,
    parserAndValidationCache: {
      documentCache: documents,
      // What does not parse is cheap to refuse again, and its text need not be kept.
      errorCache: { get: () => undefined, set: () => undefined },
    },
    logging: toYogaLogger(logger),
    plugins: [
      useCurrentSchema(schemaOf),
      useRequestId(),
      useCors(),
      graphiql &&
        useGraphiql({ schemaOf, findings, closedBy: only ? 'PERSISTED_OPERATIONS' : closed ? 'INTROSPECTION' : null }),
      useLimits({ limits, hideSuggestions: closed, takeError }),
      closed && useClosedSchema(),
      useExecution(options.execution, limits),
      useSubscriptions({ inTime: createInTime(limits), metrics }),
      useAnswerBudget(),
      (trace || graphiql) && useTrace({ always: trace }),
      useErrors(logger, metrics),
      useOutcome(),
      usePrinting(limits, metrics),
    ],
  });
}
