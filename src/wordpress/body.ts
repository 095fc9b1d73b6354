// Owns reading a response body: one layer of compression at most, and a bound on its decoded size.

import type { Readable, Transform } from 'node:stream';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib';
import { GatheredBytes } from '../gathered-bytes.ts';

/** The decoded body is larger than the bound. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** The body is not what its `Content-Encoding` says, or says what was not asked for. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/** How much is read, and what happens beyond. */
export interface BodyBound {
  readonly maxBytes: number;
  /**
   * `reject`: all or an error. `shorten`: the beginning of what is larger will do. `cut`: so will that of a body that breaks
   * off.
   */
  readonly beyond: 'reject' | 'shorten' | 'cut';
}

/** What came of a body, and what ended it early; null where it came whole. */
interface Collected {
  readonly bytes: Buffer;
  readonly error: unknown;
}

/** Decodes one encoding. */
interface Decoder {
  readonly whole: (bytes: Buffer, options: ZlibOptions) => Buffer;
  readonly create: () => Transform;
}

const gzip: Decoder = { whole: gunzipSync, create: createGunzip };
const deflate: Decoder = { whole: inflateSync, create: createInflate };
const brotli: Decoder = { whole: brotliDecompressSync, create: createBrotliDecompress };

/** What is decoded at once: that takes a few milliseconds at most, and a fraction of what a stream of it takes. */
const atOnce = { maxBytes: 32 * 1024, maxOutputLength: 1024 * 1024 };

/** Reads and decodes a body. The stream is consumed or destroyed when this settles. */
export async function readBody(source: Readable, encoding: string, bound: BodyBound): Promise<Buffer> {
  const { bytes, error } = await readDecoded(source, encoding.trim().toLowerCase(), bound.maxBytes);
  if (error === null || bound.beyond === 'cut') return bytes;
  if (error instanceof TooLargeError && bound.beyond === 'shorten') return bytes;
  throw isDecoderError(error) ? new EncodingError(String(error)) : error;
}

async function readDecoded(source: Readable, encoding: string, maxBytes: number): Promise<Collected> {
  const decoder = findDecoder(encoding);
  if (decoder === undefined) {
    // An unread body reports its own destruction.
    source.on('error', () => {}).destroy();
    return { bytes: Buffer.alloc(0), error: new EncodingError(`content-encoding "${encoding}"`) };
  }
  const received = await collect(source, maxBytes);
  return decoder ? decode(received, decoder, maxBytes) : received;
}

async function decode(received: Collected, { whole, create }: Decoder, maxBytes: number): Promise<Collected> {
  if (received.error === null && received.bytes.length <= atOnce.maxBytes) {
    try {
      const maxOutputLength = Math.min(maxBytes, atOnce.maxOutputLength);
      return { bytes: whole(received.bytes, { maxOutputLength }), error: null };
    } catch {
      // Too large for that, or broken: in pieces, since what can be read of it may do.
    }
  }
  const stream = create();
  stream.end(received.bytes);
  const { bytes, error } = await collect(stream, maxBytes);
  return { bytes, error: received.error ?? error };
}

/** Listens rather than iterates: for a small body, an iterator or a pipeline costs more than the rest of the exchange. */
async function collect(stream: Readable, maxBytes: number): Promise<Collected> {
  const gathered = new GatheredBytes(maxBytes);
  const error = await new Promise<unknown>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      gathered.add(chunk);
      // While reading, not after: a kilobyte may unpack to a gigabyte.
      if (gathered.size > maxBytes) stream.destroy(new TooLargeError(`the body is larger than ${maxBytes} bytes`));
    });
    stream.on('end', () => resolve(null));
    stream.on('error', resolve);
    stream.on('close', () => resolve(new Error('the body broke off')));
    // Of a stream that is closed already nothing more is told.
    if (stream.closed) resolve(stream.errored ?? new Error('the body broke off'));
  });
  return { bytes: gathered.take().subarray(0, maxBytes), error };
}

/** What says that nothing is encoded; PHP scripts also write `none` or the character set there. */
const plain: ReadonlySet<string> = new Set(['', 'identity', 'none', 'utf-8', 'utf8']);

/** Null where there is nothing to decode; undefined for what was not asked for, which several layers are too. */
function findDecoder(encoding: string): Decoder | null | undefined {
  const [layer = '', ...others] = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !plain.has(name));
  if (others.length > 0) return undefined;
  switch (layer) {
    case '':
      return null;
    case 'gzip':
    case 'x-gzip':
      return gzip;
    case 'deflate':
      return deflate;
    case 'br':
      return brotli;
    default:
      return undefined;
  }
}

/** zlib marks its own errors by a number and a name, such as Z_DATA_ERROR or ERR__ERROR_FORMAT_PADDING_1. */
function isDecoderError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR__|ERR_BROTLI|ERR_PADDING)/.test(String(error.code));
}
