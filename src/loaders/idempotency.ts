// Owns what makes a creation safe to repeat: one key of a client, one creation, however often it is sent.

import { createHash } from 'node:crypto';
import type { SharedMarks } from '../cache/redis/shared-marks.ts';
import { createSecretMemory } from '../cache/secret-memory.ts';
import { UpstreamError, UserError } from '../errors.ts';
import { createSharedAttempts, otherInput, UnknownOutcomeError } from './shared-attempts.ts';
import { isTurnedAway } from './unknown-outcome.ts';

/** Something that is to be created once. */
export interface Creation<Result> {
  /** What is created, for its key to be of one thing only. */
  readonly name: string;
  readonly input: unknown;
  readonly create: () => Promise<Result>;
  /** Whether some of it has been carried out, or may have been: where it fails then, it is not tried again. */
  readonly hasArrived: () => boolean;
}

/** Runs a creation once for its key; a repetition gets what the first one got. */
export type Once = <Result>(creation: Creation<Result>) => Promise<Result>;

/** Makes the {@link Once} of a request. */
export type OnceFactory = (authorization: string, key: string | null) => Once;

interface Attempt {
  readonly input: string;
  /** Null where nobody knows what came of it: an error that is kept keeps what it was made in. */
  readonly result: Promise<unknown> | null;
}

/** What one takes: results are ids. */
const attemptBytes = 512;
/** Room for more than 20,000. */
const attemptsBytes = 16 * 1024 * 1024;

const unknownOutcome =
  'The first request with this Idempotency-Key may have been carried out, but WordPress did not say. Look whether it has' +
  ' been, and use another key to repeat it.';

/** How long creations are remembered. */
export interface OnceOptions {
  readonly seconds?: number;
  readonly maxBytes?: number;
  /** Where processes tell each other of them. */
  readonly marks?: SharedMarks | undefined;
}

/** Remembers creations for some time; only those that came with a key. */
export function createOnceFactory({
  seconds = 86_400,
  maxBytes = attemptsBytes,
  marks,
}: OnceOptions = {}): OnceFactory {
  const attempts = createSecretMemory<Attempt>({ maxBytes, bytesOf: () => attemptBytes });
  const share = marks && createSharedAttempts(marks, seconds);

  return (authorization, key) => {
    if (key !== null && !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new UserError('The header Idempotency-Key must be 1 to 255 visible characters.');
    }
    return async <Result>({ name, input: given, create, hasArrived }: Creation<Result>) => {
      if (key === null) return create();
      const secret = JSON.stringify([authorization, key, name]);
      const input = createHash('sha256').update(JSON.stringify(given)).digest('base64');
      const known = attempts.get(secret);
      if (known && known.input !== input) {
        throw new UserError(otherInput);
      }
      // What a key has stands for is stated by the one who asks for it: the same creation with the same input.
      if (known?.result) return known.result as Promise<Result>;
      if (known) throw new UserError(unknownOutcome);
      const isUnknown = (error: unknown) => error instanceof UnknownOutcomeError || (!isRefusal(error) && hasArrived());
      const running = share ? share({ secret, input, create, isUnknown }) : create();
      const result = running.catch((error: unknown) => {
        if (!isUnknown(error)) {
          attempts.forget(secret);
          throw error;
        }
        attempts.set(secret, { input, result: null }, seconds);
        throw new UserError(unknownOutcome, 'BAD_USER_INPUT', { cause: error });
      });
      // Whoever waits for it learns of a failure; nobody need.
      result.catch(() => undefined);
      attempts.set(secret, { input, result }, seconds);
      return result;
    };
  };
}

/** Whether a creation was refused: what it has made on the way, such as a tag, is there for the next one. */
function isRefusal(error: unknown): boolean {
  return error instanceof UserError || (error instanceof UpstreamError && isTurnedAway(error));
}
