// Owns what a refusal says of a viewer: credentials that WordPress took a moment ago may have been revoked since.

import { UpstreamError } from '../errors.ts';
import type { Read } from './reader.ts';

/**
 * Reads that ask anew whose credentials they are, once, where WordPress refuses something. Revoked ones would be read with
 * as if there were none: they reject with UNAUTHENTICATED. Otherwise the refusal stays what it is.
 */
export function doubtViewer(read: Read, recheck: () => Promise<unknown>): Read {
  let checked: Promise<unknown> | undefined;
  return async (route, query) => {
    try {
      return await read(route, query);
    } catch (error) {
      if (!isForNobody(error)) throw error;
      checked ??= recheck();
      await checked;
      throw error;
    }
  };
}

/** Whether WordPress answers so whom it does not know: it calls a status that needs rights an invalid parameter. */
function isForNobody(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { status, restCode, parameters = [] } = error.details;
  return status === 401 || (restCode === 'rest_invalid_param' && parameters.includes('status'));
}
