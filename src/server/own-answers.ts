// Owns the answers that need no gateway: what cannot be read and why, looks of balancers, and a greeting.

import type { IncomingMessage } from 'node:http';
import type { BodyProblem } from '../clients/read-body.ts';
import { type Answer, toOwnAnswer } from '../responses/answer.ts';
import { toBusyAnswer } from '../responses/busy-answer.ts';
import { toErrorAnswer } from '../responses/error-answer.ts';
import { prefersHtml } from '../responses/negotiate.ts';
import { textOf } from '../responses/public-request.ts';

/** The answer to a target that leads nowhere. */
export function noPath(): Answer {
  return toErrorAnswer(400, 'BAD_USER_INPUT', 'The target of the request is no path, or one that leads nowhere.');
}

/** Tells why a body is not read. */
export function toBodyAnswer(why: BodyProblem, maxBytes: number): Answer {
  if (why === 'tooMuch') return toBusyAnswer({ status: 503, code: 'OVERLOADED' }, 1000, null);
  const message = `The body of the request is larger than ${maxBytes} bytes.`;
  return toErrorAnswer(413, 'LIMIT_EXCEEDED', message, undefined, { limit: { name: 'bodyBytes', max: maxBytes } });
}

/** The answer to a body that is written in a way that is not read; undefined where it is. */
export function unreadable(request: IncomingMessage): Answer | undefined {
  const why = whyUnreadable(request);
  return why === undefined ? undefined : toErrorAnswer(415, 'BAD_USER_INPUT', why);
}

/** Encodings are refused rather than guessed: a body means to a cache what it means to GraphQL. */
function whyUnreadable(request: IncomingMessage): string | undefined {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return 'The body of a request must not be compressed.';
  const type = request.headers['content-type'] ?? '';
  if (type === '' || type === 'application/json') return undefined;
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8';
  return /^(utf-?8|us-ascii)$/i.test(charset) ? undefined : 'The body of a request must be UTF-8.';
}

/** An answer of the gateway itself, for programs. */
export function toJsonAnswer(status: number, body: object): Answer {
  return toOwnAnswer(status, [['content-type', 'application/json']], Buffer.from(JSON.stringify(body)));
}

/** What is at the root, for who looks there. */
export function greet(request: IncomingMessage, graphiql: boolean): Answer {
  if (graphiql && prefersHtml(textOf(request.headers.accept) ?? '')) {
    return toOwnAnswer(302, [['location', './graphql']], Buffer.alloc(0));
  }
  const text = 'Headgate: GraphQL for WordPress, at /graphql.\n';
  return toOwnAnswer(200, [['content-type', 'text/plain; charset=utf-8']], Buffer.from(text));
}
