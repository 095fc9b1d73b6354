// Owns a server that misbehaves on purpose, on real sockets: one named behaviour for each way in which upstreams fail.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';

/** A request as the server got it. */
export interface HostileRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Number of the connection it came on, from 0. */
  readonly connection: number;
}

/** Answers a request, or fails to. */
export type Behaviour = (socket: Socket, request: HostileRequest) => void;

/** Behaviours in the order of the requests, the last one for all that follow; or a function that picks one. */
export type Script = readonly Behaviour[] | ((request: HostileRequest, index: number) => Behaviour);

/** A misbehaving server that counts. */
export interface HostileServer extends AsyncDisposable {
  /** Its origin. */
  readonly url: string;
  readonly requests: readonly HostileRequest[];
  /** Forgets them: a test that takes long has no room for all. */
  forget(): void;
  /** Numbers of the connections that are open now. */
  readonly openConnections: readonly number[];
}

/** Starts a server on a free port of 127.0.0.1, with TLS where a key and a certificate are given. */
export async function startHostileServer(
  script: Script,
  tls?: { readonly key: string; readonly cert: string },
): Promise<HostileServer> {
  const requests: HostileRequest[] = [];
  const sockets = new Map<Socket, number>();
  let connections = 0;

  function handle(socket: Socket): void {
    const connection = connections++;
    let received = '';
    sockets.set(socket, connection);
    socket.on('close', () => sockets.delete(socket));
    // Clients hang up on what they get here.
    socket.on('error', () => {});
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      // A TLS handshake on a plain port: servers say so in plain text.
      if (received === '' && chunk[0] === 0x16) return socket.end(printHead(400, { connection: 'close' }));
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const request = parseRequest(received.slice(0, end), connection);
        received = received.slice(end + 4);
        requests.push(request);
        pick(request, requests.length - 1)(socket, request);
      }
    });
  }

  function pick(request: HostileRequest, index: number): Behaviour {
    if (typeof script === 'function') return script(request, index);
    return script[Math.min(index, script.length - 1)] ?? hangUp();
  }

  const server: Server = tls ? createTlsServer({ ...tls }, handle) : createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    forget: () => void requests.splice(0),
    get openConnections() {
      return [...sockets.values()];
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets.keys()) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** The origin of a port on which nothing listens. */
export async function findClosedOrigin(): Promise<string> {
  const server = await startHostileServer([hangUp()]);
  await server[Symbol.asyncDispose]();
  return server.url;
}

/** What an answer has beside its body. */
export interface Head {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A correct HTTP answer with any body. */
export function answer(body: string | Buffer, { status = 200, headers = {} }: Head = {}): Behaviour {
  return (socket, { method }) => {
    const bytes = Buffer.from(body);
    const head = Buffer.from(printHead(status, { 'content-length': String(bytes.length), ...headers }));
    socket.write(method === 'HEAD' ? head : Buffer.concat([head, bytes]));
  };
}

/** A correct JSON answer. */
export function json(value: unknown, { status = 200, headers = {} }: Head = {}): Behaviour {
  return answer(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** WordPress's own form of an error. */
export function restError(status: number, code: string): Behaviour {
  return json({ code, message: `Message of ${code}.`, data: { status } }, { status });
}

/** An HTML page. */
export function html(page: string, { status = 200, headers = {} }: Head = {}): Behaviour {
  return answer(page, { status, headers: { 'content-type': 'text/html; charset=UTF-8', ...headers } });
}

/** A redirect, to a path or an address. */
export function redirect(location: string, status = 302): Behaviour {
  return answer('', { status, headers: { location } });
}

/** Closes the connection without an answer. */
export function hangUp(): Behaviour {
  return (socket) => socket.destroy();
}

/** Resets the connection without an answer. */
export function reset(): Behaviour {
  return (socket) => socket.resetAndDestroy();
}

/** Sends the beginning of a body that it promised whole, then resets the connection. */
export function resetInBody(): Behaviour {
  return (socket) =>
    socket.write(`${printHead(200, { 'content-length': '1000' })}[{"id":1},`, () => socket.resetAndDestroy());
}

/** Says that the connection ends with the answer, and ends it before the body is whole. */
export function endInBody(text = '[{"id":1},'): Behaviour {
  return (socket) => socket.end(`${printHead(200, { connection: 'close', 'content-length': '1000' })}${text}`);
}

/** JSON that is cut off, without a length that would tell. */
export function truncated(text: string): Behaviour {
  return (socket) => socket.end(`${printHead(200, { connection: 'close' })}${text}`);
}

/** Answers, and a little later sends one more answer that nobody asked for. */
export function withExtra(behaviour: Behaviour, extra: Behaviour, afterMs: number): Behaviour {
  return (socket, request) => {
    behaviour(socket, request);
    const timer = setTimeout(() => extra(socket, request), afterMs);
    socket.on('close', () => clearTimeout(timer));
  };
}

/** Never answers. */
export function stall(): Behaviour {
  return () => {};
}

/** Sends headers, then a body byte by byte without end. */
export function dripBody(everyMs = 5): Behaviour {
  return (socket) => {
    socket.write(printHead(200, { 'transfer-encoding': 'chunked' }));
    const timer = setInterval(() => socket.write('1\r\n \r\n'), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Sends headers one by one without end. */
export function dripHeaders(everyMs = 5): Behaviour {
  return (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x-a: b\r\n'), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Sends a body without end as fast as it is read. */
export function endlessBody(): Behaviour {
  return (socket) => {
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(printHead(200, { 'transfer-encoding': 'chunked' }));
    socket.on('drain', pour);
    pour();
  };
}

/** A few kilobytes that unpack to many megabytes. */
export function gzipBomb(megabytes = 32): Behaviour {
  const bomb = gzipSync(Buffer.alloc(megabytes * 1024 * 1024, ' '));
  return answer(bomb, { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
}

/** Says that it is compressed, and is not; or names an encoding nobody asked for. */
export function mislabelled(value: unknown, encoding = 'gzip'): Behaviour {
  return (socket, request) => {
    const plain = request.headers.get('accept-encoding') === 'identity';
    json(value, plain ? {} : { headers: { 'content-encoding': encoding } })(socket, request);
  };
}

/** Headers of many kilobytes, as some plugins send. */
export function hugeHeaders(kilobytes: number): Behaviour {
  const headers = Object.fromEntries(
    Array.from({ length: kilobytes }, (_, index) => [`x-${index}`, 'a'.repeat(1015 - String(index).length)]),
  );
  return json([], { headers });
}

/** Bytes as they are. */
export function raw(text: string): Behaviour {
  return (socket) => socket.end(text);
}

function parseRequest(head: string, connection: number): HostileRequest {
  const [line = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const headers = new Map<string, string>();
  for (const text of lines) {
    const colon = text.indexOf(':');
    headers.set(text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim());
  }
  return { method, target, headers, connection };
}

function printHead(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`;
}
