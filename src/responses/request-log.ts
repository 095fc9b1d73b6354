// Owns the one log line that each operation leaves.

import type { Logger } from '../log.ts';
import type { AnswerSource, Metrics } from '../metrics.ts';
import type { Caller } from '../operations/callers.ts';
import type { Answer } from './answer.ts';
import type { StaleReason } from './response-cache.ts';

/** What a line tells beside the answer. */
export interface LoggedOperation {
  /** In ms of `performance.now()`. */
  readonly startedAt: number;
  readonly operation: string | undefined;
  readonly errors: number;
  readonly cache: AnswerSource;
  /** Whose API key it came with. */
  readonly caller: Caller | null;
  /** Why the answer is stale. */
  readonly staleFor?: StaleReason | undefined;
}

/** Logs id, operation name, duration, errors, status and cache of each operation, and counts it. */
export function createRequestLog(logger: Logger, metrics?: Metrics): (answer: Answer, logged: LoggedOperation) => void {
  return ({ status, headers }, { startedAt, operation, errors, cache, caller, staleFor }) => {
    metrics?.answered(cache, errors);
    if (staleFor) metrics?.servedStale(staleFor);
    if (!logger.isLevelEnabled('info')) return;
    logger.info(
      {
        requestId: headers[headers.lastIndexOf('x-request-id') + 1],
        // The client names its operations, at any length.
        operation: operation?.slice(0, 100),
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        errors,
        status,
        cache,
        ...(caller ? { caller: caller.name } : {}),
        ...(staleFor ? { staleFor, age: Number(headers[headers.lastIndexOf('age') + 1]) } : {}),
      },
      'operation',
    );
  };
}
