// Owns the way to WordPress: every REST request goes through here, with its deadline, its place in line and its retries.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import type { UpstreamMetrics } from '../metrics.ts';
import { printTraceHeaders } from '../tracing.ts';
import { EncodingError } from './body.ts';
import type { Task } from './breaker.ts';
import type { Deadline } from './deadline.ts';
import { isHangUp, toStatusError, toUpstreamError } from './failures.ts';
import { createIdentify } from './identify.ts';
import { createLimiter } from './limiter.ts';
import { createLine, isAwaited, LeftError, untilLeft } from './line.ts';
import { followRoot } from './moved-root.ts';
import { createObserve } from './observe.ts';
import { type BrokenCall, createBreakers } from './parts.ts';
import { type AnsweredCall, isPageForEverybody, readAnswer, refusalOf } from './read-answer.ts';
import { followRedirect, isRedirect } from './redirect.ts';
import type {
  PageAnswer,
  PageRequest,
  RestBody,
  RestMethod,
  RestRequest,
  RestResponse,
  RestRoot,
  Waiting,
  WordPressClient,
} from './rest.ts';
import { createRetryBudget, isRead, planRetry, planWriteRetry, retryDelayMs } from './retry.ts';
import { createStrain } from './strain.ts';
import { createTransport, type Transport } from './transport.ts';
import { targetOf } from './url.ts';

/** How the client treats WordPress. */
export interface ClientOptions {
  readonly logger: Logger;
  /** Deadline of a call: waiting for a slot, retries and the body included. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Bound of one answer, decompressed. */
  readonly maxBytes?: number;
  /** How many requests WordPress gets at the same time. */
  readonly maxConcurrent?: number;
  /** How many may wait for a slot; beyond, calls fail as OVERLOADED. */
  readonly maxQueued?: number;
  readonly queueTimeoutMs?: number;
  readonly userAgent?: string;
  readonly metrics?: UpstreamMetrics;
  /** Told when an answer was that to another request: what was read just before may have been, too. */
  readonly onShift?: () => void;
  /** Spreads retries; a number from 0 to 1. */
  readonly random?: () => number;
}

/** What is read of a page: menus and links to REST are far above. */
const maxPageBytes = 2 * 1024 * 1024;
const maxMislabelled = 3;
/** How long a site is asked for plain answers: a bad hour of its host says nothing of the next one. */
const plainMs = 3_600_000;
const unkept = 'a cookie of somebody, or word that it is private: it is not kept';

/** A client of one site, which knows where its REST API is by now. */
export interface SiteClient extends WordPressClient {
  readonly root: RestRoot;
}

