// Owns fetching of files whose address a client gave: from public addresses only, of known types, a few at a time, into a
// file of bounded size.

import { lookup } from 'node:dns/promises';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client, type Dispatcher } from 'undici';
import { UpstreamError } from '../errors.ts';
import { countPassing } from '../passing-bytes.ts';
import { openTemporaryFolder } from '../temporary-folder.ts';
import { createConnector } from './connector.ts';
import { startDeadline, untilAborted } from './deadline.ts';
import { createLimiter, OverloadedError } from './limiter.ts';
import { isPublicAddress } from './public-address.ts';

/** A file that was fetched. Dispose of it to remove it. */
export interface FetchedFile extends AsyncDisposable {
  readonly path: string;
  readonly bytes: number;
  /** Its name, as its address has it. */
  readonly name: string;
  /** Its MIME type, as the server says, without parameters; in lower case. */
  readonly type: string;
}

/**
 * Fetches a file. Rejects with a {@link FetchFileError} that tells the client why not, and with an {@link UpstreamError}
 * (`OVERLOADED`) where too many are fetched.
 */
export type FetchFile = (url: string) => Promise<FetchedFile>;

/** A file that is not fetched; the message says why, and nothing of what was found where nobody from outside may look. */
export class FetchFileError extends Error {
  override readonly name = 'FetchFileError';
}

/** What may be fetched. */
export interface FetchFileOptions {
  /** Hosts that are contacted although their addresses are not public, with their port: `files.internal:8080`. */
  readonly allowedHosts?: readonly string[];
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** Resolves a host name to its addresses. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** Files that are there at the same time, until they are removed: each takes room on the disk. */
const maxFiles = 8;
const maxQueued = 4 * maxFiles;
const maxRedirects = 3;
/** Those that WordPress fetches from: elsewhere are services that a request with odd words could steer. */
const ports: readonly string[] = ['', '80', '443', '8080'];

/** A fetch that checks addresses before each connection, and connects to one of those that were checked. */
export function createFetchFile(options: FetchFileOptions = {}): FetchFile {
  const { allowedHosts = [], maxBytes = 50 * 1024 * 1024, timeoutMs = 30_000, resolve = resolveHost } = options;
  // Who waits for half of the time has the other half to fetch.
  const places = { maxConcurrent: maxFiles, firstSlots: maxFiles, maxQueued, queueTimeoutMs: timeoutMs / 2 };
  const limiter = createLimiter(places);

  async function addressesOf(url: URL): Promise<readonly string[]> {
    const isAllowed = allowedHosts.includes(url.host);
    if (!isAllowed && !ports.includes(url.port)) {
      throw new FetchFileError('files are fetched from the ports 80, 443 and 8080 only');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host];
    if (addresses.length === 0) throw new FetchFileError('there is no such host');
    // One of several would do for an attacker who waits for the right answer.
    if (!isAllowed && !addresses.every(isPublicAddress)) {
      throw new FetchFileError('files are fetched from public addresses only');
    }
    return addresses;
  }

  async function fetchOne(url: URL, path: string, signal: AbortSignal): Promise<URL | { readonly type: string }> {
    const client = connectTo(url, await untilAborted(signal, addressesOf(url)));
    try {
      const answer = await client.request({
        method: 'GET',
        path: url.pathname + url.search,
        headers: { host: url.host, accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'headgate' },
        signal,
      });
      if (answer.statusCode >= 300 && answer.statusCode < 400) return redirectOf(answer, url);
      if (answer.statusCode !== 200) throw new FetchFileError(`the server answered ${answer.statusCode}`);
      if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
      await pipeline(answer.body, bounded(maxBytes), createWriteStream(path), { signal });
      return { type: typeOf(answer) };
    } finally {
      await client.destroy();
    }
  }

  async function fetchWithin(signal: AbortSignal, from: URL): Promise<FetchedFile> {
    let url = from;
    const folder = await openTemporaryFolder('headgate-file-');
    const remove = () => folder[Symbol.asyncDispose]();
    try {
      const path = join(folder.path, 'file');
      for (let redirects = 0; ; redirects++) {
        const found = await fetchOne(url, path, signal);
        if (!(found instanceof URL)) {
          const { size } = await stat(path);
          if (size === 0) throw new FetchFileError('the file is empty');
          return { path, bytes: size, name: nameOf(url), type: found.type, [Symbol.asyncDispose]: remove };
        }
        if (redirects >= maxRedirects) throw new FetchFileError(`it leads on more than ${maxRedirects} times`);
        url = found;
      }
    } catch (error) {
      await remove();
      if (error instanceof FetchFileError) throw error;
      throw new FetchFileError(signal.aborted ? 'the server took too long' : 'the server could not be reached', {
        cause: error,
      });
    }
  }

  /** A file in a place that is held until the file is removed. */
  function fetchInPlace(signal: AbortSignal, url: URL): Promise<FetchedFile> {
    return new Promise((resolve, reject) => {
      const hold = async () => {
        const file = await fetchWithin(signal, url);
        await new Promise<void>((leave) => {
          const remove = async () => file[Symbol.asyncDispose]();
          resolve({ ...file, [Symbol.asyncDispose]: () => remove().finally(leave) });
        });
      };
      limiter.run(hold, signal).catch(reject);
    });
  }

  return async (given) => {
    const url = parseUrl(given);
    const { signal, clear } = startDeadline(timeoutMs, undefined);
    try {
      return await fetchInPlace(signal, url);
    } catch (error) {
      if (!(error instanceof OverloadedError)) throw error;
      throw new UpstreamError('OVERLOADED', 'too many files are fetched', { cause: error });
    } finally {
      clear();
    }
  };
}

function parseUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new FetchFileError('it must be an address with http or https');
  if (url.username !== '' || url.password !== '') throw new FetchFileError('it must have no user name and password');
  return url;
}

async function resolveHost(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** TLS still checks the name of the host; only the ways to it are given, which are tried in turn. */
function connectTo(url: URL, addresses: readonly string[]): Client {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return new Client(url.origin, {
    connect: createConnector({ timeout: 5_000, lookup: (_host, _options, done) => done(null, found) }),
  });
}

function redirectOf({ headers }: Dispatcher.ResponseData, from: URL): URL {
  const location = [headers['location'] ?? ''].flat()[0] ?? '';
  if (location === '' || !URL.canParse(location, from)) throw new FetchFileError('it leads nowhere');
  const to = parseUrl(new URL(location, from).href);
  if (from.protocol === 'https:' && to.protocol === 'http:') throw new FetchFileError('it leads from https to http');
  return to;
}

function bounded(maxBytes: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      countPassing(chunk.length);
      yield chunk;
    }
  };
}

function tooLarge(maxBytes: number): FetchFileError {
  return new FetchFileError(`the file is larger than ${maxBytes} bytes`);
}

function typeOf({ headers }: Dispatcher.ResponseData): string {
  const [type = ''] = [headers['content-type'] ?? ''].flat();
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function nameOf({ pathname }: URL): string {
  const name = basename(pathname);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
