// Owns writing answers on connections: headers that many answers share become text once, and not by node:http each time.

import {
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Answer, allHeaders } from '../responses/answer.ts';

/** How an answer is written. */
export interface Writing {
  /** Its connection ends with it. */
  readonly isLast: boolean;
  /** How long node:http keeps a connection without requests; undefined where its server is another's. */
  readonly keepAliveSeconds: number | undefined;
  /** The system took a part of the body, and more is to come: its client reads. */
  readonly onTaken?: () => void;
}

/** What is written at a time: nothing but the end of a write tells that a client takes something. */
const partBytes = 64 * 1024;

/** What node:http keeps of a response beside what it declares: the text of its head, once that is made. */
interface HeadedResponse extends ServerResponse {
  _header?: string | null;
}

/** Writes an answer; false where there is one already or nobody listens any more. */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { isLast, keepAliveSeconds, onTaken }: Writing,
): boolean {
  if (response.destroyed || response.headersSent) return false;
  const { status, body, stream } = answer;
  if (isLast) response.writeHead(status, [...allHeaders(answer), 'connection', 'close']);
  else if (keepAliveSeconds === undefined || !setHead(request, response, answer, keepAliveSeconds)) {
    response.writeHead(status, allHeaders(answer));
  }
  // It ends early where the client leaves, which is nothing to tell anybody.
  if (stream) pipeline(Readable.from(stream), response).catch(() => {});
  else if (request.method === 'HEAD' || body.length === 0) response.end();
  else writeBody(response, body, onTaken);
  return true;
}

function writeBody(response: ServerResponse, body: Buffer, onTaken: (() => void) | undefined): void {
  const rest = body.length - partBytes;
  if (rest <= 0) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, partBytes), () => {
    if (response.destroyed) return;
    onTaken?.();
    writeBody(response, body.subarray(partBytes), onTaken);
  });
}

/**
 * Gives a response the head that node:http would write, made of text that is there already: making it anew is a tenth of
 * what a kept answer takes. False where that cannot be done: for clients of HTTP/1.0, whose connections end for other
 * reasons, where whoever watches the server has set headers of its own, and where node:http keeps its heads elsewhere, which
 * it says by `headersSent`.
 */
function setHead(
  request: IncomingMessage,
  response: HeadedResponse,
  { status, headers, shared }: Answer,
  keepAliveSeconds: number,
): boolean {
  if (!shared || !response.shouldKeepAlive || request.httpVersion !== '1.1') return false;
  if (response.getHeaderNames().length > 0) return false;
  const message = STATUS_CODES[status] ?? '';
  const start = `HTTP/1.1 ${status} ${message}\r\n${toLines(headers)}${linesOf(shared)}`;
  response.statusCode = status;
  response.statusMessage = message;
  response._header = `${start}Date: ${now()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n\r\n`;
  return response.headersSent;
}

const known = new WeakMap<readonly string[], string>();

function linesOf(shared: readonly string[]): string {
  const before = known.get(shared);
  if (before !== undefined) return before;
  const lines = toLines(shared);
  known.set(shared, lines);
  return lines;
}

/** Throws, as node:http does, where one would be no header or more than one. */
function toLines(headers: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]];
    validateHeaderName(name);
    validateHeaderValue(name, value);
    lines.push(name, ': ', value, '\r\n');
  }
  // What is joined is flat to V8; what is added up would be put together whenever it is written.
  return lines.join('');
}

let second = 0;
let date = '';

/** The date of this second, as HTTP writes it (RFC 9110, section 5.6.7). */
function now(): string {
  const current = Math.floor(Date.now() / 1000);
  if (current !== second) {
    second = current;
    date = new Date(1000 * current).toUTCString();
  }
  return date;
}
