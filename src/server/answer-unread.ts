// Owns what node:http would answer or end by itself, without saying why: what it cannot read, tunnels, and expectations.

import { type IncomingMessage, maxHeaderSize, type Server, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import { toGatewayPath } from '../operations/gateway-path.ts';
import { type Answer, allHeaders } from '../responses/answer.ts';
import { toErrorAnswer } from '../responses/error-answer.ts';
import { isForm } from '../responses/receive-form.ts';
import { writeAnswer } from './write-answer.ts';

const noTunnel = 'HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

const problems: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, `The address and the headers of the request are larger than ${maxHeaderSize} bytes.`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of the chunks of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
};

/** Has a server answer such requests in JSON, and tell who asks before it sends a body whether that would be too large. */
export function answerUnread(server: Server, maxBodyBytes: () => number): void {
  server.on('connect', (_request, socket) => socket.end(noTunnel, () => socket.destroy()));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const [status, message] = problems[error.code ?? ''] ?? [400, 'The request is not well-formed.'];
    const answer = toErrorAnswer(status, 'BAD_USER_INPUT', message);
    // Behind an answer, or a part of one, the client would take it for something else.
    if (!(socket instanceof Socket) || !socket.writable || socket.bytesWritten > 0) socket.destroy(error);
    else socket.end(toBytes(answer), () => socket.destroy());
  });
  server.on('checkContinue', (request, response) => {
    if (!isTooLarge(request, maxBodyBytes())) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => {
    const answer = toErrorAnswer(417, 'BAD_USER_INPUT', 'Nothing can be expected but 100-continue.');
    writeAnswer(request, response, answer, { isLast: true, keepAliveSeconds: undefined });
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
