// Owns that a client that asks too often is told so, whatever it asks for and whether the answer is kept or not.

import type { RateLimit } from '../clients/rate-limit.ts';
import type { Metrics } from '../metrics.ts';
import { asksForPage, toGatewayPath } from '../operations/gateway-path.ts';
import type { Answer } from './answer.ts';
import { toBusyAnswer } from './busy-answer.ts';
import { toMediaType } from './negotiate.ts';
import { type HttpRequest, textOf } from './public-request.ts';

/** A request of somebody for something. */
export interface AskingRequest extends HttpRequest {
  /** Path and query as the client sent them. */
  readonly url: string;
  /** Address of the other end of its connection. */
  readonly address?: string | undefined;
}

/** Answers a request. */
export type Handle<Request extends AskingRequest> = (request: Request) => Answer | Promise<Answer>;

function isFileOfPage(method: string, url: string): boolean {
  return url.startsWith('/graphiql/') && asksForPage(method, toGatewayPath(url) ?? url);
}

/** The same for clients that do not ask too often; others are answered with 429. */
export function limitRate<Request extends AskingRequest>(
  handle: Handle<Request>,
  limit: RateLimit,
  metrics: Metrics | undefined,
): Handle<Request> {
  function answer(request: Request, waitMs: number): Answer | Promise<Answer> {
    if (waitMs > 0) {
      metrics?.limited('rate');
      metrics?.failed('RATE_LIMITED');
      const media = toMediaType(textOf(request.headers['accept']));
      return toBusyAnswer({ status: 429, code: 'RATE_LIMITED' }, waitMs, media);
    }
    const settle = (answered: Answer) => {
      limit.settle(request, answered);
      return answered;
    };
    const leave = (error: unknown) => {
      limit.settle(request, null);
      throw error;
    };
    const answered = handle(request);
    return answered instanceof Promise ? answered.then(settle, leave) : settle(answered);
  }

  return (request) => {
    const { method, url } = request;
    // Browsers ask for leave, and for what GraphiQL is made of.
    if (method === 'OPTIONS' || isFileOfPage(method, url)) return handle(request);
    const wait = limit.take(request);
    return typeof wait === 'number' ? answer(request, wait) : wait.then((waitMs) => answer(request, waitMs));
  };
}
