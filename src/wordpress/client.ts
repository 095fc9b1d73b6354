// Owns the way to WordPress: every REST request goes through here, with its deadline, its place in line and its retries.

import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { EncodingError } from './body.ts';
import { toJsonError, toStatusError, toUpstreamError, toWordPressFailure } from './failures.ts';
import { JsonError, parseJson } from './json.ts';
import { createLimiter } from './limiter.ts';
import type { RestMethod, RestRequest, RestResponse, RestRoot, WordPressClient } from './rest.ts';
import { createRetryBudget, planRetry, planWriteRetry, retryDelayMs } from './retry.ts';
import { type Answer, createTransport } from './transport.ts';
import { printTarget } from './url.ts';

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
  /** Spreads retries; a number from 0 to 1. */
  readonly random?: () => number;
}

/** What is read of a page: menus and links to REST are far above. */
const maxPageBytes = 2 * 1024 * 1024;
const maxRedirects = 3;
const maxMislabelled = 3;

/** A client of one site; it contacts the root's origin and no other. */
export function createClient(root: RestRoot, options: ClientOptions): WordPressClient {
  const { timeoutMs = 10_000, maxBytes = 16 * 1024 * 1024, maxConcurrent = 6, random = Math.random, logger } = options;
  const { maxQueued = 200, queueTimeoutMs = 5_000, connectTimeoutMs = 2_000, userAgent = 'headgate' } = options;
  const transport = createTransport(root.origin, { connectTimeoutMs, maxConnections: maxConcurrent });
  const limiter = createLimiter({ maxConcurrent, maxQueued, queueTimeoutMs });
  const budget = createRetryBudget();
  const warned = new Set<string>();
  // Answers in a row that were not what their Content-Encoding said; a site that always does it is asked for plain ones.
  let mislabelled = 0;

  async function exchange(call: Call, plain: boolean): Promise<RestResponse> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': plain ? 'identity' : 'br, gzip, deflate',
      'user-agent': userAgent,
    };
    if (call.authorization !== undefined) headers['authorization'] = call.authorization;
    if (call.body) headers['content-type'] = call.body.type;
    if (call.body?.bytes !== undefined) headers['content-length'] = String(call.body.bytes);
    let target = call.target;
    for (let redirects = 0; ; redirects++) {
      const { method, signal } = call;
      const data = call.body?.data;
      const body = data === undefined ? {} : { body: typeof data === 'function' ? data() : data };
      const answer = await transport.exchange({ method, target, headers, ...body, signal, maxBytes, beyond: 'reject' });
      if (answer.headers.has('content-encoding')) mislabelled = 0;
      if (!isRedirect(answer.status)) return toRestResponse(call, answer, warnOnce);
      target = followRedirect(call, answer, new URL(target, root.origin), redirects);
    }
  }

  async function attempt(call: Call, endsAt: number): Promise<RestResponse> {
    budget.deposit();
    let plain = mislabelled >= maxMislabelled;
    for (let retries = 0; ; retries++) {
      try {
        return await exchange(call, plain);
      } catch (error) {
        call.signal.throwIfAborted();
        if (error instanceof EncodingError) mislabelled++;
        const failure = toUpstreamError(call.label, error);
        const plan = isRead(call.method) ? planRetry(failure) : planWriteRetry(failure);
        const waitMs = plan.atOnce ? 0 : retryDelayMs(retries, failure.details.retryAfterSeconds ?? 0, random);
        if (retries >= plan.times || performance.now() + waitMs >= endsAt || !budget.take()) throw failure;
        logger.debug({ code: failure.code, waitMs }, `${failure.message}; retrying`);
        // Compression is the first suspect where a body made no sense.
        plain ||= failure.code === 'UPSTREAM_BAD_RESPONSE';
        await sleep(waitMs, undefined, { signal: call.signal });
      }
    }
  }

  function warnOnce(label: string, oddity: string): void {
    if (warned.has(oddity)) return;
    warned.add(oddity);
    logger.warn(`${label}: ${oddity}; a plugin or a PHP notice spoils the answers of WordPress`);
  }

  /** Runs a call within its deadline and its place in line; failures are `UpstreamError`s, a caller's leave is the caller's. */
  async function inLine<Result>(
    label: string,
    caller: AbortSignal | undefined,
    run: (deadline: Deadline) => Promise<Result>,
  ): Promise<Result> {
    const deadline = startDeadline(timeoutMs, caller);
    try {
      return await limiter.run(() => run(deadline), deadline.signal);
    } catch (error) {
      caller?.throwIfAborted();
      if (!deadline.signal.aborted) throw toUpstreamError(label, error);
      throw new UpstreamError('UPSTREAM_TIMEOUT', `${label}: no answer within ${timeoutMs} ms`, { cause: error });
    } finally {
      deadline.clear();
    }
  }

  return {
    async request({ method = 'GET', route, query, body, authorization, signal }) {
      const label = `${method} /${route}`;
      const target = printTarget(root, route, query);
      if (target === null) throw new UpstreamError('UPSTREAM_NOT_FOUND', `${label}: WordPress.com has no such route`);
      return inLine(label, signal, (deadline) => {
        const given = { ...(body ? { body } : {}), ...(authorization ? { authorization } : {}) };
        return attempt({ label, method, target, signal: deadline.signal, ...given }, deadline.endsAt);
      });
    },
    readPage: ({ method, target, signal }) =>
      inLine(`${method} ${target.replace(/\?.*/, '')}`, signal, async (deadline) => {
        const headers = { accept: 'text/html', 'accept-encoding': 'br, gzip, deflate', 'user-agent': userAgent };
        const request = { method, target, headers, signal: deadline.signal, maxBytes: maxPageBytes } as const;
        const answer = await transport.exchange({ ...request, beyond: 'cut' });
        return { status: answer.status, headers: answer.headers, body: answer.body.toString('utf8') };
      }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

interface Call extends Pick<RestRequest, 'authorization' | 'body'> {
  readonly label: string;
  readonly method: RestMethod;
  readonly target: string;
  readonly signal: AbortSignal;
}

type Deadline = ReturnType<typeof startDeadline>;

/** One signal for the time that is left and for a caller who leaves. */
function startDeadline(timeoutMs: number, caller: AbortSignal | undefined) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('deadline')), timeoutMs);
  const leave = () => controller.abort(caller?.reason);
  if (caller?.aborted) leave();
  caller?.addEventListener('abort', leave);
  return {
    signal: controller.signal,
    endsAt: performance.now() + timeoutMs,
    clear() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', leave);
    },
  };
}

