// Owns answers that came too late on a connection that is kept alive: right ones, to the request before.

import type { Behaviour, HostileRequest } from '../support/hostile-server.ts';

/**
 * Remembers a right answer, and gives the one before it on the same connection; null where there is none, or none that can
 * be told from it: lists may fit more than one question. What goes with credentials must never come on such a connection.
 */
export type Shift = (request: HostileRequest, right: Behaviour) => Behaviour | null;

/** The answers of one server. */
export function createShift(): Shift {
  const answered = new Map<number, { readonly request: HostileRequest; readonly right: Behaviour }>();
  return (request, right) => {
    const last = answered.get(request.connection);
    answered.set(request.connection, { request, right });
    return last && isTold(request, last.request) ? last.right : null;
  };
}

function isTold(request: HostileRequest, before: HostileRequest): boolean {
  if (request.headers.has('authorization') || before.headers.has('authorization')) return true;
  const [asked, other] = [toUrl(request), toUrl(before)];
  const [own, others] = [idsOf(asked), idsOf(other)];
  if (own.length > 0) return others.some((id) => !own.includes(id));
  return other.searchParams.has('per_page') && isOfPosts(asked) !== isOfPosts(other);
}

function toUrl({ target }: HostileRequest): URL {
  return new URL(target, 'http://marked.test');
}

function idsOf({ searchParams }: URL): readonly string[] {
  return searchParams.get('include')?.split(',') ?? [];
}

function isOfPosts({ pathname }: URL): boolean {
  return pathname.endsWith('/posts');
}
