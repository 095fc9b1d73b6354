// Owns forwarding to WordPress of what is not for the gateway: for those who ask for it, within the limit of each client.

import type { Readable } from 'node:stream';
import type { RateLimit } from './clients/rate-limit.ts';
import type { Config } from './config/load-config.ts';
import { UpstreamError } from './errors.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Answer } from './responses/answer.ts';
import { toErrorAnswer } from './responses/error-answer.ts';
import { toForwardedAnswer } from './responses/forwarded-answer.ts';
import { type AskingRequest, limitRate } from './responses/limit-rate.ts';
import { createForwarder, forwardedMethods } from './wordpress/forward.ts';
import type { Site } from './wordpress/rest.ts';

/** A request that is not for the gateway. */
export interface PassedRequest extends AskingRequest {
  readonly body: Buffer | Readable | null;
}

/** What forwards. */
export interface Forwarding extends AsyncDisposable {
  readonly forward: (request: PassedRequest) => Answer | Promise<Answer>;
}

/** What it stands on. */
export interface ForwardingOptions {
  readonly site: () => Site;
  readonly rateLimit: RateLimit | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Opens it; null where it is not asked for. */
export function openForwarding(
  config: Config,
  { site, rateLimit, metrics, logger }: ForwardingOptions,
): Forwarding | null {
  if (!config.forwards) return null;
  const { maxConcurrent: maxConnections } = config.upstream;
  const forwarder = createForwarder({ maxConnections, proxies: config.clients.proxies, logger });
  const forward = ({ signal: signalOf, body, ...request }: PassedRequest) => {
    const method = forwardedMethods.find((known) => known === request.method);
    if (!method) return refuseMethod();
    const signal = signalOf() ?? new AbortController().signal;
    const answered = forwarder.forward(site(), {
      ...{ ...request, method, address: request.address },
      body: Buffer.isBuffer(body) ? null : body,
      signal,
    });
    const charge = () => rateLimit?.charge(request, 1);
    answered.then(charge, (error: unknown) => {
      // It was not passed on.
      const isTurnedAway = error instanceof UpstreamError && error.code === 'OVERLOADED';
      if (!isTurnedAway) charge();
      // A client that left wants no answer; what is no fault of WordPress is logged as an error.
      if (signal.aborted || !(error instanceof UpstreamError)) return;
      logger.warn({ code: error.code }, `${error.message}; it was to be forwarded`);
    });
    return toForwardedAnswer(answered);
  };
  return {
    forward: rateLimit ? limitRate(forward, rateLimit, metrics) : forward,
    [Symbol.asyncDispose]: () => forwarder[Symbol.asyncDispose](),
  };
}

function refuseMethod(): Answer {
  const answer = toErrorAnswer(405, 'BAD_USER_INPUT', 'Requests with this method are not passed on.');
  return { ...answer, headers: [...answer.headers, 'allow', forwardedMethods.join(', ')] };
}
