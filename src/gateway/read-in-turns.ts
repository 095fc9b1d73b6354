// Owns reading of what nobody has sent lately: it takes a part of each turn of the event loop, however much of it comes at once.

import { isUnread, type OperationRequest, type ReadOperation, type ReadRequest } from '../operations/read-operation.ts';

/** How turns are told. */
export interface TurnsOptions {
  readonly now?: () => number;
  /** Calls back when the event loop has dealt with what was ready. */
  readonly afterTurn?: (callback: () => void) => void;
}

/** Reads a request at once where it is known, else now or in a later turn; undefined where too much waits already. */
export type ReadInTurns = (request: OperationRequest) => ReadRequest | Promise<ReadRequest> | undefined;

/** How long reading goes on before all else has its turn. */
const turnMs = 5;
const maxWaitMs = 1000;
const maxWaiting = 5000;
const maxWaitingBytes = 8 * 1024 * 1024;
/** How much the last one counts in how long each takes. */
const partOfLast = 0.1;

/** Turns of a reader. */
export function createReadInTurns(
  { lookUp }: Pick<ReadOperation, 'lookUp'>,
  { now = () => performance.now(), afterTurn = setImmediate }: TurnsOptions = {},
): ReadInTurns {
  const waiting: { readonly bytes: number; readonly start: () => void }[] = [];
  let waitingBytes = 0;
  let spentMs = 0;
  let eachMs = 0;
  let isCounting = false;

  function measure(read: () => ReadRequest): ReadRequest {
    const startedAt = now();
    try {
      return read();
    } finally {
      const tookMs = now() - startedAt;
      spentMs += tookMs;
      eachMs += partOfLast * (tookMs - eachMs);
    }
  }

  function count(): void {
    if (isCounting) return;
    isCounting = true;
    afterTurn(endTurn);
  }

  function endTurn(): void {
    isCounting = false;
    spentMs = 0;
    while (spentMs < turnMs) {
      const next = waiting.shift();
      if (!next) return;
      count();
      waitingBytes -= next.bytes;
      next.start();
    }
  }

  function isFull(bytes: number): boolean {
    return (
      waiting.length >= maxWaiting || waitingBytes + bytes > maxWaitingBytes || waiting.length * eachMs > maxWaitMs
    );
  }

  return (request) => {
    const found = lookUp(request);
    if (!isUnread(found)) return found;
    const { bytes, read } = found;
    count();
    if (waiting.length === 0 && spentMs < turnMs) return measure(read);
    if (isFull(bytes)) return undefined;
    waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      const start = () => {
        try {
          resolve(measure(read));
        } catch (error) {
          reject(error);
        }
      };
      waiting.push({ bytes, start });
    });
  };
}
