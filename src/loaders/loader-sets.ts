// Owns the two kinds of loaders: those of the public, which share a cache, and a viewer's, which share nothing.

import { setMaxListeners } from 'node:events';
import type { Cache } from '../cache/memory-cache.ts';
import { createSingleFlight } from '../cache/single-flight.ts';
import { UpstreamError } from '../errors.ts';
import { isWordPressPage } from '../wordpress/link.ts';
import type { RestResponse, WordPressClient } from '../wordpress/rest.ts';
import { type AskManyOf, createAskMany } from './ask-many.ts';
import { doubtViewer } from './doubted-viewer.ts';
import { createPublicRows, createViewerRows } from './entity-rows.ts';
import { createLoaders, type Loaders, type ReadPage } from './loaders.ts';
import { withholdPrivateAnswers } from './private-answers.ts';
import { type ClosedRoutes, createClosedRoutes, createSharedRead, type SharedReads } from './reader.ts';
import { type Trace, traced } from './trace.ts';
import type { Viewer } from './viewer.ts';

/** What the loaders of every request share. */
export interface LoadersOptions {
  readonly reads: SharedReads;
  readonly askManyOf: AskManyOf;
  /** Holds only what came through these reads. */
  readonly cache: Cache;
  /** Longest time that loads wait for lists on their way. */
  readonly waveMs: number;
}

/** Loaders of one request that share their cache with others of the same kind. */
export function createSharedLoaders(
  { reads, askManyOf, cache, waveMs }: LoadersOptions,
  trace: Trace,
  signal?: AbortSignal,
): Loaders {
  // One signal ends all that a request reads, however much that is.
  if (signal) setMaxListeners(0, signal);
  const plain = createSharedRead(reads, trace, signal, cache.mark());
  const parts = { read: plain, readPage: createReadPage(reads, trace, signal), cache };
  const { cache: shared, ...open } = withholdPrivateAnswers(parts, trace);
  return createLoaders({ ...open, readRows: createPublicRows(open.read), askManyOf, shared, waveMs, trace });
}

/** What was shown lately. */
export type Shown = Pick<ClosedRoutes, 'answered' | 'hasAnswered'>;

/** What the loaders of a viewer stand on: nothing of it is shared with another request. */
export interface ViewerLoadersOptions {
  readonly client: WordPressClient;
  /** The viewer's own credentials. */
  readonly authorization: string;
  /** What anybody was shown: pages are read as by anybody. */
  readonly open: Shown;
  /** What viewers were shown, each by his id. */
  readonly shown: Shown;
  readonly viewer: Viewer;
  /** Asks anew whose credentials these are; rejects where they are nobody's any more. */
  readonly recheck?: () => Promise<unknown>;
  /** Longest time that loads wait for lists on their way. */
  readonly waveMs: number;
}

/** Loaders of one request that came with credentials: what they read ends with it, and nobody else sees it. */
export function createViewerLoaders(
  { client, authorization, open, shown, viewer, recheck, waveMs }: ViewerLoadersOptions,
  trace: Trace,
  signal?: AbortSignal,
): Loaders {
  if (signal) setMaxListeners(0, signal);
  const reads = {
    ...{ client, authorization },
    flight: createSingleFlight<RestResponse>(),
    closed: {
      ...createClosedRoutes({ seconds: Number.POSITIVE_INFINITY }),
      answered: (route: string) => shown.answered(`${viewer.id} ${route}`),
      hasAnswered: (route: string) => open.hasAnswered(route) || shown.hasAnswered(`${viewer.id} ${route}`),
    },
  };
  const plain = createSharedRead(reads, trace, signal);
  const read = recheck ? doubtViewer(plain, recheck) : plain;
  const readPage = createReadPage({ client, closed: open }, trace, signal);
  return createLoaders({
    read,
    readPage,
    readRows: createViewerRows(read, viewer),
    askManyOf: createAskMany(),
    withhold: () => undefined,
    shared: null,
    waveMs,
    trace,
    viewer,
  });
}

/** Pages are closed as a whole, as routes are. */
const allPages = 'pages';

function createReadPage(
  { client, closed }: { readonly client: WordPressClient; readonly closed: Shown },
  trace: Trace,
  signal: AbortSignal | undefined,
): ReadPage {
  return (method, target) =>
    traced(
      trace,
      () => `${method} ${target}`,
      async (markOwn) => {
        markOwn();
        const answer = await client.readPage({ method, target, ...(signal ? { signal } : {}) });
        const { status, headers } = answer;
        if (isWordPressPage(headers)) closed.answered(allPages);
        // What says nothing where pages were never shown is a fault where WordPress showed some lately.
        else if (refusals.has(status) && closed.hasAnswered(allPages)) {
          const label = `${method} ${target.replace(/\?.*/, '')}: ${status}`;
          throw new UpstreamError('UPSTREAM_FORBIDDEN', label, { status, isInTheWay: true });
        }
        return answer;
      },
    );
}

/** By these a firewall, or a server that asks for a password, keeps the gateway from pages, whatever their address. */
const refusals: ReadonlySet<number> = new Set([401, 403, 405, 406]);
