// Owns following the REST API to where it is without permalinks: a site may give them up, or lose the rules of its server.

import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { startDeadline, untilAborted } from './deadline.ts';
import type { RestRequest, RestResponse, RestRoot } from './rest.ts';
import { isRead } from './retry.ts';

/** Makes a request below a root. */
type Ask = (root: RestRoot, request: RestRequest) => Promise<RestResponse>;

/** How long a root that is still there, or that is nowhere, is taken for that. */
const askAgainMs = 60_000;

/** Requests below a root, and where that is by now. */
export interface FollowedRoot {
  readonly request: (request: RestRequest) => Promise<RestResponse>;
  readonly root: RestRoot;
}

/** What following stands on. */
export interface FollowOptions {
  readonly logger: Logger;
  readonly ask: Ask;
  /** What a request, looking for the root included, may take. */
  readonly timeoutMs: number;
}

/**
 * Requests below a root. Where something else than WordPress's REST API answers at all of it, as at `/wp-json/` without
 * permalinks, `?rest_route=` is tried, which works whatever they are (`rest_api_loaded`), and the other way round; from then
 * on all goes there. What was only read is asked for again, as long as there is time.
 */
export function followRoot(given: RestRoot, options: FollowOptions): FollowedRoot {
  const { logger, ask, timeoutMs } = options;
  const byQuery = toQueryRoot(given);
  let root = given;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function isThere(candidate: RestRoot, signal: AbortSignal): Promise<boolean> {
    const { body } = await ask(candidate, { route: '', query: { _fields: ['namespaces'] }, signal });
    return typeof body === 'object' && body !== null && 'namespaces' in body;
  }

  async function look(): Promise<void> {
    if (!byQuery || performance.now() < askedAt + askAgainMs) return;
    askedAt = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    const other = root === given ? byQuery : given;
    // One route may be closed by a page. And what is down is still where it was.
    if (await isThere(root, signal).catch((error: unknown) => !isByOther(error))) return;
    if (!(await isThere(other, signal).catch(() => false))) return;
    logger.warn(`the REST API is not ${placeOf(root)} any more; it is read ${placeOf(other)} from now on`);
    root = other;
  }

  async function followed(request: RestRequest): Promise<RestResponse> {
    const asked = root;
    const endsAt = performance.now() + timeoutMs;
    try {
      return await ask(asked, request);
    } catch (error) {
      const leftMs = endsAt - performance.now();
      if (!isByOther(error) || leftMs <= 0) throw error;
      asking ??= look().finally(() => {
        asking = undefined;
      });
      const { signal, clear } = startDeadline(leftMs, request.signal);
      try {
        await untilAborted(signal, asking);
        if (root === asked || !isRead(request.method ?? 'GET')) throw error;
        return await ask(root, { ...request, signal });
      } catch (again) {
        throw signal.aborted ? error : again;
      } finally {
        clear();
      }
    }
  }

  return {
    request: followed,
    get root() {
      return root;
    },
  };
}

function placeOf({ path, style }: RestRoot): string {
  return style === 'query' ? 'by ?rest_route=' : `at ${path}`;
}

/** Whether it was not the REST API that answered. */
function isByOther(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { code, details } = error;
  if (code === 'UPSTREAM_NOT_JSON') return details.kind === 'html';
  return code === 'UPSTREAM_NOT_FOUND' && details.status !== undefined && details.restCode === undefined;
}

function toQueryRoot({ origin, path, style }: RestRoot): RestRoot | null {
  const base = style === 'path' ? /^(.*\/)(?:index\.php\/)?wp-json\/$/.exec(path)?.[1] : undefined;
  return base === undefined ? null : { origin, path: base, style: 'query' };
}