/** A client of one site; it contacts the root's origin and no other. */
export function createClient(root: RestRoot, options: ClientOptions): SiteClient {
  const { timeoutMs = 10_000, maxBytes = 16 * 1024 * 1024, maxConcurrent = 6, random = Math.random, logger } = options;
  const { maxQueued = 200, queueTimeoutMs = 5_000, connectTimeoutMs = 2_000, userAgent = 'headgate' } = options;
  const transport = createTransport(root.origin, { connectTimeoutMs, maxConnections: maxConcurrent });
  const limiter = createLimiter({ maxConcurrent, maxQueued, queueTimeoutMs });
  const inLine = createLine(limiter, timeoutMs);
  options.metrics?.watchQueue(() => limiter);
  const observe = createObserve(root.origin, options.metrics);
  const budget = createRetryBudget(0.1);
  // What is answered with an error takes nothing of what a connection that ends needs.
  const hangUpBudget = createRetryBudget(1);
  const watchStrain = createStrain(limiter);
  const breakers = createBreakers(logger, random);
  const warned = new Set<string>();
  // Answers in a row that were not what their Content-Encoding said; a site that always does it is asked for plain ones.
  let mislabelled = 0;
  let plainUntil = Number.NEGATIVE_INFINITY;
  const identify = createIdentify({ logger, renew: transport.renew, onShift: options.onShift });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);

  async function exchange(call: Call, { plain, alone }: Way): Promise<RestResponse> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': plain ? 'identity' : 'br, gzip, deflate',
      'user-agent': userAgent,
      ...printTraceHeaders(),
    };
    if (call.authorization !== undefined) headers['authorization'] = call.authorization;
    if (call.body) headers['content-type'] = call.body.type;
    if (call.body?.bytes !== undefined) headers['content-length'] = String(call.body.bytes);
    let target = call.target;
    for (let redirects = 0; ; redirects++) {
      const { method, signal } = call;
      const data = call.body?.data;
      const body = data === undefined ? {} : { body: typeof data === 'function' ? data() : data };
      const request = { method, target, headers, ...body, signal, maxBytes, alone } as const;
      const answer = await call.send({ ...request, beyond: 'reject' });
      if (answer.headers.has('content-encoding')) mislabelled = 0;
      if (!isRedirect(answer)) return readAnswer(call, answer, warnOnce);
      target = followRedirect(call, answer, new URL(root.origin + target), redirects);
    }
  }

  async function attempt(call: Call, endsAt: number): Promise<RestResponse> {
    const isOpen = call.authorization === undefined && isRead(call.method) && call.method !== 'OPTIONS';
    const watch = watchStrain({ isOpen, isKnown: () => breakers.isKnown(call) });
    budget.deposit();
    let plain = performance.now() < plainUntil;
    for (let retries = 0; ; retries++) {
      watch.began();
      try {
        const response = await observe({ ...call, retries }, () =>
          identify(call, (alone) => exchange(call, { plain, alone })),
        );
        hangUpBudget.deposit();
        watch.answered();
        if (!response.cacheable) warnOnce(call.label, unkept);
        return response;
      } catch (error) {
        call.signal.throwIfAborted();
        if (error instanceof LeftError) throw error;
        if (error instanceof EncodingError && ++mislabelled >= maxMislabelled) plainUntil = performance.now() + plainMs;
        const failure = toUpstreamError(call.label, error);
        watch.failed(failure);
        const plan = isRead(call.method) ? planRetry(failure) : planWriteRetry(failure);
        const waitMs = plan.atOnce
          ? 0
          : retryDelayMs(retries, failure.details.retryAfterSeconds ?? plan.afterSeconds, random);
        // To find out whether WordPress is back takes one request, on a connection that is open.
        const times = call.isProbe && !plan.atOnce ? 0 : plan.times;
        const isInTime = performance.now() + waitMs < endsAt;
        if (retries >= times || !isInTime || !isAwaited(call.waiting) || !(plan.atOnce ? hangUpBudget : budget).take())
          throw failure;
        logger.debug({ code: failure.code, waitMs }, `${failure.message}; retrying`);
        // Compression is the first suspect where a body made no sense.
        plain ||= failure.code === 'UPSTREAM_BAD_RESPONSE';
        await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
        if (closing.signal.aborted || !isAwaited(call.waiting)) throw failure;
      }
    }
  }

  /** Sends a request, and the next ones of the same call as long as anybody waits for it. */
  function createSend(label: string, waiting: Waiting): Transport['exchange'] {
    let isFirst = true;
    return async (request) => {
      if (!isFirst && !isAwaited(waiting)) throw new LeftError(label);
      isFirst = false;
      return transport.exchange(request);
    };
  }

  function warnOnce(label: string, oddity: string): void {
    if (warned.has(oddity)) return;
    warned.add(oddity);
    logger.warn(`${label}: the answer has ${oddity}`);
  }

  /** Exchanges a page for people, of whatever status. */
  function exchangePage(
    { method, target, ...waiting }: Omit<PageRequest, 'method'> & { readonly method: RestMethod },
    body: RestBody | null,
    isProbe: boolean,
  ): Promise<PageAnswer> {
    const label = `${method} ${target.replace(/\?.*/, '')}`;
    const exchangeIn = async (deadline: Deadline) => {
      const headers = {
        ...{ accept: 'text/html', 'accept-encoding': 'br, gzip, deflate', 'user-agent': userAgent },
        ...printTraceHeaders(),
        ...(body ? { 'content-type': body.type } : {}),
      };
      const sent = typeof body?.data === 'string' ? { body: body.data } : {};
      const request = { method, target, headers, signal: deadline.signal, maxBytes: maxPageBytes, ...sent } as const;
      // What a page says cannot be compared with what was asked, so nothing else may come on its connection.
      const answer = await transport.exchange({ ...request, beyond: body ? 'cut' : 'shorten', alone: true });
      // To a form 429 is an answer: WordPress takes no comments so quickly one after the other.
      if (!body && isDown(answer.status)) throw toStatusError(label, answer);
      hangUpBudget.deposit();
      const cacheable = isPageForEverybody(method, answer);
      if (!cacheable && !body) warnOnce(label, unkept);
      return { status: answer.status, headers: answer.headers, body: answer.body.toString('utf8'), cacheable };
    };
    const watch = watchStrain({ isOpen: !body, isKnown: () => breakers.isKnownPage(target) });
    const exchangeSeen = async (deadline: Deadline, retries: number) => {
      const { signal } = deadline;
      watch.began();
      try {
        const answer = await observe({ method, route: null, signal, retries }, () => exchangeIn(deadline));
        watch.answered();
        return answer;
      } catch (error) {
        // The line tells of a time that is over.
        if (!signal.aborted) watch.failed(toUpstreamError(label, error));
        throw error;
      }
    };
    // A page costs a site more than its content: it is tried again only where its connection broke.
    const exchangeTwice = (deadline: Deadline) =>
      exchangeSeen(deadline, 0).catch((error: unknown) => {
        if (body || deadline.signal.aborted || !isHangUp(error) || !isAwaited(waiting) || !hangUpBudget.take())
          throw error;
        return exchangeSeen(deadline, 1);
      });
    return inLine({ label, waiting, isProbe }, exchangeTwice);
  }

  /** Asks a question for nobody, to find out whether WordPress is back. */
  function probe({ label, method, route, query }: BrokenCall): Promise<RestResponse> {
    const target = targetOf(followed.root, { route, ...(query ? { query } : {}) }, label);
    const asked = { label, method, route, target, isProbe: true, ...(query ? { query } : {}) };
    // It is tried once.
    const once = { ...asked, waiting: { isAwaited: () => false }, send: createSend(label, {}) };
    return inLine({ ...asked, waiting: {} }, ({ signal, endsAt }) => attempt({ ...once, signal }, endsAt));
  }

  /** For later, of a flat text and apart from the call: V8 keeps the whole of a piece, and what any closure beside it sees. */
  function probeOf({ label, method, route, query }: BrokenCall): () => Promise<RestResponse> {
    const text = JSON.stringify({ label, method, route, query });
    return () => probe(JSON.parse(text));
  }

  async function ask(at: RestRoot, request: RestRequest): Promise<RestResponse> {
    const { method = 'GET', route, query, body, authorization, ...waiting } = request;
    const label = `${method} /${route}`;
    const target = targetOf(at, { route, ...(query ? { query } : {}) }, label);
    const asked = {
      ...{ label, method, route, target, waiting, send: createSend(label, waiting) },
      ...(query ? { query } : {}),
      ...(body ? { body } : {}),
      ...(authorization ? { authorization } : {}),
    };
    const call = { label, method, route, target, authorization, ...(query ? { query } : {}) };
    const task: Task<RestResponse> = ({ isProbe, spentMs, check }) =>
      inLine({ label, waiting, isProbe, spentMs, sentBytes: body?.bytes }, ({ signal, endsAt }) => {
        check();
        return attempt({ ...asked, isProbe, signal }, endsAt);
      });
    const run = () => breakers.run(call, task, probeOf(call));
    return untilLeft(waiting.signal, run);
  }

  const followed = followRoot(root, { logger, ask, timeoutMs });
  return {
    request: followed.request,
    get root() {
      return followed.root;
    },
    readPage(request) {
      const { method, target, signal } = request;
      const page = { label: `${method} ${target.replace(/\?.*/, '')}`, target };
      const task: Task<PageAnswer> = ({ isProbe }) => exchangePage(request, null, isProbe);
      const run = () => breakers.runPage(page, task, (answer) => refusalOf(page.label, answer));
      return untilLeft(signal, run);
    },
    sendForm: ({ target, fields }) =>
      exchangePage(
        { method: 'POST', target },
        { type: 'application/x-www-form-urlencoded', data: new URLSearchParams(fields).toString() },
        false,
      ),
    [Symbol.asyncDispose]() {
      closing.abort();
      return transport[Symbol.asyncDispose]();
    },
  };
}

interface Call extends AnsweredCall, Pick<RestRequest, 'body'> {
  readonly target: string;
  readonly isProbe: boolean;
  /** Ends it when its time is over. */
  readonly signal: AbortSignal;
  readonly waiting: Waiting;
  readonly send: Transport['exchange'];
}

/** Whether a page with this status is not the site's but that of a server that cannot show it. */
function isDown(status: number): boolean {
  return status === 429 || status >= 500;
}

/** How a call is made. */
interface Way {
  /** Without compression. */
  readonly plain: boolean;
  /** On a connection of its own. */
  readonly alone: boolean;
}
