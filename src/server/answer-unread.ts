// Owns what node:http would answer or end by itself, without saying why: what it cannot read, tunnels, and expectations.

import { type IncomingMessage, maxHeaderSize, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { toGatewayPath } from '../operations/gateway-path.ts';
import { type Answer, allHeaders } from '../responses/answer.ts';
import { toErrorAnswer } from '../responses/error-answer.ts';
import { isForm } from '../responses/receive-form.ts';
import type { Connections } from './connections.ts';
import { beginExchange, endBehind, giveAnswer } from './exchange.ts';

/** What such answers need. */
export interface UnreadOptions {
  readonly connections: Connections;
  readonly maxBodyBytes: () => number;
  /** Takes what can be read. */
  readonly listener: RequestListener;
}

const problems: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The address and the headers of the request are larger than ${maxHeaderSize} bytes.`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of the chunks of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
};

/** Has a server answer such requests in JSON, and tell who asks before it sends a body whether that would be too large. */
export function answerUnread(server: Server, { connections, maxBodyBytes, listener }: UnreadOptions): void {
  const refuse = (...[request, response, answer]: [...Parameters<RequestListener>, Answer]) => {
    const exchange = beginExchange(request, response, connections.of(request.socket));
    if (exchange) giveAnswer(exchange, answer, { isLast: true, keepAliveSeconds: undefined });
    else request.resume();
  };
  server.on('request', (request, response) => {
    if (request.method !== 'CONNECT') listener(request, response);
    else refuse(request, response, toErrorAnswer(501, 'BAD_USER_INPUT', 'There are no tunnels through the gateway.'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const [status, message] = problems[error.code ?? ''] ?? [400, 'The request is not well-formed.'];
    const answer = toErrorAnswer(status, 'BAD_USER_INPUT', message);
    const connection = socket instanceof Socket && socket.writable ? connections.of(socket) : undefined;
    // In the place of another answer, or behind the one to the same request, the client would take it for something else.
    if (connection && connection.unwritten > 0) endBehind(connection, answer);
    else if (!connection || connection.isAheadOfRequest) socket.destroy(error);
    else socket.end(toBytes(answer), () => socket.destroy());
  });
  server.on('checkContinue', (request, response) => {
    if (!isTooLarge(request, maxBodyBytes())) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => {
    refuse(request, response, toErrorAnswer(417, 'BAD_USER_INPUT', 'Nothing can be expected but 100-continue.'));
  });
}

/** Of an operation; what else comes has bounds of its own. */
function isTooLarge({ method = '', url = '', headers }: IncomingMessage, maxBytes: number): boolean {
  const isOperation = toGatewayPath(url) !== null && !isForm({ method, headers });
  return isOperation && Number(headers['content-length'] ?? 0) > maxBytes;
}

function toBytes(answer: Answer): Buffer {
  const headers = [...allHeaders(answer), 'connection', 'close'];
  const lines = headers.map((text, index) => text + (index % 2 === 0 ? ': ' : '\r\n'));
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), answer.body]);
}
