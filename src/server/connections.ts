// Owns the connections of a listener: what is under way on each of them, so that a stop ends none under an answer.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { UntakenAnswers } from './untaken-answers.ts';

/** A request and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of the other end of the connection when the request came. */
  readonly address: string | undefined;
  /** Where it came; undefined where the server is another's. */
  readonly connection: Connection | undefined;
  /** Its body is on its way: nothing was done for it yet. */
  isArriving: boolean;
  /** It was told to come again: its own answer is wanted no more. */
  isTurnedAway: boolean;
}

/** A connection of a client. */
export interface Connection {
  readonly socket: Socket;
  /** Where its answers are for as long as they are on their way. */
  readonly untaken: UntakenAnswers;
  /** Requests whose answer is not written: to node:http a connection is idle once it was told all of the answer. */
  unwritten: number;
  /** What had come when the last answer was written. */
  bytesAnswered: number;
  /** Whether the last answer was written before its request had come whole: what comes next is of that. */
  isAheadOfRequest: boolean;
  /** The request that came last, until its answer is written. */
  latest: Exchange | undefined;
  /** How many requests began in a turn of the event loop, and in which. */
  begun: number;
  turn: number;
  /** It ends with the answer to what came last: what is pipelined behind that has none (RFC 9112, section 9.6). */
  isEnding: boolean;
}

/** Those of one listener. */
export interface Connections {
  /** That of a socket; undefined once it has closed. */
  of(socket: Socket): Connection | undefined;
  /** The request that came last on each of them, where its answer is not written. */
  latest(): Exchange[];
  /**
   * Ends those that wait for a request, and those on which a request neither began nor went on for more than a second:
   * browsers and balancers open some before they need them.
   */
  endIdle(): void;
  /** Ends all; gives how many had an answer to come. */
  endAll(): number;
}

interface Watched extends Connection {
  /** What had come when somebody looked, and since when no more has. */
  bytesSeen: number;
  seenAt: number;
}

/** Who has just come may be about to send: a first packet that is lost is sent again after a second (RFC 6298, section 2). */
const nextByteMs = 1100;

/** Watches a listener before it listens. */
export function watchConnections(server: Server, untaken: UntakenAnswers): Connections {
  const connections = new Map<Socket, Watched>();
  server.on('connection', (socket: Socket) => {
    const none = {
      unwritten: 0,
      latest: undefined,
      begun: 0,
      turn: -1,
      isEnding: false,
      bytesAnswered: -1,
      isAheadOfRequest: false,
      bytesSeen: 0,
    };
    connections.set(socket, { socket, untaken, ...none, seenAt: performance.now() });
    socket.once('close', () => connections.delete(socket));
  });
  const isBusy = ({ socket, unwritten }: Connection) => unwritten > 0 || socket.writableLength > 0;
  return {
    of: (socket) => connections.get(socket),
    latest: () => [...connections.values()].flatMap(({ latest }) => latest ?? []),
    endIdle() {
      const now = performance.now();
      for (const connection of connections.values()) {
        if (isBusy(connection)) continue;
        const { socket, bytesAnswered, bytesSeen } = connection;
        const { bytesRead } = socket;
        if (bytesRead !== bytesSeen) Object.assign(connection, { bytesSeen: bytesRead, seenAt: now });
        if (bytesRead === bytesAnswered || now - connection.seenAt > nextByteMs) socket.destroySoon();
      }
    },
    endAll() {
      const cut = [...connections.values()].filter(isBusy).length;
      for (const socket of connections.keys()) socket.destroy();
      return cut;
    },
  };
}
