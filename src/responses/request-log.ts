// Owns the one log line that each operation leaves.

import type { Logger } from '../log.ts';
import type { AnswerSource, Metrics } from '../metrics.ts';
import type { Caller } from '../operations/callers.ts';
import { isTracing, nameOperation } from '../tracing.ts';
import type { Answer } from './answer.ts';
import type { ErrorsOf } from './outcome.ts';
import type { StaleReason } from './response-cache.ts';

/** What a line tells beside the answer. */
export interface LoggedOperation {
  /** In ms of `performance.now()`. */
  readonly startedAt: number;
  /** Its name, and whether it is a query; null where it could not be read. */
  readonly operation: { readonly name: string | undefined; readonly type: string | undefined } | null;
  readonly outcome: ErrorsOf;
  readonly cache: AnswerSource;
  /** Whose API key it came with. */
  readonly caller: Caller | null;
  /** Why the answer is stale. */
  readonly staleFor?: StaleReason | undefined;
}

/** Logs id, operation name, duration, REST requests, errors with their codes, status and cache of each operation, and counts it. */
export function createRequestLog(logger: Logger, metrics?: Metrics): (answer: Answer, logged: LoggedOperation) => void {
  const traces = isTracing();
  return ({ status, headers, reads = 0 }, { startedAt, operation, outcome, cache, caller, staleFor }) => {
    // The client names its operations, at any length.
    const name = operation?.name?.slice(0, 100);
    const { errors, codes } = outcome;
    const durationMs = performance.now() - startedAt;
    metrics?.answered(cache, errors, durationMs / 1000);
    if (staleFor) metrics?.servedStale(staleFor);
    if (traces) {
      const type = operation?.type;
      const attributes = {
        ...(type === undefined ? {} : { 'graphql.operation.type': type }),
        ...(name === undefined ? {} : { 'graphql.operation.name': name }),
        ...{ 'headgate.cache': cache, 'headgate.rest_requests': reads, 'headgate.errors': errors },
      };
      nameOperation(type, attributes, codes.find(isFailure));
    }
    if (!logger.isLevelEnabled('info')) return;
    logger.info(
      {
        requestId: headers[headers.lastIndexOf('x-request-id') + 1],
        operation: name,
        durationMs: Math.round(durationMs * 10) / 10,
        // What others asked for at the same time stands in their lines.
        restRequests: reads,
        errors,
        ...(codes.length > 0 ? { codes } : {}),
        status,
        cache,
        ...(caller ? { caller: caller.name } : {}),
        ...(staleFor ? { staleFor, age: Number(headers[headers.lastIndexOf('age') + 1]) } : {}),
      },
      'operation',
    );
  };
}

/** Whether a code tells of a failure of WordPress or the gateway: a fault of the client's is none of the server's. */
function isFailure(code: string): boolean {
  return (
    code === 'INTERNAL_SERVER_ERROR' || code === 'OVERLOADED' || /^UPSTREAM_(?!FORBIDDEN|NOT_FOUND|REFUSED)/.test(code)
  );
}
