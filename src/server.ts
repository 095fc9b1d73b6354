// Owns the HTTP listener: bounds while reading, health and readiness, and a stop that loses no answer.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type ReceivedWebhook, webhookMaxBytes, webhookPath } from './changes/receive-webhook.ts';
import { type BodyProblem, createBodyReader } from './clients/read-body.ts';
import { type ConfigError, errorCodes } from './errors.ts';
import type { Gateway, GatewayRequest } from './gateway.ts';
import type { Logger } from './log.ts';
import { type Metrics, metricsContentType } from './metrics.ts';
import { toGatewayPath } from './operations/gateway-path.ts';
import { type Answer, toOwnAnswer } from './responses/answer.ts';
import { countRefusal } from './responses/count-refusal.ts';
import { toErrorAnswer } from './responses/error-answer.ts';
import { prefersHtml } from './responses/negotiate.ts';
import { textOf } from './responses/public-request.ts';
import { isForm } from './responses/receive-form.ts';
import { answerUnread } from './server/answer-unread.ts';
import { type Exchange, watchConnections } from './server/connections.ts';
import { type DrainTimes, drain, type UnderWay } from './server/drain.ts';
import { beginExchange, bodyOf, createSignalOf, giveAnswer } from './server/exchange.ts';
import { GatheringRequest } from './server/gathering-request.ts';
import { toListenError } from './server/listen-error.ts';
import { onceInTurn } from './server/once-in-turn.ts';
import { createOpenExchanges } from './server/open-exchanges.ts';
import { greet, noPath, toBodyAnswer, toJsonAnswer, unreadable } from './server/own-answers.ts';
import { readTarget } from './server/request-target.ts';
import { createTraffic, type Traffic } from './server/traffic.ts';
import { createUntakenAnswers } from './server/untaken-answers.ts';

/** What a listener needs. */
export interface ListenerOptions {
  readonly gateway: Pick<Gateway, 'handle' | 'graphiql' | 'endStreams'>;
  readonly logger: Logger;
  /** Bound of the body of a request; larger ones are answered with 413. */
  readonly maxBodyBytes: number;
  /** What `/metrics` answers; without it there is no such path. */
  readonly printMetrics?: () => Promise<string>;
  /** Whether the process is about to stop: `/ready` says so, and connections are closed after their answer. */
  readonly isDraining?: () => boolean;
  /** Whether there is nothing to serve yet: `/ready` says so, and connections are closed after their answer. */
  readonly isStarting?: boolean;
  /** The page for people at `/`; without it they are told where GraphQL is. */
  readonly home?: (() => Promise<Answer>) | null | undefined;
  /** Count what is refused before the gateway is asked. */
  readonly metrics?: Pick<Metrics, 'failed' | 'limited'>;
  /** Passes on what is not for the gateway; without it that is answered with 404. */
  readonly forward?: ((request: GatewayRequest) => Promise<Answer> | Answer) | undefined;
  /** Answers what is posted to `/webhooks/purge`; without it there is no such path. */
  readonly receiveWebhook?: ((webhook: ReceivedWebhook) => Promise<Answer> | Answer) | null;
}

/** What a server needs. */
export interface ServerOptions extends Omit<ListenerOptions, 'isDraining' | 'metrics'>, DrainTimes {
  readonly port: number;
  /** Address to listen on; undefined for all. */
  readonly host?: string | undefined;
  /** Where it counts what comes; without it in one of its own. */
  readonly traffic?: Traffic;
  /** Count what is refused before the gateway is asked, and clients that do not take their answers. */
  readonly metrics?: Pick<Metrics, 'failed' | 'limited' | 'untaken'>;
  /** What answers may hold that their clients have not taken; an eighth of the heap's limit unless it is set. */
  readonly maxUntakenBytes?: number;
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Where people on this machine reach it, without trailing slash. */
  readonly url: string;
  /**
   * Stops: says so at `/ready`, takes requests until no more come, finishes what is under way, and closes; {@link drain} has
   * the times.
   */
  readonly close: () => Promise<void>;
  /**
   * Answers what comes from now on as these say, on the same port: at no moment does nobody listen. What came before is
   * answered as it would have been.
   */
  readonly handOver: (to: HandOver) => void;
}

