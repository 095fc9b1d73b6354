// Owns reading the bodies of requests: each within its bound and its time, and all that are unfinished within one bound.

import type { Readable } from 'node:stream';
import { GatheredBytes } from '../gathered-bytes.ts';
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

const ignore = () => {};

/** A reader of bodies with a bound of its own for those that are unfinished. */
export function createBodyReader(): ReadBody {
  let unfinishedBytes = 0;
  return (request, maxBytes, onBody, onProblem) => {
    request.on('error', ignore);
    const mostBytes = Number(request.headers['content-length'] ?? maxBytes);
    if (mostBytes > maxBytes) {
      onProblem('tooLarge');
      return;
    }
    const gathered = new GatheredBytes(mostBytes);
    let counted = 0;
    slowBodies.watch(request);
    const count = (held: number) => {
      unfinishedBytes += held - counted;
      counted = held;
    };
    const release = () => count(0);
    const end = () => {
      slowBodies.forget(request);
      release();
      onBody(gathered.take());
    };
    const refuse = (why: BodyProblem) => {
      request.off('data', collect).off('end', end).resume();
      gathered.take();
      release();
      onProblem(why);
    };
    const collect = (chunk: Buffer) => {
      if (gathered.size + chunk.length > maxBytes) return refuse('tooLarge');
      // Where the client leaves, what it sent is not kept until its time would be over.
      if (gathered.size === 0 && !request.complete) request.once('close', release);
      gathered.add(chunk);
      count(gathered.capacity);
      if (gathered.size > alwaysTakenBytes && unfinishedBytes > maxUnfinishedBytes) refuse('tooMuch');
    };
    request.on('data', collect).on('end', end);
  };
}
