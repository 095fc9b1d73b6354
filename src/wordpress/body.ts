// Owns reading a response body: one layer of compression at most, and a bound on its decoded size.

import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

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
  /** `cut`: the beginning will do, even of a body that breaks off. `reject`: all or an error. */
  readonly beyond: 'reject' | 'cut';
}

/** Reads and decodes a body. The stream is consumed or destroyed when this settles. */
export async function readBody(source: Readable, encoding: string, bound: BodyBound): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let excess: TooLargeError | null = null;
  const collect = async (decoded: AsyncIterable<Buffer>) => {
    for await (const chunk of decoded) {
      chunks.push(chunk);
      size += chunk.length;
      // While reading, not after: a kilobyte may unpack to a gigabyte.
      if (size <= bound.maxBytes) continue;
      excess = new TooLargeError(`the body is larger than ${bound.maxBytes} bytes`);
      throw excess;
    }
  };
  try {
    const decoder = createDecoder(encoding.trim().toLowerCase());
    await (decoder ? pipeline(source, decoder, collect) : pipeline(source, collect));
  } catch (error) {
    // An unread body reports its own destruction.
    source.on('error', () => {}).destroy();
    // A pipeline may report how its streams took the end instead of what ended it.
    if (bound.beyond === 'reject') throw excess ?? (isDecoderError(error) ? new EncodingError(String(error)) : error);
  }
  return Buffer.concat(chunks).subarray(0, bound.maxBytes);
}

function createDecoder(encoding: string): Transform | null {
  switch (encoding) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      // Several layers land here too: each could multiply the size.
      throw new EncodingError(`content-encoding "${encoding}"`);
  }
}

/** zlib marks its own errors by a number and a name, such as Z_DATA_ERROR or ERR__ERROR_FORMAT_PADDING_1. */
function isDecoderError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR__|ERR_BROTLI|ERR_PADDING)/.test(String(error.code));
}
