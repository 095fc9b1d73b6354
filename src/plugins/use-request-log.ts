// Owns the one log line that each operation leaves.

import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../log.ts';
import { requestIdOf } from './use-request-id.ts';

interface Observation {
  readonly startedAt: number;
  operation?: string;
  errors: number;
}

/** Logs id, operation name, duration, errors and status of each operation. */
export function useRequestLog(logger: Logger): Plugin {
  const observations = new WeakMap<object, Observation>();
  return {
    onRequest({ request }) {
      observations.set(request, { startedAt: performance.now(), errors: 0 });
    },
    onParams({ request, params }) {
      const observation = observations.get(request);
      const name: unknown = params.operationName;
      if (observation !== undefined && typeof name === 'string') observation.operation = name;
    },
    onExecute({ args }) {
      const request: unknown = args.contextValue.request;
      const observation = request instanceof Object ? observations.get(request) : undefined;
      if (observation === undefined || observation.operation !== undefined) return;
      const name = getOperationAST(args.document, args.operationName)?.name?.value;
      if (name !== undefined) observation.operation = name;
    },
    onResultProcess({ request, result }) {
      const observation = observations.get(request);
      if (observation !== undefined && 'errors' in result) observation.errors = result.errors?.length ?? 0;
    },
    onResponse({ request, response }) {
      const observation = observations.get(request);
      if (observation === undefined || request.method === 'OPTIONS' || isPage(response)) return;
      logger.info(
        {
          requestId: requestIdOf(request),
          // The client names its operations, at any length.
          operation: observation.operation?.slice(0, 100),
          durationMs: Math.round((performance.now() - observation.startedAt) * 10) / 10,
          errors: observation.errors,
          status: response.status,
        },
        'operation',
      );
    },
  };
}

/** GraphiQL and its assets are no operations. */
function isPage(response: Response): boolean {
  const type = response.headers.get('content-type') ?? '';
  return response.ok && !/json|event-stream|multipart/.test(type);
}
