// Owns writing to WordPress as a viewer: never repeated where it may have arrived, some together, and what it makes stale.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import { type BatchOutcome, type BatchPart, maxBatch, sendBatch } from '../wordpress/batch.ts';
import { isHidden } from '../wordpress/failures.ts';
import type { RestBody, WordPressClient } from '../wordpress/rest.ts';
import type { Loaders } from './loaders.ts';
import type { ClosedRoutes } from './reader.ts';
import { type Trace, traced } from './trace.ts';
import { mayHaveArrived, toWriteFailure } from './unknown-outcome.ts';

/** What is written. */
export interface WriteRequest {
  readonly method: 'POST' | 'DELETE';
  readonly route: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: RestBody;
  /** Tags of what it touches, as far as they are known before. */
  readonly tags: readonly string[];
  /** Tags of what it has touched, by its answer. */
  readonly tagsOf?: (written: RestObject) => readonly string[];
}

/** What was written, as far as WordPress told. */
export interface Written {
  readonly method: WriteRequest['method'];
  readonly route: string;
  /** What WordPress answered; absent where nobody knows whether it was written. */
  readonly row?: RestObject;
}

/** Writes, and purges what that makes stale before it resolves, with the object that WordPress answered. */
export interface Write {
  (request: WriteRequest): Promise<RestObject>;
  /** How many writes have been carried out this way, or may have been. */
  arrivals(): number;
  /** Ways of writing for some that go together, by their order: see {@link WriteTogether}. */
  together(count: number): readonly WriteTogether[];
}

/** The way of one of several that go together: what they write first is sent when each of them has written, or left. */
export interface WriteTogether {
  readonly write: Write;
  /** It will not write, or no more. */
  leave(): void;
}

/** What writing stands on. */
export interface WriteOptions {
  readonly client: WordPressClient;
  readonly authorization: string;
  /** The request's loaders, which know what was there before. */
  readonly loaders: Loaders;
  readonly purge: (tags: readonly string[], written: Written) => void | Promise<void>;
  readonly trace: Trace;
  /** Called where WordPress does not take the credentials any more. */
  readonly forgetViewer: () => void;
  /** Routes that are known to take one write at a time. */
  readonly singly: ClosedRoutes;
}

/** Most that are sent together. */
export const maxTogether: number = maxBatch;

/** Writing for one request. A client that leaves does not end a write: nobody would know whether it happened. */
export function createWrite(options: WriteOptions): Write {
  const { client, authorization, loaders, purge, trace, forgetViewer, singly } = options;

  async function send({ method, route, query, body }: WriteRequest): Promise<RestObject> {
    const answer = await traced(
      trace,
      () => `${method} /${route}`,
      (markOwn) => {
        markOwn();
        const given = { ...(query ? { query } : {}), ...(body ? { body } : {}) };
        return client.request({ method, route, authorization, ...given });
      },
    );
    return toObject(answer.body);
  }

  /** Writing by some way of sending. */
  function createWay(sendingOf: () => Send): Write {
    let arrivals = 0;
    const write = async (request: WriteRequest) => {
      try {
        const written = await settle(request, sendingOf());
        arrivals += 1;
        return written;
      } catch (error) {
        if (error instanceof UpstreamError && !mayHaveArrived(error)) throw error;
        arrivals += 1;
        throw toWriteFailure(error);
      }
    };
    return Object.assign(write, { arrivals: () => arrivals, together });
  }

  /** Sends a write, and forgets what it has made stale. */
  async function settle(request: WriteRequest, sending: Send): Promise<RestObject> {
    let written: RestObject | undefined;
    try {
      written = await sending(request);
      return written;
    } catch (error) {
      if (error instanceof UpstreamError && error.details.status === 401) forgetViewer();
      throw error;
    } finally {
      // One that failed may have arrived all the same.
      loaders.forget();
      await purgeFor(request, written);
    }
  }

  /** Purges what a write has made stale, even where its answer is of a form that does not tell all of it. */
  async function purgeFor({ method, route, tags, tagsOf }: WriteRequest, row: RestObject | undefined): Promise<void> {
    let told: readonly string[] = [];
    try {
      if (row && tagsOf) told = tagsOf(row);
    } finally {
      await purge([...new Set([...tags, ...told])], { method, route, ...(row ? { row } : {}) });
    }
  }

  /** What some came to that were sent in one request; null where they are to be sent one by one. */
  async function sendAtOnce(route: string, parts: readonly BatchPart[]): Promise<readonly BatchOutcome[] | null> {
    if (singly.get(route)) return null;
    try {
      const { outcomes } = await traced(
        trace,
        () => 'POST /batch/v1',
        async (markOwn) => {
          markOwn();
          return { outcomes: await sendBatch(client, authorization, parts) };
        },
      );
      if (outcomes) singly.answered(route);
      else singly.add(route, new UpstreamError('UPSTREAM_NOT_FOUND', 'no batches'));
      return outcomes;
    } catch (error) {
      // A firewall that shows a page instead may do so each time.
      if (error instanceof UpstreamError && isHidden(error) && mayHaveArrived(error)) singly.add(route, error);
      throw error;
    }
  }

  async function sendAll(waiting: readonly Waiting[]): Promise<void> {
    const parts = waiting.map(({ request: { method, route, query, body } }) => ({
      ...{ method, route, body: String(body?.data ?? '{}') },
      ...(query ? { query } : {}),
    }));
    const [first] = parts;
    const outcomes = parts.length > 1 && first ? await sendAtOnce(first.route, parts) : null;
    for (const [at, { request, resolve, reject }] of waiting.entries()) {
      const outcome = outcomes?.[at];
      if (!outcome) await send(request).then(resolve, reject);
      else if ('error' in outcome) reject(outcome.error);
      else resolve(toObject(outcome.body));
    }
  }

  function together(count: number): readonly WriteTogether[] {
    const slots: (Waiting | null)[] = Array.from({ length: count }, () => null);
    let missing = count;
    const arrive = () => {
      missing -= 1;
      if (missing > 0) return;
      const waiting = slots.filter((slot) => slot !== null);
      sendAll(waiting).catch((error: unknown) => {
        for (const { reject } of waiting) reject(error);
      });
    };
    return slots.map((_, at) => {
      let isOpen = true;
      const close = () => {
        const wasOpen = isOpen;
        isOpen = false;
        return wasOpen;
      };
      const join = (request: WriteRequest) =>
        new Promise<RestObject>((resolve, reject) => {
          slots[at] = { request, resolve, reject };
          arrive();
        });
      return {
        write: createWay(() => (close() ? join : send)),
        leave: () => {
          if (close()) arrive();
        },
      };
    });
  }

  return createWay(() => send);
}

type Send = (request: WriteRequest) => Promise<RestObject>;

interface Waiting {
  readonly request: WriteRequest;
  readonly resolve: (written: RestObject) => void;
  readonly reject: (error: unknown) => void;
}

function toObject(body: unknown): RestObject {
  return isRestObject(body) ? body : {};
}

/** A body of JSON. */
export function toJsonBody(value: RestObject): RestBody {
  return { type: 'application/json', data: JSON.stringify(value) };
}
