// Owns how a program of the bench listens: on any free port of this machine, and its parent learns where.

import type { Server } from 'node:http';

/** Listens, tells the parent, and gives the origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}`;
  process.send?.({ url });
  return url;
}
