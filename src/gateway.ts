// Owns the GraphQL endpoint: the store of answers in front, Yoga and its plugins behind, as a function from a request to an answer.

import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { createDocumentCache } from './cache/document-cache.ts';
import type { ResponseStore } from './cache/response-store.ts';
import { type LoadGauge, runWithin } from './clients/load-gauge.ts';
import type { RateLimit } from './clients/rate-limit.ts';
import { LimitError, UserError } from './errors.ts';
import { createEndpoint } from './gateway/create-endpoint.ts';
import { createLimits, type LimitSettings } from './limits.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import { asksForOperation, toGatewayPath } from './operations/gateway-path.ts';
import { createPersistedOperations, type PersistedOperations } from './operations/persisted-operations.ts';
import { toBody, toSearch } from './operations/print-operation.ts';
import { createOperationReader, type Operation } from './operations/read-operation.ts';
import { whyUnsafe } from './operations/safe-request.ts';
import type { ExecutionOptions } from './plugins/use-execution.ts';
import type { RunContext } from './plugins/use-outcome.ts';
import { type Answer, toOwnAnswer, toStreamAnswer } from './responses/answer.ts';
import { toBusyAnswer } from './responses/busy-answer.ts';
import { toErrorAnswer, toProblemAnswer } from './responses/error-answer.ts';
import { headersOf, isPage, toHeaders, toPairs, toResponse } from './responses/fetch-form.ts';
import { limitRate } from './responses/limit-rate.ts';
import { type MediaType, toMediaType } from './responses/negotiate.ts';
import { countReads, createOutcome, type Outcome } from './responses/outcome.ts';
import { type HttpRequest, textOf, toCachedRequest } from './responses/public-request.ts';
import { createRequestLog } from './responses/request-log.ts';
import { type CachedAnswer, createResponseCache, type Run, type RunOperation } from './responses/response-cache.ts';
import { createStreams, type StreamPlace, toFullAnswer } from './responses/streams.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The schema, or what gives the one of the moment. */
  readonly schema: GraphQLSchema | (() => GraphQLSchema);
  /** Makes the GraphQL context of one HTTP request, or a promise of it: a plain object, since Yoga copies its properties. */
  readonly createContext: (request: Request, run: { readonly acceptsStale: boolean }) => object;
  readonly logger: Logger;
  /** Where answers to public queries are kept; without one each query runs. */
  readonly store?: ResponseStore;
  /** Documents that clients name by an id; without any they may register theirs. */
  readonly persisted?: PersistedOperations;
  readonly metrics?: Metrics;
  readonly execution?: ExecutionOptions;
  /** Serve GraphiQL to browsers. */
  readonly graphiql?: boolean;
  /** Tell in each answer what it read of WordPress. */
  readonly trace?: boolean;
  /** Limits of requests and documents. */
  readonly limits?: LimitSettings;
  /**
   * Closes what a private API does not want: introspection, GraphiQL, suggestions in errors, and GETs that bring their
   * own document without a preflight header.
   */
  readonly hardened?: boolean;
  /** How often a client may ask; as often as it likes without. */
  readonly rateLimit?: RateLimit | undefined;
  /** Whether there is room for more work; always without. */
  readonly load?: LoadGauge | undefined;
}

/** What a listener passes of an HTTP request. */
export interface GatewayRequest extends HttpRequest {
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly body: Buffer<ArrayBuffer> | null;
  /** Address of the other end of the connection. */
  readonly address?: string | undefined;
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
  /** Ends what clients follow, and takes no more of it: their connections would outlive a stop. */
  readonly endStreams: () => void;
}

const documentCacheBytes = 8 * 1024 * 1024;

