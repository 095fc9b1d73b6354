// Owns the GraphQL endpoint: the store of answers in front, Yoga and its plugins behind, as a function from a request to an answer.

import { Readable } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { createDocumentCache } from './cache/document-cache.ts';
import { toClientKey } from './clients/client-key.ts';
import { LimitError, UserError } from './errors.ts';
import { createEndpoint } from './gateway/create-endpoint.ts';
import { createRoom } from './gateway/create-room.ts';
import { createRunner } from './gateway/create-runner.ts';
import type { GatewayOptions } from './gateway/gateway-options.ts';
import type { AdmittedRequest, GatewayRequest } from './gateway/gateway-request.ts';
import { createReadInTurns } from './gateway/read-in-turns.ts';
import { restate } from './gateway/restate.ts';
import { createRunAlone } from './gateway/run-alone.ts';
import { warmUp } from './gateway/warm-up.ts';
import { createLimits } from './limits.ts';
import { createAnswerBudget } from './loaders/answer-budget.ts';
import { createFollowingBudget, createRunningBudget, type Held, weighUnread } from './operations/asked-budget.ts';
import type { Caller } from './operations/callers.ts';
import { asksForOperation, isOnlyRead, schemaPath, toGatewayPath } from './operations/gateway-path.ts';
import { createInTime } from './operations/in-time.ts';
import { createPersistedOperations } from './operations/persisted-operations.ts';
import {
  type AskedDocument,
  createOperationReader,
  isOperation,
  type ReadRequest,
} from './operations/read-operation.ts';
import { traceHeader } from './plugins/use-trace.ts';
import { createAdmission } from './responses/admit-request.ts';
import { type Answer, toOwnAnswer } from './responses/answer.ts';
import { countRefusal } from './responses/count-refusal.ts';
import { toErrorAnswer, toProblemAnswer, toUnfitAnswer } from './responses/error-answer.ts';
import { isPage, toFetch, withoutBody } from './responses/fetch-form.ts';
import { limitRate } from './responses/limit-rate.ts';
import { offers, toAccepted, toMediaType } from './responses/negotiate.ts';
import { toOutageAnswer } from './responses/note-outage.ts';
import { type Charge, countReads, createOutcome, isOfBefore, type Outcome } from './responses/outcome.ts';
import { textOf, toCachedRequest } from './responses/public-request.ts';
import { createFormReceiver, isForm } from './responses/receive-form.ts';
import { createRequestLog } from './responses/request-log.ts';
import { type CachedAnswer, createResponseCache } from './responses/response-cache.ts';
import { createSchemaFile } from './responses/schema-file.ts';
import { createStreams, toFullAnswer } from './responses/streams.ts';
import { tellCost } from './responses/told-cost.ts';
import { traceRequests } from './responses/trace-requests.ts';
import { printSdl } from './schema/print.ts';
import { isTracing } from './tracing.ts';

export type { GatewayOptions } from './gateway/gateway-options.ts';
export type { GatewayRequest } from './gateway/gateway-request.ts';

/** A GraphQL endpoint without a listener. */
export interface Gateway extends AsyncDisposable {
  /** The schema of the moment. */
  readonly schema: GraphQLSchema;
  readonly graphiql: boolean;
  /** Answers a request; 404 where the path is not one of the gateway's. At once where the answer is kept. */
  readonly handle: (request: GatewayRequest) => Answer | Promise<Answer>;
  /** The same in the terms of the Fetch standard. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Runs code that requests will need, after the start, when nobody waits for it. */
  readonly warmUp: (signal: AbortSignal) => Promise<void>;
  /** Ends what clients follow, and takes no more of it: their connections would outlive a stop. */
  readonly endStreams: () => void;
}

const documentCacheBytes = 8 * 1024 * 1024;

