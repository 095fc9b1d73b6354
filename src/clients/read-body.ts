// Owns reading the bodies of requests: each within its bound and its time, and all that are unfinished within one bound.

import type { Readable } from 'node:stream';
import { createSlowBodies } from './slow-bodies.ts';

/** A request as it arrives. */
export interface IncomingRequest extends Readable {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether all of it came. */
  readonly complete: boolean;
}

/** Why a body is not read: it is larger than it may be, or those that do not end take too much. */
export type BodyProblem = 'tooLarge' | 'tooMuch';

/**
 * Reads a body, or tells why not; what follows then is discarded until the time for a request is over. Nobody is told of a
 * client that leaves before its end.
 */
export type ReadBody = (
  request: IncomingRequest,
  maxBytes: number,
  onBody: (body: Buffer<ArrayBuffer>) => void,
  onProblem: (why: BodyProblem) => void,
) => void;

/** Within this a body that is no form with files is there. */
const slowBodies = createSlowBodies(30_000);
/** What bodies whose end has not come may take, of all clients together. */
const maxUnfinishedBytes = 64 * 1024 * 1024;
/** So much each may send all the same: those who hold the rest keep nobody out who asks what people ask. */
const alwaysTakenBytes = 16 * 1024;

/** A reader of bodies with a bound of its own for those that are unfinished. */
export function createBodyReader(): ReadBody {
  let unfinishedBytes = 0;
  return (request, maxBytes, onBody, onProblem) => {
    request.on('error', () => {});
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      onProblem('tooLarge');
      return;
    }
    let chunks: Buffer<ArrayBuffer>[] = [];
    let size = 0;
    slowBodies.watch(request);
    const release = () => {
      unfinishedBytes -= size;
      size = 0;
    };
    const end = () => {
      slowBodies.forget(request);
      release();
      onBody(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    };
    const collect = (chunk: Buffer<ArrayBuffer>) => {
      // Where the client leaves, what it sent is not kept until its time would be over.
      if (size === 0 && !request.complete) request.once('close', release);
      size += chunk.length;
      unfinishedBytes += chunk.length;
      chunks.push(chunk);
      const isTooLarge = size > maxBytes;
      if (!isTooLarge && (size <= alwaysTakenBytes || unfinishedBytes <= maxUnfinishedBytes)) return;
      request.off('data', collect).off('end', end).resume();
      chunks = [];
      release();
      onProblem(isTooLarge ? 'tooLarge' : 'tooMuch');
    };
    request.on('data', collect).on('end', end);
  };
}