/** What a server that listens already can be given. */
export type HandOver = Omit<ServerOptions, 'port' | 'host' | 'maxUntakenBytes'>;

/** Longer than the minute for which balancers keep theirs: who closes first loses no request. */
const keepAliveSeconds = 65;

/** Listens; rejects with a {@link ConfigError} where it cannot. */
export async function startServer(options: ServerOptions): Promise<Server> {
  let draining = false;
  const toServed = (served: HandOver) => {
    const underWay = { open, connections, traffic: served.traffic ?? createTraffic() };
    const listener = createListener({ ...served, isDraining: () => draining }, keepAliveSeconds, underWay);
    return { ...served, underWay, listener };
  };
  // Files take their time; bodies without files have less, see readBody.
  const times = { headersTimeout: 10_000, requestTimeout: 300_000, keepAliveTimeout: 1000 * keepAliveSeconds };
  // From Node.js 24.12 on, the stream of a request without a body has ended when it comes: nothing waits for its end.
  const settings = { ...times, optimizeEmptyRequests: true, IncomingMessage: GatheringRequest };
  const server = createServer(settings);
  const { maxUntakenBytes: maxBytes } = options;
  const untaken = createUntakenAnswers({ maxBytes, onEnd: () => served.metrics?.untaken() });
  const connections = watchConnections(server, untaken);
  const open = createOpenExchanges(connections);
  const listener: RequestListener = (request, response) => served.listener(request, response);
  answerUnread(server, { connections, maxBodyBytes: () => served.maxBodyBytes, listener });
  let served = toServed(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, options)));
    server.listen({ port: options.port, host: options.host }, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const stop = () => {
    draining = true;
    served.gateway.endStreams();
    return drain({ ...served, server });
  };
  const handOver = (to: HandOver) => {
    served = toServed(to);
  };
  let stopping: Promise<void> | undefined;
  const close = () => (stopping ??= stop());
  return { port, url: toUrl(options.host, port), close, handOver, [Symbol.asyncDispose]: close };
}

/**
 * A listener for node:http, for those who have a server of their own: only of ours it is known how long it keeps
 * connections, and who waits when it stops.
 */
