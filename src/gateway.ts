// Owns the GraphQL endpoint: the store of answers in front, Yoga and its plugins behind, as a function from a request to an answer.

import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { createDocumentCache } from './cache/document-cache.ts';
import type { ResponseStore } from './cache/response-store.ts';
import { UserError } from './errors.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { asksForOperation, toGatewayPath } from './operations/gateway-path.ts';
import { createPersistedOperations, type PersistedOperations } from './operations/persisted-operations.ts';
import { createOperationReader, type Operation } from './operations/read-operation.ts';
import { useCors } from './plugins/use-cors.ts';
import { useDocumentBounds } from './plugins/use-document-bounds.ts';
import { useErrors } from './plugins/use-errors.ts';
import { useExecution } from './plugins/use-execution.ts';
import { useGraphiql } from './plugins/use-graphiql.ts';
import { type RunContext, useOutcome } from './plugins/use-outcome.ts';
import { useRequestId } from './plugins/use-request-id.ts';
import { useTrace } from './plugins/use-trace.ts';
import { type Answer, toOwnAnswer } from './responses/answer.ts';
import { toErrorAnswer, toProblemAnswer } from './responses/error-answer.ts';
import { type MediaType, toMediaType } from './responses/negotiate.ts';
import { createOutcome } from './responses/outcome.ts';
import { type HttpRequest, textOf, toCachedRequest } from './responses/public-request.ts';
import { createRequestLog } from './responses/request-log.ts';
import { type CachedAnswer, createResponseCache, type Run, type RunOperation } from './responses/response-cache.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The schema, or what gives the one of the moment. */
  readonly schema: GraphQLSchema | (() => GraphQLSchema);
  /** Makes the GraphQL context of one HTTP request, or a promise of it: a plain object, since Yoga copies its properties. */
  readonly createContext: (request: Request) => object;
  readonly logger: Logger;
  /** Where answers to public queries are kept; without one each query runs. */
  readonly store?: ResponseStore;
  /** Documents that clients name by an id; without any they may register theirs. */
  readonly persisted?: PersistedOperations;
  readonly metrics?: Metrics;
  /** Serve GraphiQL to browsers. */
  readonly graphiql?: boolean;
  /** Tell in each answer what it read of WordPress. */
  readonly trace?: boolean;
  /** Bound of a document in tokens. */
  readonly maxTokens?: number;
}

/** What a listener passes of an HTTP request. */
export interface GatewayRequest extends HttpRequest {
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly body: Buffer<ArrayBuffer> | null;
}

/** A GraphQL endpoint without a listener. */
export interface Gateway extends AsyncDisposable {
  /** The schema of the moment. */
  readonly schema: GraphQLSchema;
  readonly graphiql: boolean;
  /** Answers a request; 404 where the path is not one of the gateway's. At once where the answer is kept. */
  readonly handle: (request: GatewayRequest) => Answer | Promise<Answer>;
  /** The same in the terms of the Fetch standard. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Tokens in a document; twelve times the largest of 175 operations of real WordPress front ends. */
const defaultMaxTokens = 4000;
const documentCacheBytes = 64 * 1024 * 1024;

/** Puts the endpoint together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, createContext, logger, graphiql = false, trace = false, maxTokens = defaultMaxTokens } = options;
  const persisted = options.persisted ?? createPersistedOperations({ listed: new Map(), only: false });
  const documents = createDocumentCache(documentCacheBytes);
  const yoga = createYoga<RunContext>({
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
      documentCache: documents,
      // What does not parse is cheap to refuse again, and its text need not be kept.
      errorCache: { get: () => undefined, set: () => undefined },
    },
    logging: toYogaLogger(logger),
    plugins: [
      useRequestId(),
      useCors(),
      graphiql && useGraphiql(),
      useDocumentBounds({ maxTokens }),
      useExecution(),
      trace && useTrace(),
      useErrors(logger),
      useOutcome(),
    ],
  });
  const readOperation = createOperationReader({
    documents,
    persisted,
    maxTokens,
  });
  const log = createRequestLog(logger, options.metrics);

  async function runYoga(request: Request, media?: MediaType): Promise<Run> {
    const outcome = createOutcome();
    const response = await yoga.fetch(request, { outcome, ...(media ? { media } : {}) });
    const body = outcome.body ?? Buffer.from(await response.arrayBuffer());
    options.metrics?.asked(outcome.footprint?.reads.filter(({ shared }) => !shared).length ?? 0);
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: response.status, headers, body, outcome };
  }

  /** Nothing of a client's request is passed but what the answer is kept by: no header can change it for others. */
  const run: RunOperation = async (operation, media, requestId, signal) => {
    const headers = { 'content-type': 'application/json', accept: media, 'x-request-id': requestId };
    const request = toYogaRequest('/graphql', { method: 'POST', headers, signal: () => signal }, toBody(operation));
    const ran = await runYoga(request, media);
    return { ...ran, headers: ran.headers.filter(([name]) => name !== 'x-request-id') };
  };
  // What a trace tells is another thing each time.
  const responses = options.store && !trace ? createResponseCache({ store: options.store, run }) : undefined;

