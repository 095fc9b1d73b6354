// Owns the connections of a listener on which nothing was sent yet: to node:http they are not idle.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Those of one listener. */
export interface UnusedConnections {
  /** Ends those that have been there for more than a second: browsers and balancers open some before they need them. */
  close(): void;
}

/** Who has just come may be about to send: a first packet that is lost is sent again after a second (RFC 6298, section 2). */
const firstByteMs = 1100;

/** Watches a listener before it listens. */
export function watchUnused(server: Server): UnusedConnections {
  const sockets = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, performance.now());
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    close() {
      const before = performance.now() - firstByteMs;
      for (const [socket, since] of sockets) if (socket.bytesRead === 0 && since < before) socket.destroy();
    },
  };
}
