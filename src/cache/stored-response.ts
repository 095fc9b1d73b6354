// Owns one answer as bytes: its encodings, each made once, a strong ETag for each, and until when it may be served.

import { hash } from 'node:crypto';
import { compress } from './compress.ts';
import type { Times } from './times.ts';

/** Encodings that answers are kept in. */
export type Encoding = 'identity' | 'gzip' | 'br';

/** A body in one encoding. */
export interface EncodedBody {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
  /** A strong entity tag with its quotes (RFC 9110, section 8.8.3). */
  readonly etag: string;
}

/** An answer that may be served to anybody. */
export interface StoredResponse {
  /** What took part in it: `post:12`, `list:post`. */
  readonly tags: readonly string[];
  /** The lists it was made from, as the JSON of a `ListUse` each; where they are not known, it depends on all of each. */
  readonly lists?: readonly string[];
  readonly times: Times;
  /** SHA-256 of its document, in hex. */
  readonly documentId: string;
  readonly operationName: string | undefined;
  /** The body as it is. */
  readonly body: Buffer;
  /** The body in an encoding; at once where that exists already. Bodies that do not gain stay as they are. */
  encoded(encoding: Encoding): EncodedBody | Promise<EncodedBody>;
  /** Bytes that it takes now; grows as encodings are made. */
  readonly bytes: number;
}

/** What an answer is made of. */
export interface ResponseParts
  extends Pick<StoredResponse, 'tags' | 'lists' | 'times' | 'documentId' | 'operationName'> {
  readonly body: Buffer;
}

/** Below that a compressed body saves no packet. */
const minCompressedBytes = 1024;

/** Makes an answer that can be kept. */
export function createStoredResponse({ body: given, ...parts }: ResponseParts): StoredResponse {
  const body = toOwnBytes(given);
  const digest = hash('sha256', body, 'base64url').slice(0, 22);
  const plain: EncodedBody = { encoding: 'identity', bytes: body, etag: `"${digest}"` };
  const made = new Map<Encoding, EncodedBody | Promise<EncodedBody>>([['identity', plain]]);
  const weightOfTags = parts.tags.reduce((sum, tag) => sum + 64 + 2 * tag.length, 0);
  const weightOfLists = (parts.lists ?? []).reduce((sum, list) => sum + 64 + list.length, 0);
  let bytes = 512 + body.length + weightOfTags + weightOfLists;

  function keep(encoding: 'gzip' | 'br', compressed: Buffer): EncodedBody {
    const isShorter = compressed.length < body.length;
    const encoded = isShorter ? { encoding, bytes: toOwnBytes(compressed), etag: `"${digest}-${encoding}"` } : plain;
    made.set(encoding, encoded);
    if (isShorter) bytes += compressed.length;
    return encoded;
  }

  return {
    ...parts,
    body,
    get bytes() {
      return bytes;
    },
    encoded(encoding) {
      const known = made.get(encoding);
      if (known) return known;
      if (encoding === 'identity' || body.length < minCompressedBytes) return plain;
      const compressed = compress(body, encoding);
      if (!(compressed instanceof Promise)) return keep(encoding, compressed);
      const encoded = compressed.then((bytes) => keep(encoding, bytes));
      made.set(encoding, encoded);
      return encoded;
    },
  };
}

/** Small buffers are pieces of larger ones, of which each would keep the whole. */
function toOwnBytes(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

/** The same answer with other times. Bodies of their own, of the same bytes: what is told of them depends on the times. */
export function withTimes(response: StoredResponse, times: Times): StoredResponse {
  const made = new Map<Encoding, EncodedBody>();
  const keep = (encoding: Encoding, body: EncodedBody): EncodedBody => {
    const own = made.get(encoding) ?? { ...body };
    made.set(encoding, own);
    return own;
  };
  return {
    ...response,
    times,
    get bytes() {
      return response.bytes;
    },
    encoded(encoding) {
      const body = made.get(encoding) ?? response.encoded(encoding);
      return body instanceof Promise ? body.then((encoded) => keep(encoding, encoded)) : keep(encoding, body);
    },
  };
}
