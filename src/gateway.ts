// Owns the GraphQL endpoint: the store of answers in front, Yoga and its plugins behind, as a function from a request to an answer.

import { Readable } from 'node:stream';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { createDocumentCache } from './cache/document-cache.ts';
import type { ResponseStore } from './cache/response-store.ts';
import { LimitError, UserError } from './errors.ts';
import { createEndpoint } from './gateway/create-endpoint.ts';
import { createLimits, type LimitSettings } from './limits.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Caller, Callers } from './operations/callers.ts';
import { asksForOperation, toGatewayPath } from './operations/gateway-path.ts';
import { createPersistedOperations, type PersistedOperations } from './operations/persisted-operations.ts';
import { printOperation, printSearch } from './operations/print-operation.ts';
import type { FormLimits } from './operations/read-form.ts';
import { createOperationReader, type Operation } from './operations/read-operation.ts';
import type { ExecutionOptions } from './plugins/use-execution.ts';
import type { RunContext } from './plugins/use-outcome.ts';
import { createAdmission } from './responses/admit-request.ts';
import { type Answer, toOwnAnswer } from './responses/answer.ts';
import { toErrorAnswer, toProblemAnswer } from './responses/error-answer.ts';
import { toMediaType } from './responses/negotiate.ts';
import { createOutcome, type Outcome } from './responses/outcome.ts';
import { type HttpRequest, textOf, toCachedRequest } from './responses/public-request.ts';
import { createFormReceiver, isForm } from './responses/receive-form.ts';
import { createRequestLog } from './responses/request-log.ts';
import { type CachedAnswer, createResponseCache, type Run, type RunOperation } from './responses/response-cache.ts';

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
  /** Who calls, where that matters. */
  readonly callers?: Callers;
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
  /** Bounds of forms with files. */
  readonly forms?: FormLimits;
}

