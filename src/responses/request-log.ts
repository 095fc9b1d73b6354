// Owns the one log line that each operation leaves.

import type { Logger } from '../log.ts';
import type { Answer } from './answer.ts';

/** What a line tells beside the answer. */
export interface LoggedOperation {
  /** In ms of `performance.now()`. */
  readonly startedAt: number;
  readonly operation: string | undefined;
  readonly errors: number;
  /** Where the answer came from; `none` for one that is kept for nobody. */
  readonly cache: 'hit' | 'stale' | 'miss' | 'none';
}

/** Logs id, operation name, duration, errors, status and cache of each operation. */
export function createRequestLog(logger: Logger): (answer: Answer, logged: LoggedOperation) => void {
  return ({ status, headers }, { startedAt, operation, errors, cache }) => {
    logger.info(
      {
        requestId: headers[headers.lastIndexOf('x-request-id') + 1],
        // The client names its operations, at any length.
        operation: operation?.slice(0, 100),
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        errors,
        status,
        cache,
      },
      'operation',
    );
  };
}