  function toYogaRequest(path: string, { method, headers, signal: signalOf }: HttpRequest, body: Body) {
    const signal = signalOf();
    return new yoga.fetchAPI.Request(`http://gateway${path}`, {
      method,
      headers: toHeaders(headers),
      body,
      ...(signal ? { signal } : {}),
    });
  }

  async function answerByYoga(request: GatewayRequest, path: string, operation: Operation | null): Promise<Answer> {
    const startedAt = performance.now();
    const { method } = request;
    const isNamed = operation?.isPersisted === true;
    const target = isNamed && method === 'GET' ? `/graphql?${toSearch(operation)}` : path;
    const body = isNamed && method === 'POST' ? toBody(operation) : request.body;
    const { status, headers, body: answered, outcome } = await runYoga(toYogaRequest(target, request, body));
    const answer = toOwnAnswer(status, headers, answered);
    if (method !== 'OPTIONS' && !isPage(status, headers)) {
      log(answer, { startedAt, operation: outcome.operationName, errors: outcome.errors, cache: 'none' });
    }
    return answer;
  }

  function handle(request: GatewayRequest): Answer | Promise<Answer> {
    const path = toGatewayPath(request.url);
    if (path === null) return toErrorAnswer(404, undefined, 'Not found. GraphQL is served at /graphql.');
    const startedAt = performance.now();
    const { method, headers, body } = request;
    const read = readOperation({ method, url: path, contentType: textOf(headers['content-type']), body });
    const isRefused = read === null && persisted.only && asksForOperation(method, path);
    const problem = isRefused ? 'PERSISTED_QUERY_REQUIRED' : read;
    if (typeof problem === 'string' || problem instanceof UserError) {
      return toProblemAnswer(problem, toMediaType(textOf(headers['accept'])));
    }
    const operation = problem;
    const cached = operation?.type === 'query' ? toCachedRequest(request) : null;
    if (!responses || !operation || !cached) return answerByYoga(request, path, operation);
    const finish = ({ answer, source, errors }: CachedAnswer) => {
      log(answer, { startedAt, operation: operation.name, errors, cache: source });
      return answer;
    };
    const answered = responses.answer(operation, cached);
    return answered instanceof Promise ? answered.then(finish) : finish(answered);
  }

  return {
    get schema() {
      return typeof schema === 'function' ? schema() : schema;
    },
    graphiql,
    handle,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, signal } = request;
      const body = method === 'GET' || method === 'HEAD' ? null : Buffer.from(await request.arrayBuffer());
      const headers = Object.fromEntries(request.headers);
      return toResponse(await handle({ method, url: pathname + search, headers, body, signal: () => signal }));
    },
    async [Symbol.asyncDispose]() {
      await yoga.dispose();
    },
  };
}

type Body = GatewayRequest['body'] | string;

/** The parameters of an operation whose document was named by an id. */
function toBody({ query, variables, operationName }: Operation): string {
  return JSON.stringify({ query, variables, operationName });
}

function toSearch({ query, variables, operationName }: Operation): URLSearchParams {
  return new URLSearchParams({
    query,
    ...(variables ? { variables: JSON.stringify(variables) } : {}),
    ...(operationName === undefined ? {} : { operationName }),
  });
}

function toHeaders(headers: HttpRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => [[name, textOf(value) ?? '']]));
}

function toResponse({ status, headers, body }: Answer): Response {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: pairs });
}

/** GraphiQL and its files are no operations. */
function isPage(status: number, headers: Run['headers']): boolean {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return status < 400 && !/json|event-stream|multipart/.test(type);
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
