// Owns the connections of a listener on which nothing was sent yet: to node:http they are not idle.

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Those of one listener. */
export interface UnusedConnections {
  /** Ends them: browsers and balancers open some before they need them. */
  close(): void;
}

/** Watches a listener before it listens. */
export function watchUnused(server: Server): UnusedConnections {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    close() {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
