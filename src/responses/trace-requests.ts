// Owns the span of a request: under that of who asked, with the status of its answer.

import { inRequestSpan } from '../tracing.ts';
import type { Answer } from './answer.ts';
import type { HttpRequest } from './public-request.ts';

/** Answers requests in spans of their own. */
export function traceRequests<Request extends HttpRequest>(
  handle: (request: Request) => Answer | Promise<Answer>,
): (request: Request) => Promise<Answer> {
  return (request) => {
    const attributes = { 'http.request.method': request.method, 'http.route': '/graphql', 'url.scheme': 'http' };
    return inRequestSpan({ headers: request.headers, attributes }, async (span) => {
      const answer = await handle(request);
      span?.set({ 'http.response.status_code': answer.status });
      // A fault of the client's is none of the server's.
      if (answer.status >= 500) span?.fail(answer.code ?? String(answer.status));
      return answer;
    });
  };
}
