// Owns writing to WordPress as a viewer: one request, never repeated where it may have arrived, and what it makes stale.

import { isRestObject, type RestObject } from '../cache/fields-record.ts';
import { UpstreamError } from '../errors.ts';
import type { RestBody, WordPressClient } from '../wordpress/rest.ts';
import type { Loaders } from './loaders.ts';
import { type Trace, traced } from './trace.ts';

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
export type Write = (request: WriteRequest) => Promise<RestObject>;

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
}

/** Writing for one request. A client that leaves does not end a write: nobody would know whether it happened. */
export function createWrite(options: WriteOptions): Write {
  const { client, authorization, loaders, purge, trace, forgetViewer } = options;
  return async ({ method, route, query, body, tags, tagsOf }) => {
    let written: RestObject | undefined;
    try {
      const answer = await traced(trace, `${method} /${route}`, (markOwn) => {
        markOwn();
        const given = { ...(query ? { query } : {}), ...(body ? { body } : {}) };
        return client.request({ method, route, authorization, ...given });
      });
      written = isRestObject(answer.body) ? answer.body : {};
      return written;
    } catch (error) {
      if (error instanceof UpstreamError && error.details.status === 401) forgetViewer();
      throw error;
    } finally {
      // One that failed may have arrived all the same.
      loaders.forget();
      const all = new Set([...tags, ...(written && tagsOf ? tagsOf(written) : [])]);
      await purge([...all], { method, route, ...(written ? { row: written } : {}) });
    }
  };
}

/** A body of JSON. */
export function toJsonBody(value: RestObject): RestBody {
  return { type: 'application/json', data: JSON.stringify(value) };
}