/** Puts the endpoint together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { schema, createContext, logger, trace = false, hardened = false } = options;
  const graphiql = options.graphiql === true && !hardened;
  const closed = hardened || options.introspection === false;
  const limits = createLimits(options.limits);
  const persisted = options.persisted ?? createPersistedOperations({ listed: new Map(), only: false });
  const documents = createDocumentCache(documentCacheBytes);
  const schemaOf = () => (typeof schema === 'function' ? schema() : schema);
  const readOperation = createOperationReader({ documents, persisted, limits });
  const takeError = (text: string) => readOperation.takeError(text);
  const { only } = persisted;
  const told = { graphiql, closed, only, trace };
  const endpoint = createEndpoint({ ...options, schemaOf, documents, limits, takeError, ...told });
  const runner = createRunner({ endpoint, logger });
  const inTime = createInTime(limits);
  const maxAnswerBytes = limits.max('resultBytes');
  const budget = createAnswerBudget(maxAnswerBytes);
  const log = createRequestLog(logger, options.metrics);
  const streams = createStreams(limits, createFollowingBudget(), (difference) =>
    options.metrics?.following(difference),
  );
  // Where only known documents are executed, nobody can introspect either.
  const schemaFile = closed || only ? undefined : createSchemaFile(printSdl);
  const forms = options.forms ?? { maxBodyBytes: 256 * 1024, maxFileBytes: 50 * 1024 * 1024 };
  const asked = createRunningBudget(limits, forms.maxBodyBytes);
  const room = createRoom({ load: options.load, metrics: options.metrics, asked });
  const admit = createAdmission({ callers: options.callers, hardened });
  const refuse = (answer: Answer) => countRefusal(answer, options.metrics);

  const clientOf = (request: GatewayRequest) => toClientKey(request, options.proxies ?? 0);

  /** A run may go on without its client, and without what that has sent. */
  function chargeOf({ headers, address }: GatewayRequest): Charge | undefined {
    const { rateLimit } = options;
    return rateLimit && ((reads) => rateLimit.charge({ headers, address }, reads));
  }

  /** Counts what a run looked up, and gives how many requests it took. */
  function countRequests(outcome: Outcome): number {
    const { hits = 0, misses = 0 } = outcome.footprint ?? {};
    options.metrics?.lookedUp('memory', hits, misses);
    return countReads(outcome);
  }

  function ifThereIsRoom({ headers, body }: GatewayRequest, held: Held | null, work: () => Promise<Answer>) {
    return room.answer(toMediaType(textOf(headers['accept'])), held ?? weighUnread(body), work);
  }

  // What a trace tells is another thing each time.
  const isClosed = options.callers?.required === true;
  const { turnAway, join } = room;
  const readInTurns = createReadInTurns(readOperation);
  const run = room.limit(createRunAlone({ runner, inTime, budget, maxAnswerBytes, countRequests }));
  const responses =
    options.store && !trace ? createResponseCache({ store: options.store, run, turnAway, join, isClosed }) : undefined;

  const receiveForm = createFormReceiver({
    limits: forms,
    readOperation,
    async verify({ path, prove, ...request }) {
      const asked = runner.toRequest(path, { ...request, headers: withoutBody(request.headers) }, null);
      await createContext(asked, { acceptsStale: false, prove });
    },
  });

  async function answerForm(request: GatewayRequest, path: string, caller: Caller | null): Promise<Answer> {
    const startedAt = performance.now();
    const received = await receiveForm({ ...request, path, prove: options.rateLimit?.proofOf(request) });
    if ('status' in received) return refuse(received);
    await using form = received;
    const { isRead, operation, operations, variables } = form;
    const outcome = createOutcome();
    const headers = { ...withoutBody(request.headers), 'content-type': 'application/json' };
    const asked = runner.toRequest('/graphql', { ...request, headers }, operations);
    const { query = '', operationName } = operation ?? {};
    const params = { query, variables: { ...variables }, ...(operationName ? { operationName } : {}) };
    using share = budget.open(operation?.type === 'query');
    const isMutation = operation?.type === 'mutation';
    const context = { outcome, isRead, share, isMutation, client: clientOf(request), charge: chargeOf(request) };
    const result = operation ? await runner.execute(params, asked, context) : undefined;
    const ran = await runner.run(asked, { ...context, ...(result ? { result } : {}) });
    const answer = { ...toOwnAnswer(ran.status, ran.headers, ran.body), reads: countRequests(outcome) };
    log(answer, { startedAt, operation, outcome, cache: 'none', caller });
    return answer;
  }

  async function answerByYoga(
    request: GatewayRequest,
    path: string,
    document: AskedDocument | null,
    caller: Caller | null,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const { method } = request;
    const operation = isOperation(document) ? document : undefined;
    const outcome = createOutcome();
    const asked = toRequest(request, path, document);
    const prove = options.rateLimit?.proofOf(request);
    const context = { outcome, isRead: document !== null, prove, client: clientOf(request) };
    if (operation?.type === 'subscription') {
      const place = streams.enter(operation);
      const answer =
        place instanceof LimitError ? refuse(toFullAnswer(place)) : await runner.runStream(asked, context, place);
      log(answer, { startedAt, operation, outcome, cache: 'none', caller });
      return answer;
    }
    using share = budget.open(operation?.type === 'query');
    const isMutation = operation?.type === 'mutation';
    const charge = chargeOf(request);
    const run = (signal: AbortSignal) => runner.run(asked, { ...context, signal, share, isMutation, charge });
    const { status, headers, body: answered } = await inTime(asked.signal, run);
    // Where nothing ran, nobody has looked at the credentials either.
    const reads = outcome.footprint ? { reads: countRequests(outcome) } : {};
    const made = { ...toOwnAnswer(status, headers, answered), ...reads };
    if (method === 'OPTIONS' || isPage(status, headers)) return made;
    const staleFor =
      status === 200 && outcome.errors === 0 && outcome.footprint && isOfBefore(outcome.footprint)
        ? 'outage'
        : undefined;
    const answer = staleFor && outcome.footprint ? toOutageAnswer(made, outcome.footprint, performance.now()) : made;
    const named = { type: operation?.type, name: outcome.operationName };
    log(answer, { startedAt, operation: named, outcome, cache: 'none', staleFor, caller });
    return graphiql ? tellCost(answer, 'none', request.headers[traceHeader]) : answer;
  }

  function toRequest(asked: GatewayRequest, given: string, document: AskedDocument | null): Request {
    if (!document) return runner.toRequest(given, asked, asked.body instanceof Readable ? null : asked.body);
    const { path, request, body } = restate(asked, document);
    return runner.toRequest(path, request, body);
  }

  function answer(request: GatewayRequest): Answer | Promise<Answer> {
    const path = toGatewayPath(request.url);
    if (path === null) return notFound();
    const startedAt = performance.now();
    const { method, headers, body } = request;
    const admitted = admit({ method, path, headers });
    if ('status' in admitted) return refuse(admitted);
    const { caller } = admitted;
    if (isOnlyRead(method, path)) return notFound();
    if (path === schemaPath) return schemaFile ? schemaFile(schemaOf(), request) : notFound();
    const accepted = toAccepted(textOf(headers['accept']));
    // A GET without a document may be for GraphiQL.
    if (accepted.size === 0 && method === 'POST') return refuse(toUnfitAnswer(offers));
    if (isForm(request)) return ifThereIsRoom(request, null, () => answerForm(request, path, caller));
    if (body instanceof Readable) return toErrorAnswer(415, 'BAD_USER_INPUT', 'Only forms come piece by piece.');
    const asked = { method, url: path, contentType: textOf(headers['content-type']), body, headers };
    const read = readInTurns(asked);
    if (read === undefined) return room.refuse(toMediaType(textOf(headers['accept'])));
    const given = { request, path, caller, startedAt };
    return read instanceof Promise ? read.then((later) => answerRead(given, later)) : answerRead(given, read);
  }

  function answerRead(
    { request, path, caller, startedAt }: AdmittedRequest,
    read: ReadRequest,
  ): Answer | Promise<Answer> {
    const { method, headers } = request;
    const accepted = toAccepted(textOf(headers['accept']));
    const isRefused = read === null && persisted.only && asksForOperation(method, path);
    const problem = isRefused ? 'PERSISTED_QUERY_REQUIRED' : read;
    if (typeof problem === 'string' || problem instanceof UserError) {
      return refuse(toProblemAnswer(problem, toMediaType(textOf(headers['accept']))));
    }
    if (accepted.size === 0 && problem) return refuse(toUnfitAnswer(offers));
    const operation = isOperation(problem) ? problem : undefined;
    if (operation?.type === 'subscription' && !accepted.has('text/event-stream')) {
      return refuse(toUnfitAnswer(['text/event-stream']));
    }
    const isTraced = graphiql && headers[traceHeader] === 'on';
    const cached = operation?.type === 'query' && !isTraced ? toCachedRequest(request, chargeOf(request)) : null;
    if (!responses || !operation || !cached) {
      return ifThereIsRoom(request, problem, () => answerByYoga(request, path, problem, caller));
    }
    const finish = ({ answer, source, outcome, staleFor }: CachedAnswer) => {
      log(answer, { startedAt, operation, outcome, cache: source, staleFor, caller });
      return graphiql ? tellCost(answer, source, headers[traceHeader]) : answer;
    };
    const answered = responses.answer(operation, cached);
    return answered instanceof Promise ? answered.then(finish) : finish(answered);
  }

  const limited = options.rateLimit ? limitRate(answer, options.rateLimit, options.metrics) : answer;
  const handle = isTracing() ? traceRequests(limited) : limited;

  return {
    get schema() {
      return schemaOf();
    },
    graphiql,
    handle,
    fetch: toFetch(handle),
    warmUp: (signal) => warmUp({ schemaOf, runner }, signal),
    endStreams: () => streams.end(),
    async [Symbol.asyncDispose]() {
      streams.end();
      await endpoint.dispose();
    },
  };
}

const notFound = () => toErrorAnswer(404, undefined, 'Not found. GraphQL is served at /graphql.');
