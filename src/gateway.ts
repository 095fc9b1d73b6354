// Owns the GraphQL endpoint: Yoga and its plugins put together, as a function from a request to an answer.

import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from './log.ts';
import { createDocumentCache } from './plugins/document-cache.ts';
import { useCors } from './plugins/use-cors.ts';
import { useDocumentBounds } from './plugins/use-document-bounds.ts';
import { useErrors } from './plugins/use-errors.ts';
import { useGraphiql } from './plugins/use-graphiql.ts';
import { useOrderedExecution } from './plugins/use-ordered-execution.ts';
import { usePrivateAnswers } from './plugins/use-private-answers.ts';
import { useRequestId } from './plugins/use-request-id.ts';
import { useRequestLog } from './plugins/use-request-log.ts';
import { useTrace } from './plugins/use-trace.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The schema, or what gives the one of the moment. */
  readonly schema: GraphQLSchema | (() => GraphQLSchema);
  /** Makes the GraphQL context of one HTTP request, or a promise of it: a plain object, since Yoga copies its properties. */
  readonly createContext: (request: Request) => object;
  readonly logger: Logger;
  /** Serve GraphiQL to browsers. */
  readonly graphiql?: boolean;
  /** Tell in each answer what it read of WordPress. */
  readonly trace?: boolean;
  /** Bound of a document in tokens. */
  readonly maxTokens?: number;
}

/** What a listener passes of an HTTP request. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer> | null;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** A GraphQL endpoint without a listener. */
export interface Gateway extends AsyncDisposable {
  /** The schema of the moment. */
  readonly schema: GraphQLSchema;
  readonly graphiql: boolean;
  /** Answers a request; 404 where the path is not one of the gateway's. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same for a request whose body is at hand, without the cost of a standard `Request`. */
  readonly handle: (request: GatewayRequest) => Promise<Response>;
}

/** Tokens in a document; twelve times the largest of 175 operations of real WordPress front ends. */
const defaultMaxTokens = 4000;
const documentCacheBytes = 64 * 1024 * 1024;

/** Puts the endpoint together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, createContext, logger, graphiql = false, trace = false, maxTokens = defaultMaxTokens } = options;
  const yoga = createYoga({
    schema,
    context: ({ request }) => createContext(request),
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
      documentCache: createDocumentCache(documentCacheBytes),
      // What does not parse is cheap to refuse again, and its text need not be kept.
      errorCache: { get: () => undefined, set: () => undefined },
    },
    logging: toYogaLogger(logger),
    plugins: [
      useRequestId(),
      useRequestLog(logger),
      useCors(),
      usePrivateAnswers(),
      graphiql && useGraphiql(),
      useDocumentBounds({ maxTokens }),
      useOrderedExecution(),
      trace && useTrace(),
      useErrors(logger),
    ],
  });
  const notFound = () =>
    Response.json({ errors: [{ message: 'Not found. GraphQL is served at /graphql.' }] }, { status: 404 });
  return {
    get schema() {
      return typeof schema === 'function' ? schema() : schema;
    },
    graphiql,
    async fetch(request) {
      const url = new URL(request.url);
      const path = toGatewayPath(url.pathname + url.search);
      if (path === null) return notFound();
      const own = path === url.pathname + url.search ? request : new Request(new URL(path, url), request);
      return await yoga.fetch(own, {});
    },
    async handle({ method, url, headers, body, signal }) {
      const path = toGatewayPath(url);
      if (path === null) return notFound();
      const request = new yoga.fetchAPI.Request(`http://gateway${path}`, {
        method,
        headers: { ...headers },
        body,
        signal,
      });
      return await yoga.fetch(request, {});
    },
    async [Symbol.asyncDispose]() {
      await yoga.dispose();
    },
  };
}

/**
 * The path that the gateway knows a request by, or null where it is none of the gateway's. WPGraphQL's clients also
 * look at `/index.php?graphql` and `/?graphql`, which is where it answers without permalinks.
 */
export function toGatewayPath(url: string): string | null {
  const [path = '', query] = splitOnce(url, '?');
  if (path === '/graphql' || path === '/graphql/' || path.startsWith('/graphiql/')) return url;
  if ((path !== '/' && path !== '/index.php') || query === undefined) return null;
  const parameters = new URLSearchParams(query);
  if (!parameters.has('graphql')) return null;
  parameters.delete('graphql');
  return parameters.size === 0 ? '/graphql' : `/graphql?${parameters}`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function toYogaLogger(logger: Logger) {
  const write =
    (level: 'trace' | 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const [first, ...rest] = parts;
      if (first instanceof Error) logger[level]({ err: first }, first.message);
      else logger[level]([first, ...rest].map(String).join(' '));
    };
  // Yoga tells each step of each request at debug.
  return { debug: write('trace'), info: write('info'), warn: write('warn'), error: write('error') };
}
