// Owns following the REST API to where it is without permalinks: a site may give them up, or lose the rules of its server.

import { UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { RestRequest, RestResponse, RestRoot } from './rest.ts';
import { isRead } from './retry.ts';

/** Makes a request below a root. */
type Ask = (root: RestRoot, request: RestRequest) => Promise<RestResponse>;

/** How long a root that is still there, or that is nowhere, is taken for that. */
const askAgainMs = 60_000;
/** How long it is looked for: somebody waits for an answer. */
const lookMs = 5_000;

/**
 * Requests below a root. Where something else than WordPress's REST API answers at all of it, as at `/wp-json/` without
 * permalinks, `?rest_route=` is tried, which works whatever they are (`rest_api_loaded`); from then on all goes there. What
 * was only read is asked for again.
 */
export function followRoot(
  given: RestRoot,
  { logger, ask }: { readonly logger: Logger; readonly ask: Ask },
): (request: RestRequest) => Promise<RestResponse> {
  let root = given;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function isThere(candidate: RestRoot, signal: AbortSignal): Promise<boolean> {
    const { body } = await ask(candidate, { route: '', query: { _fields: ['namespaces'] }, signal });
    return typeof body === 'object' && body !== null && 'namespaces' in body;
  }

  async function look(): Promise<void> {
    const moved = toQueryRoot(root);
    if (!moved || performance.now() < askedAt + askAgainMs) return;
    askedAt = performance.now();
    const signal = AbortSignal.timeout(lookMs);
    // One route may be closed by a page. And what is down is still where it was.
    if (await isThere(root, signal).catch((error: unknown) => !isByOther(error))) return;
    if (!(await isThere(moved, signal).catch(() => false))) return;
    logger.warn(`the REST API is not at ${root.path} any more; it is read by ?rest_route= from now on`);
    root = moved;
  }

  return async (request) => {
    const asked = root;
    try {
      return await ask(asked, request);
    } catch (error) {
      if (!isByOther(error)) throw error;
      asking ??= look().finally(() => {
        asking = undefined;
      });
      await asking;
      if (root === asked || !isRead(request.method ?? 'GET')) throw error;
      return ask(root, request);
    }
  };
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
