// Owns who a viewer is: the user whose credentials came with a request, as WordPress itself says.

import { isRestObject } from '../cache/fields-record.ts';
import { createSecretMemory, type SecretMemory } from '../cache/secret-memory.ts';
import { createSingleFlight, type Sharing } from '../cache/single-flight.ts';
import { UpstreamError, UserError } from '../errors.ts';
import { isPassedOn } from '../wordpress/credentials.ts';
import { isHiddenByPage } from '../wordpress/failures.ts';
import type { WordPressClient } from '../wordpress/rest.ts';

/** The user whose credentials came with a request. */
export interface Viewer {
  readonly id: number;
  /** Whether the user has a capability of WordPress, such as `edit_posts`. */
  can(capability: string): boolean;
}

/** Finds out who the viewer is. Rejects with UNAUTHENTICATED where WordPress does not take the credentials. */
export interface ViewerCheck {
  (authorization: string, signal?: AbortSignal): Promise<Viewer>;
  /** Forgets what is known of credentials, such as those that WordPress takes no more. */
  forget(authorization: string): void;
}

/** How long what WordPress said of credentials is believed. */
const knownSeconds = 60;
const refusedSeconds = 10;
/** How long a page in the place of WordPress takes nothing back. */
const takenSeconds = 3600;

/** Some thousands of viewers: an administrator weighs 4 KiB. */
const knownBytes = 4 * 1024 * 1024;
const takenBytes = 512 * 1024;
/** What a name takes beside its text. */
const nameBytes = 48;

type Known = { readonly viewer: Viewer; readonly bytes: number } | { readonly refused: string };

/** A check that asks WordPress once for each of the credentials, whoever comes meanwhile, and again after a minute. */
export function createViewerCheck(
  client: WordPressClient,
  memory: SecretMemory<Known> = createSecretMemory({ maxBytes: knownBytes, bytesOf }),
): ViewerCheck {
  /** Credentials that WordPress took. */
  const taken = createSecretMemory<object>({ maxBytes: takenBytes, bytesOf: () => 0 });
  const flight = createSingleFlight<Known>();

  async function ask(authorization: string, signal: AbortSignal): Promise<Known> {
    if (!isPassedOn(authorization)) {
      return {
        refused: 'Credentials must come as Authorization: Basic (an application password) or Bearer (a token).',
      };
    }
    const query = { context: 'edit', _fields: ['id', 'capabilities'] };
    try {
      const { body } = await client.request({ route: 'wp/v2/users/me', query, authorization, signal });
      const id = isRestObject(body) ? Number(body['id']) : Number.NaN;
      if (!isRestObject(body) || !Number.isSafeInteger(id) || id <= 0) {
        throw new UpstreamError('UPSTREAM_BAD_RESPONSE', 'GET /wp/v2/users/me: not a user');
      }
      taken.set(authorization, {}, takenSeconds);
      return toKnown(id, body['capabilities']);
    } catch (error) {
      const refused = whyRefused(error);
      if (refused === null || (error instanceof UpstreamError && isHiddenByPage(error) && taken.get(authorization)))
        throw error;
      taken.forget(authorization);
      return { refused };
    }
  }

  async function learn(authorization: string, { signal, isShared }: Sharing): Promise<Known> {
    const known = await ask(authorization, signal);
    if (isShared()) memory.set(authorization, known, 'viewer' in known ? knownSeconds : refusedSeconds);
    return known;
  }

  const check = async (authorization: string, signal?: AbortSignal): Promise<Viewer> => {
    const known =
      memory.get(authorization) ??
      (await flight.run(authorization, signal, (sharing) => learn(authorization, sharing)));
    if ('refused' in known) throw new UserError(known.refused, 'UNAUTHENTICATED');
    return known.viewer;
  };
  const forget = (authorization: string) => {
    // Who forgot what was known does not want what was asked for before.
    flight.forget(authorization);
    memory.forget(authorization);
  };
  return Object.assign(check, { forget });
}

function toKnown(id: number, capabilities: unknown): Known {
  const names = namesOf(capabilities);
  return { viewer: { id, can: (capability) => names.has(capability) }, bytes: weigh(names) };
}

/** What is kept of capabilities, of which plugins may make hundreds, with values of any kind: those that a user has. */
function namesOf(capabilities: unknown): ReadonlySet<string> {
  const given = isRestObject(capabilities) ? capabilities : {};
  return new Set(Object.keys(given).filter((name) => given[name] === true));
}

function weigh(names: ReadonlySet<string>): number {
  return [...names].reduce((sum, { length }) => sum + nameBytes + 2 * length, 0);
}

function bytesOf(known: Known): number {
  return 'viewer' in known ? known.bytes : 0;
}

/** On a public route WordPress would answer wrong credentials as if there were none; this route tells. */
function whyRefused(error: unknown): string | null {
  if (!(error instanceof UpstreamError)) return null;
  const { code, details } = error;
  if (code === 'UPSTREAM_FORBIDDEN') return 'WordPress does not accept the credentials that came with the request.';
  // Some plugins answer a token that they cannot read with 400, and some close all that begins with `users`.
  if (code === 'UPSTREAM_REFUSED') return 'WordPress cannot read the credentials that came with the request.';
  if (code === 'UPSTREAM_NOT_FOUND' && details.restCode !== undefined) {
    return 'The site hides its users from REST, so that credentials cannot be checked.';
  }
  return null;
}
