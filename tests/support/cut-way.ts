// Owns a way to a port of this machine that can be cut: nothing passes any more, and neither end is told. Once it is healed,
// connections of before bring nothing, as behind a firewall that has forgotten them. It can be long as well.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way on a port of its own. */
export interface CutWay extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made. */
  readonly connections: number;
  /** What was sent there and has not arrived. */
  readonly lost: readonly string[];
  cut(): void;
  heal(): void;
  /** Connections that are made from now on lead to another port. */
  turn(port: number): void;
  /** Whatever comes back takes so long from now on. */
  delay(ms: number): void;
}

/** What a way does by itself. */
export interface WayOptions {
  /** Where this was sent, nothing comes back any more. */
  readonly silentAfter?: string;
}

/** Opens it. */
export async function openWay(port: number, { silentAfter }: WayOptions = {}): Promise<CutWay> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  const lost: string[] = [];
  let delayMs = 0;
  let target = port;

  function pass(from: Socket, to: Socket, take: (chunk: Buffer) => void): void {
    sockets.add(from);
    if (isCut) silent.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      if (silent.has(from)) lost.push(String(chunk));
      else take(chunk);
    });
  }

  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(target, '127.0.0.1');
    near.on('data', (chunk) => {
      if (silentAfter !== undefined && chunk.includes(silentAfter)) silent.add(far);
    });
    pass(near, far, (chunk) => far.write(chunk));
    pass(far, near, (chunk) => {
      if (delayMs === 0) near.write(chunk);
      else setTimeout(() => near.write(chunk), delayMs);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get connections() {
      return connections;
    },
    cut() {
      isCut = true;
      for (const socket of sockets) silent.add(socket);
    },
    lost,
    heal() {
      isCut = false;
    },
    turn(other) {
      target = other;
    },
    delay(ms) {
      delayMs = ms;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
