// Owns the answers that do not end by themselves: how many there may be, and that they end with the client or the gateway.

import { LimitError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { AskedBudget, Held } from '../operations/asked-budget.ts';
import type { Answer } from './answer.ts';
import { toErrorAnswer } from './error-answer.ts';

/** The places of a gateway for answers that do not end. */
export interface Streams {
  /** Takes a place for what holds so much, or says why there is none: all are taken, or the gateway is about to stop. */
  enter(held: Held): StreamPlace | LimitError;
  /** Ends all, and takes no more. Clients find an end without a last event, and come again elsewhere. */
  end(): void;
}

/** A place for one answer. */
export interface StreamPlace {
  /** The bytes of a body, until it, the client or the gateway ends; then the place is free. */
  pass(body: ReadableStream<Uint8Array>, client: AbortSignal | undefined): AsyncIterable<Uint8Array>;
  /** Gives the place back: there is nothing to pass. */
  leave(): void;
}

/** As many places as the limit says, within a budget; `onChange` is told each time that one is taken or given back. */
export function createStreams(
  limits: Limits,
  budget: AskedBudget,
  onChange: (difference: 1 | -1) => void = () => {},
): Streams {
  const ends = new Set<AbortController>();
  let isEnding = false;

  function enter({ documentBytes, requestBytes }: Held): StreamPlace | LimitError {
    const full = isEnding ? new LimitError('The gateway is about to stop.', { name: 'subscriptions', max: 0 }) : null;
    const refusal = full ?? limits.refusal('subscriptions', ends.size + 1);
    if (refusal) return refusal;
    const held = budget.take(documentBytes + requestBytes);
    const words = 'The documents and variables of clients that follow changes leave no room for these.';
    if (!held) return new LimitError(words, { name: 'subscriptions', max: limits.max('subscriptions') });
    const own = new AbortController();
    ends.add(own);
    onChange(1);
    const leave = () => {
      held[Symbol.dispose]();
      if (ends.delete(own)) onChange(-1);
    };

    async function* pass(body: ReadableStream<Uint8Array>, client: AbortSignal | undefined) {
      const reader = body.getReader();
      let endRead = () => {};
      const read = () =>
        new Promise<Awaited<ReturnType<typeof reader.read>>>((resolve, reject) => {
          endRead = () => resolve({ done: true, value: undefined });
          reader.read().then(resolve, reject);
        });
      const cancel = () => {
        leave();
        endRead();
        // Of Yoga's streams only this ends a read that waits; those of Node.js refuse it while they are read.
        body
          .cancel()
          .catch(() => reader.cancel())
          .catch(() => {});
      };
      const signals = client ? [own.signal, client] : [own.signal];
      for (const signal of signals) signal.addEventListener('abort', cancel, { once: true });
      try {
        while (!signals.some(({ aborted }) => aborted)) {
          const { done, value } = await read();
          if (done) return;
          yield value;
        }
      } finally {
        for (const signal of signals) signal.removeEventListener('abort', cancel);
        cancel();
      }
    }
    return { pass, leave };
  }

  return {
    enter,
    end() {
      isEnding = true;
      for (const own of ends) own.abort();
    },
  };
}

/** The answer to whoever finds no place: another process may have one. */
export function toFullAnswer({ code, message, limit }: LimitError): Answer {
  const answer = toErrorAnswer(503, code, message, 'application/json', { limit });
  return { ...answer, headers: [...answer.headers, 'retry-after', '5'] };
}