export function createListener(
  options: ListenerOptions,
  keepAliveSeconds?: number,
  underWay?: UnderWay,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { gateway, logger, maxBodyBytes, isDraining = () => false } = options;
  const readBody = createBodyReader();
  const refuse = (answer: Answer) => countRefusal(answer, options.metrics);
  const home = options.home && onceInTurn(options.home);
  const answerMetrics = options.printMetrics && onceInTurn(toMetricsAnswer(options.printMetrics));

  /** What is answered without the body of the request; undefined where that is needed. */
  function answerAtOnce(request: IncomingMessage, url: string): Answer | undefined {
    if (toGatewayPath(url) !== null) return unreadable(request);
    const [path = ''] = url.split('?', 1);
    if (path === '/health') return toJsonAnswer(200, { status: 'ok' });
    if (path === '/ready') {
      const status = isDraining() ? 'draining' : options.isStarting ? 'starting' : 'ready';
      return toJsonAnswer(status === 'ready' ? 200 : 503, { status });
    }
    if (options.forward) return undefined;
    return path === '/' && !wantsHome(request, path) ? greet(request, gateway.graphiql) : undefined;
  }

  function wantsHome({ method, headers }: IncomingMessage, path: string): boolean {
    return !!home && !options.forward && path === '/' && method === 'GET' && prefersHtml(textOf(headers.accept) ?? '');
  }

  function finish(exchange: Exchange, answer: Answer): void {
    const isLast = isDraining() || options.isStarting === true;
    giveAnswer(exchange, answer, { isLast, keepAliveSeconds });
  }

  function fail(exchange: Exchange, error: unknown): void {
    // A request is destroyed once its body is read; nobody listens any more where the response is.
    if (exchange.response.destroyed || exchange.isTurnedAway) return;
    logger.error({ err: error }, 'a request failed');
    finish(exchange, refuse(toErrorAnswer(500, 'INTERNAL_SERVER_ERROR', errorCodes.INTERNAL_SERVER_ERROR)));
  }

  /** Answers at once what is there at once: what is kept waits for no other turn. */
  function settle(exchange: Exchange, give: () => Answer | Promise<Answer>): void {
    try {
      const answer = give();
      if (answer instanceof Promise) {
        underWay?.open.add(exchange);
        answer
          .then((given) => finish(exchange, given))
          .catch((error: unknown) => fail(exchange, error))
          .finally(() => underWay?.open.delete(exchange));
      } else finish(exchange, answer);
    } catch (error) {
      fail(exchange, error);
    }
  }

  function toGatewayRequest(exchange: Exchange, body: GatewayRequest['body']): GatewayRequest {
    const { method = 'GET', url = '/', headers } = exchange.request;
    return { method, url, headers, body, signal: createSignalOf(exchange), address: exchange.address };
  }

  function ask(exchange: Exchange, body: GatewayRequest['body']): void {
    settle(exchange, () => gateway.handle(toGatewayRequest(exchange, body)));
  }

  function read(exchange: Exchange, maxBytes: number, onBody: (body: Buffer<ArrayBuffer>) => void): void {
    const body = bodyOf(exchange);
    if (body) underWay?.open.arrive(exchange);
    const unlessTurnedAway = (go: () => void) => {
      exchange.isArriving = false;
      if (!exchange.isTurnedAway) go();
    };
    const take = (read: Buffer<ArrayBuffer>) => unlessTurnedAway(() => onBody(read));
    const give = (why: BodyProblem) => unlessTurnedAway(() => finish(exchange, refuse(toBodyAnswer(why, maxBytes))));
    if (body) readBody(body, maxBytes, take, give);
    else onBody(nothing);
  }

  return (request, response) => {
    const exchange = beginExchange(request, response, underWay?.connections.of(request.socket));
    if (!exchange) {
      // What comes unread would reset the connection, and the client lose the answer before.
      request.resume();
      return;
    }
    const target = readTarget(request.url ?? '/');
    if (target) request.url = target.url;
    if (target?.host !== undefined) request.headers.host = target.host;
    const { method = 'GET', url = '/', headers } = request;
    underWay?.traffic.came(url);
    const { address } = exchange;
    const answer = target ? answerAtOnce(request, url) : refuse(noPath());
    if (answer) return finish(exchange, answer);
    if (method === 'GET' && url.startsWith('/graphql?')) return ask(exchange, null);
    const { receiveWebhook, forward } = options;
    const [path = ''] = url.split('?', 1);
    if (home && wantsHome(request, path)) settle(exchange, home);
    else if (receiveWebhook && path === webhookPath) {
      read(exchange, webhookMaxBytes, (body) => {
        settle(exchange, () => receiveWebhook({ method, url, headers, body, address }));
      });
    } else if (answerMetrics && url === '/metrics') settle(exchange, answerMetrics);
    else if (forward && toGatewayPath(url) === null) {
      settle(exchange, () => forward(toGatewayRequest(exchange, bodyOf(exchange))));
    } else if (method === 'GET' || method === 'HEAD') ask(exchange, null);
    else if (isForm({ method, headers }) && toGatewayPath(url) !== null) ask(exchange, bodyOf(exchange));
    else read(exchange, maxBodyBytes, (body) => ask(exchange, body));
  };
}

const nothing = Buffer.alloc(0);

function toMetricsAnswer(print: () => Promise<string>): () => Promise<Answer> {
  return async () => toOwnAnswer(200, [['content-type', metricsContentType]], Buffer.from(await print()));
}

function toUrl(host: string | undefined, port: number): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
