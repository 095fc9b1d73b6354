// Owns a server of files on this machine, for what is fetched by an address that a client gives.

import { createServer } from 'node:http';

/** What the server answers at a path. */
export interface ServedFile {
  readonly status?: number;
  readonly type?: string;
  readonly location?: string;
  readonly body?: Buffer | string;
  /** Say nothing of the length, and send the body in two parts. */
  readonly isChunked?: boolean;
  /** Send the body, if any, and no end. */
  readonly isHeld?: boolean;
}

/** A server that listens on the loopback address. */
export interface FileServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The paths that were asked for, with the host that was named. */
  requests(): readonly string[];
}

/** Serves files by their path. */
export async function serveFiles(files: Readonly<Record<string, ServedFile>>): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    const { status = 200, type, location, body = '', isChunked, isHeld } = files[request.url ?? ''] ?? { status: 404 };
    response.statusCode = status;
    if (type !== undefined) response.setHeader('content-type', type);
    if (location !== undefined) response.setHeader('location', location);
    if (isChunked || (isHeld && body.length > 0)) response.write(body);
    if (!isHeld) response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    requests: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