function isRead(method: RestMethod): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function followRedirect({ label, method }: Call, { status, headers }: Answer, from: URL, redirects: number): string {
  const location = headers.get('location') ?? '';
  const to = location !== '' && URL.canParse(location, from) ? new URL(location, from) : null;
  if (!to) throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: ${status} to nowhere`, { status });
  if (/\/wp-login\.php$/.test(to.pathname)) {
    throw new UpstreamError('UPSTREAM_NOT_JSON', `${label}: ${status} to the login page`, { status, kind: 'login' });
  }
  // Who follows a redirect of a write may write twice, or read where it should have written.
  if (to.origin !== from.origin || method === 'OPTIONS' || !isRead(method)) {
    throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: ${status} to ${to.origin}`, { status });
  }
  if (redirects >= maxRedirects) {
    throw new UpstreamError('UPSTREAM_REDIRECT', `${label}: more than ${maxRedirects} redirects`, { status });
  }
  return to.pathname + to.search;
}

function toRestResponse(
  { label, method }: Call,
  answer: Answer,
  warn: (label: string, oddity: string) => void,
): RestResponse {
  const { status, headers, body } = answer;
  if (status < 200 || status > 299) throw toStatusError(label, answer);
  const total = parseTotal(headers.get('x-wp-total'));
  if (method === 'HEAD') {
    // A page in place of JSON cannot be told by a body here.
    if (total === null && /^text\/html/i.test(headers.get('content-type') ?? '')) {
      throw new UpstreamError('UPSTREAM_NOT_JSON', `${label}: an HTML page`, { status, kind: 'html' });
    }
    return { status, body: null, total, bytes: 0 };
  }
  try {
    const { value, oddities } = parseJson(body);
    const failure = toWordPressFailure(value);
    // Some hosts turn every status into 200.
    if (failure?.status) throw toStatusError(label, answer, failure);
    for (const oddity of oddities) warn(label, oddity);
    return { status, body: value, total, bytes: body.length };
  } catch (error) {
    throw error instanceof JsonError ? toJsonError(label, answer, error) : error;
  }
}

/** Proxies repeat the header (`12, 12`) or leave it out. */
function parseTotal(value: string | undefined): number | null {
  const digits = /^\s*(\d{1,15})(?![\d.])/.exec(value ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}