/** Puts the endpoint together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, logger, trace = false, hardened = false } = options;
  const graphiql = options.graphiql === true && !hardened;
  const limits = createLimits(options.limits);
  const persisted = options.persisted ?? createPersistedOperations({ listed: new Map(), only: false });
  const documents = createDocumentCache(documentCacheBytes);
  const schemaOf = () => (typeof schema === 'function' ? schema() : schema);
  const readOperation = createOperationReader({ documents, persisted, limits });
  const takeError = (text: string) => readOperation.takeError(text);
  const yoga = createEndpoint({ ...options, schemaOf, documents, limits, takeError, graphiql, hardened, trace });
  const log = createRequestLog(logger, options.metrics);
  const streams = createStreams(limits, (difference) => options.metrics?.following(difference));

  function countRequests(outcome: Outcome): number {
    const reads = countReads(outcome);
    options.metrics?.asked(reads);
    return reads;
  }

  async function runYoga(request: Request, outcome: Outcome, result?: ExecutionResult): Promise<Run> {
    const response = await yoga.fetch(request, { outcome, ...(result ? { result } : {}) });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: headersOf(response), body, outcome };
  }

  /** An answer that goes on where there is something to follow; otherwise one that says what is wrong. */
  async function runStream(request: Request, outcome: Outcome, place: StreamPlace): Promise<Answer> {
    let passed: AsyncIterable<Uint8Array> | undefined;
    try {
      const response = await yoga.fetch(request, { outcome });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (isStream && response.body) passed = place.pass(response.body, request.signal);
      const headers = headersOf(response);
      if (passed) return toStreamAnswer(headers, passed);
      return toOwnAnswer(response.status, headers, Buffer.from(await response.arrayBuffer()));
    } finally {
      if (!passed) place.leave();
    }
  }

  function turnAway(media: MediaType | null): Answer {
    options.metrics?.turnedAway();
    return toBusyAnswer({ status: 503, code: 'OVERLOADED' }, 1000, media);
  }

  /** Nothing of a client's request is passed but what the answer is kept by: no header can change it for others. */
  const run: RunOperation = (operation, request) =>
    runWithin(
      options.load,
      () => runAlone(operation, request),
      () => {
        const { status, headers, body } = turnAway(request.media);
        return {
          status,
          headers: toPairs(headers),
          body,
          outcome: { ...createOutcome(), errors: 1, hasUpstreamError: true },
        };
      },
    );

  const runAlone: RunOperation = async (operation, { media, requestId, signal, acceptsStale }) => {
    const outcome = createOutcome();
    const headers = { 'content-type': 'application/json', accept: media, 'x-request-id': requestId };
    const request = toYogaRequest('/graphql', { method: 'POST', headers, signal: () => signal }, toBody(operation));
    const { query, variables, operationName } = operation;
    const params = { query, ...(variables ? { variables } : {}), ...(operationName ? { operationName } : {}) };
    const result = await execute(params, request, { outcome, acceptsStale });
    countRequests(outcome);
    if (result && !result.errors) {
      return { status: 200, headers: [], body: Buffer.from(JSON.stringify(result)), outcome };
    }
    const { headers: sent, ...ran } = await runYoga(request, outcome, result);
    return { ...ran, headers: sent.filter(([name]) => name !== 'x-request-id') };
  };

  /**
   * Executes without an HTTP response, which would only be unwrapped again: that is a third of the work where all
   * entities are known. What is thrown before anything runs, Yoga meets again, and makes an answer of it.
   */
  async function execute(params: GraphQLParams, request: Request, context: RunContext) {
    try {
      const result = await yoga.getResultForParams({ params, request }, context);
      return result && Symbol.asyncIterator in result ? undefined : result;
    } catch (error) {
      logger.debug({ err: error }, 'an operation was refused before it ran');
      return undefined;
    }
  }

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
    const outcome = createOutcome();
    const asked = toYogaRequest(target, request, body);
    if (operation?.type === 'subscription') {
      const place = streams.enter();
      const answer = place instanceof LimitError ? refuseStream(place) : await runStream(asked, outcome, place);
      log(answer, { startedAt, operation: operation.name, errors: outcome.errors, cache: 'none' });
      return answer;
    }
    const { status, headers, body: answered } = await runYoga(asked, outcome);
    const answer = { ...toOwnAnswer(status, headers, answered), reads: countRequests(outcome) };
    if (method !== 'OPTIONS' && !isPage(status, headers)) {
      log(answer, { startedAt, operation: outcome.operationName, errors: outcome.errors, cache: 'none' });
    }
    return answer;
  }

  function refuseStream(refusal: LimitError): Answer {
    options.metrics?.limited(refusal.limit.name);
    return toFullAnswer(refusal);
  }

  function answer(request: GatewayRequest): Answer | Promise<Answer> {
    const path = toGatewayPath(request.url);
    if (path === null) return toErrorAnswer(404, undefined, 'Not found. GraphQL is served at /graphql.');
    const startedAt = performance.now();
    const { method, headers, body } = request;
    const unsafe = whyUnsafe({ method, path, header: (name) => textOf(headers[name]) }, hardened);
    if (unsafe) {
      return toErrorAnswer(
        unsafe.status,
        unsafe.code,
        unsafe.message,
        toMediaType(textOf(headers['accept'])) ?? undefined,
      );
    }
    const read = readOperation({ method, url: path, contentType: textOf(headers['content-type']), body });
    const isRefused = read === null && persisted.only && asksForOperation(method, path);
    const problem = isRefused ? 'PERSISTED_QUERY_REQUIRED' : read;
    if (problem instanceof LimitError) options.metrics?.limited(problem.limit.name);
    if (typeof problem === 'string' || problem instanceof UserError) {
      return toProblemAnswer(problem, toMediaType(textOf(headers['accept'])));
    }
    const operation = problem;
    const cached = operation?.type === 'query' ? toCachedRequest(request) : null;
    if (!responses || !operation || !cached) {
      return runWithin(
        options.load,
        () => answerByYoga(request, path, operation),
        () => turnAway(toMediaType(textOf(headers['accept']))),
      );
    }
    const finish = ({ answer, source, errors, staleFor }: CachedAnswer) => {
      log(answer, { startedAt, operation: operation.name, errors, cache: source, staleFor });
      return answer;
    };
    const answered = responses.answer(operation, cached);
    return answered instanceof Promise ? answered.then(finish) : finish(answered);
  }

  const handle = options.rateLimit ? limitRate(answer, options.rateLimit, options.metrics) : answer;

  return {
    get schema() {
      return schemaOf();
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
    endStreams: () => streams.end(),
    async [Symbol.asyncDispose]() {
      streams.end();
      await yoga.dispose();
    },
  };
}

type Body = GatewayRequest['body'] | string;
