// Owns what is told of requests to WordPress: a span and a count for each try, by the route without its ids.

import { UpstreamError } from '../errors.ts';
import type { UpstreamMetrics } from '../metrics.ts';
import { inSpan, type OpenSpan } from '../tracing.ts';
import { DeadlineError } from './deadline.ts';
import { toUpstreamError } from './failures.ts';
import { LeftError } from './line.ts';
import type { RestMethod } from './rest.ts';

/** A request, or a try of one. */
export interface ObservedTry {
  readonly method: RestMethod;
  /** Route below the REST root; null for a page of the site. */
  readonly route: string | null;
  readonly signal: AbortSignal;
  /** How often it was tried before. */
  readonly retries?: number;
}

/** Runs a try, and tells what became of it. */
export type Observe = <Result extends { readonly status: number }>(
  asked: ObservedTry,
  run: () => Promise<Result>,
) => Promise<Result>;

/** Observes the requests to an origin. */
export function createObserve(origin: string, metrics: UpstreamMetrics | undefined): Observe {
  const { hostname, port, protocol } = new URL(origin);
  const server = { 'server.address': hostname, 'server.port': Number(port || (protocol === 'https:' ? 443 : 80)) };

  return ({ method, route, signal, retries = 0 }, run) => {
    const template = toTemplate(route);
    const attributes = {
      ...{ 'http.request.method': method, 'url.template': template, ...server },
      ...(retries > 0 ? { 'http.request.resend_count': retries } : {}),
    };
    return inSpan({ name: `${method} ${template}`, kind: 'client', attributes }, async (span) => {
      const startedAt = performance.now();
      const tell = (outcome: string, status: number | undefined) => {
        metrics?.asked(template, outcome, (performance.now() - startedAt) / 1000);
        if (span) tellSpan(span, outcome, status);
      };
      try {
        const answer = await run();
        tell('ok', answer.status);
        return answer;
      } catch (error) {
        tell(toOutcome(error, signal), error instanceof UpstreamError ? error.details.status : undefined);
        throw error;
      }
    });
  };
}

/** Neither ids nor what is asked for: the first are many, the second may be what somebody searched for. */
function toTemplate(route: string | null): string {
  return route === null ? 'page' : `/${route.replace(/(^|\/)\d+(?=\/|$)/g, '$1{id}')}`;
}

function toOutcome(error: unknown, signal: AbortSignal): string {
  if (error instanceof LeftError) return 'left';
  return signal.reason instanceof DeadlineError ? 'UPSTREAM_TIMEOUT' : toUpstreamError('', error).code;
}

function tellSpan(span: OpenSpan, outcome: string, status: number | undefined): void {
  if (status !== undefined) span.set({ 'http.response.status_code': status });
  if (outcome !== 'ok') span.fail(outcome);
}