/** What a listener passes of an HTTP request. */
export interface GatewayRequest extends HttpRequest {
  /** Path and query as the client sent them. */
  readonly url: string;
  /** What comes in piece by piece is a form with files. */
  readonly body: Buffer<ArrayBuffer> | Readable | null;
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

const documentCacheBytes = 8 * 1024 * 1024;

/** Puts the endpoint together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, createContext, logger, trace = false, hardened = false } = options;
  const graphiql = options.graphiql === true && !hardened;
  const limits = createLimits(options.limits);
  const persisted = options.persisted ?? createPersistedOperations({ listed: new Map(), only: false });
  const documents = createDocumentCache(documentCacheBytes);
  const schemaOf = () => (typeof schema === 'function' ? schema() : schema);
  const yoga = createEndpoint({ ...options, schemaOf, documents, limits, graphiql, hardened, trace });
  const readOperation = createOperationReader({
    documents,
    persisted,
    limits,
  });
  const log = createRequestLog(logger, options.metrics);
  const admit = createAdmission({ callers: options.callers, hardened });

  function countRequests({ footprint }: Outcome): void {
    options.metrics?.asked(footprint?.reads.filter(({ shared }) => !shared).length ?? 0);
  }

  async function runYoga(request: Request, outcome: Outcome, result?: ExecutionResult): Promise<Run> {
    const response = await yoga.fetch(request, { outcome, ...(result ? { result } : {}) });
    const body = Buffer.from(await response.arrayBuffer());
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: response.status, headers, body, outcome };
  }

  /** Nothing of a client's request is passed but what the answer is kept by: no header can change it for others. */
  const run: RunOperation = async (operation, { media, requestId, signal, acceptsStale }) => {
    const outcome = createOutcome();
    const headers = { 'content-type': 'application/json', accept: media, 'x-request-id': requestId };
    const request = toYogaRequest(
      '/graphql',
      { method: 'POST', headers, signal: () => signal },
      printOperation(operation),
    );
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
  const isClosed = options.callers?.required === true;
  const responses = options.store && !trace ? createResponseCache({ store: options.store, run, isClosed }) : undefined;

  function toYogaRequest(path: string, { method, headers, signal: signalOf }: HttpRequest, body: Body) {
    const signal = signalOf();
    return new yoga.fetchAPI.Request(`http://gateway${path}`, {
      method,
      headers: toHeaders(headers),
      body,
      ...(signal ? { signal } : {}),
    });
  }

  const receiveForm = createFormReceiver({
    limits: options.forms ?? { maxBodyBytes: 256 * 1024, maxFileBytes: 50 * 1024 * 1024 },
    readOperation,
    async verify({ path, ...request }) {
      const asked = toYogaRequest(path, { ...request, headers: withoutBody(request.headers) }, null);
      await createContext(asked, { acceptsStale: false });
    },
  });

  async function answerForm(request: GatewayRequest, path: string, caller: Caller | null): Promise<Answer> {
    const startedAt = performance.now();
    const received = await receiveForm({ ...request, path });
    if ('status' in received) return received;
    await using form = received;
    const { operation, operations, variables } = form;
    const outcome = createOutcome();
    const headers = { ...withoutBody(request.headers), 'content-type': 'application/json' };
    const asked = toYogaRequest('/graphql', { ...request, headers }, operations);
    const { query = '', operationName } = operation ?? {};
    const params = { query, variables: { ...variables }, ...(operationName ? { operationName } : {}) };
    const result = operation ? await execute(params, asked, { outcome }) : undefined;
    const ran = await runYoga(asked, outcome, result);
    countRequests(outcome);
    const answer = toOwnAnswer(ran.status, ran.headers, ran.body);
    log(answer, { startedAt, operation: operation?.name, errors: outcome.errors, cache: 'none', caller });
    return answer;
  }

  async function answerByYoga(
    request: GatewayRequest,
    path: string,
    operation: Operation | null,
    caller: Caller | null,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const { method } = request;
    const isNamed = operation?.isPersisted === true;
    const target = isNamed && method === 'GET' ? `/graphql?${printSearch(operation)}` : path;
    const given = request.body instanceof Readable ? null : request.body;
    const body = isNamed && method === 'POST' ? printOperation(operation) : given;
    const outcome = createOutcome();
    const { status, headers, body: answered } = await runYoga(toYogaRequest(target, request, body), outcome);
    const answer = toOwnAnswer(status, headers, answered);
    countRequests(outcome);
    if (method !== 'OPTIONS' && !isPage(status, headers)) {
      log(answer, { startedAt, operation: outcome.operationName, errors: outcome.errors, cache: 'none', caller });
    }
    return answer;
  }

  function handle(request: GatewayRequest): Answer | Promise<Answer> {
    const path = toGatewayPath(request.url);
    if (path === null) return toErrorAnswer(404, undefined, 'Not found. GraphQL is served at /graphql.');
    const startedAt = performance.now();
    const { method, headers, body } = request;
    const admitted = admit({ method, path, headers });
    if ('status' in admitted) return admitted;
    const { caller } = admitted;
    if (isForm(request)) return answerForm(request, path, caller);
    if (body instanceof Readable) return toErrorAnswer(415, 'BAD_USER_INPUT', 'Only forms come piece by piece.');
    const read = readOperation({ method, url: path, contentType: textOf(headers['content-type']), body });
    const isRefused = read === null && persisted.only && asksForOperation(method, path);
    const problem = isRefused ? 'PERSISTED_QUERY_REQUIRED' : read;
    if (problem instanceof LimitError) options.metrics?.limited(problem.limit.name);
    if (typeof problem === 'string' || problem instanceof UserError) {
      return toProblemAnswer(problem, toMediaType(textOf(headers['accept'])));
    }
    const operation = problem;
    const cached = operation?.type === 'query' ? toCachedRequest(request) : null;
    if (!responses || !operation || !cached) return answerByYoga(request, path, operation, caller);
    const finish = ({ answer, source, errors, staleFor }: CachedAnswer) => {
      log(answer, { startedAt, operation: operation.name, errors, cache: source, staleFor, caller });
      return answer;
    };
    const answered = responses.answer(operation, cached);
    return answered instanceof Promise ? answered.then(finish) : finish(answered);
  }

  return {
    get schema() {
      return schemaOf();
    },
    graphiql,
    handle,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, signal } = request;
      const headers = Object.fromEntries(request.headers);
      const hasBody = method !== 'GET' && method !== 'HEAD' && request.body !== null;
      const isStreamed = hasBody && isForm({ method, headers });
      const body = !hasBody
        ? null
        : isStreamed
          ? Readable.from(request.body)
          : Buffer.from(await request.arrayBuffer());
      return toResponse(await handle({ method, url: pathname + search, headers, body, signal: () => signal }));
    },
    async [Symbol.asyncDispose]() {
      await yoga.dispose();
    },
  };
}

type Body = Buffer<ArrayBuffer> | string | null;

/** Headers that tell nothing of a body, which has become another. */
function withoutBody(headers: HttpRequest['headers']): HttpRequest['headers'] {
  const { 'content-type': _, 'content-length': __, 'transfer-encoding': ___, ...kept } = headers;
  return kept;
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
