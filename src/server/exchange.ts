// Owns an exchange: a request, where its answer goes, and until when that is under way.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../responses/answer.ts';
import type { Connection, Exchange } from './connections.ts';
import { numberOfTurn } from './turns.ts';
import type { Untaken } from './untaken-answers.ts';
import { type Writing, writeAnswer } from './write-answer.ts';

/** So many are under way on a connection at most, and so many begin in a turn of the event loop: no client sends more at once. */
const maxAtOnce = 100;

/** Begins one; null where its connection ends with an earlier answer, so that nobody would learn what became of it. */
export function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection | undefined,
): Exchange | null {
  if (connection?.isEnding) {
    discardRest(connection);
    return null;
  }
  // Once the client has reset its connection nobody knows its address any more.
  const address = request.socket.remoteAddress;
  const exchange = { request, response, address, connection, isArriving: false, isTurnedAway: false };
  if (connection) {
    connection.latest = exchange;
    connection.unwritten += 1;
    const turn = numberOfTurn();
    connection.begun = turn === connection.turn ? connection.begun + 1 : 1;
    connection.turn = turn;
    connection.isEnding = Math.max(connection.unwritten, connection.begun) === maxAtOnce;
  }
  return exchange;
}

/**
 * Writes the answer of one, unless it has one already or nobody listens any more. Its connection ends with it only where no
 * other request has begun behind it, and with the last one where it is to end.
 */
export function giveAnswer(exchange: Exchange, answer: Answer, writing: Omit<Writing, 'onTaken'>): void {
  const { request, response, connection } = exchange;
  const isLast = connection
    ? connection.latest === exchange && (writing.isLast || connection.isEnding)
    : writing.isLast;
  let untaken: Untaken | undefined;
  const onTaken = () => untaken?.took();
  const { keepAliveSeconds } = writing;
  if (!writeAnswer(request, response, answer, { isLast, keepAliveSeconds, onTaken }) || !connection) return;
  connection.isEnding ||= isLast;
  const end = () => {
    untaken?.end();
    connection.unwritten -= 1;
    if (connection.latest === exchange) connection.latest = undefined;
    connection.bytesAnswered = connection.socket.bytesRead;
    connection.isAheadOfRequest = hasBody(request) && !request.complete;
    if (connection.isEnding && connection.unwritten === 0) connection.socket.destroySoon();
  };
  // As a rule the system takes all of it at once.
  if (response.writableEnded && response.writableLength === 0) {
    end();
    return;
  }
  response.once('finish', end);
  // Streams are read as they are taken.
  if (!answer.stream) untaken = connection.untaken.give(connection.socket, bodyFor(request, answer));
}

/**
 * Ends a connection on which nothing more can be read behind the answers that are to come. This is the last of them where it
 * is the body of the last request that cannot be read.
 */
export function endBehind(connection: Connection, answer: Answer): void {
  const { latest, socket } = connection;
  connection.isEnding = true;
  discardRest(connection);
  if (!latest || latest.request.complete || latest.response.writableEnded) return;
  latest.isTurnedAway = true;
  // Who reads the body learns of its end by that.
  latest.response.once('close', () => latest.request.destroy());
  // An answer that has begun may wait for the rest of the body, and no other one can be told from it.
  if (latest.response.headersSent) socket.destroy();
  else giveAnswer(latest, answer, { isLast: true, keepAliveSeconds: undefined });
}

/**
 * Makes no more requests of what comes on a connection. It is read, and nothing becomes of it: unread, it would reset the
 * connection, and the client lose the answers before.
 */
function discardRest({ socket }: Connection): void {
  // Node.js parses what comes for as long as nobody else listens, and by a listener then.
  socket.removeAllListeners('data');
  socket.on('data', () => {});
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function bodyFor({ method }: IncomingMessage, { body }: Answer): Buffer {
  return method === 'HEAD' ? nothing : body;
}

const nothing = Buffer.alloc(0);

/** The body of a request as it comes; null where there is none. */
export function bodyOf({ request }: Exchange): IncomingMessage | null {
  return request.readableEnded ? null : request;
}

/** Gives the signal that aborts when the client leaves or is sent away; made when it is asked for: kept answers need none. */
export function createSignalOf(exchange: Exchange): () => AbortSignal {
  const { response } = exchange;
  let controller: AbortController | undefined;
  return () => {
    if (controller) return controller.signal;
    const own = new AbortController();
    controller = own;
    if (response.destroyed || exchange.isTurnedAway) own.abort();
    response.once('close', () => {
      if (!response.writableFinished || exchange.isTurnedAway) own.abort();
    });
    return own.signal;
  };
}
