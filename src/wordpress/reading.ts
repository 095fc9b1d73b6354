// Owns one reading of what a site shows: what it told, and what it did not, be it that it refuses or that it failed.

import { UpstreamError } from '../errors.ts';
import { isOwnRefusal, isRefusal, isUnavailable } from './failures.ts';
import type { RestRequest, RestResponse, WordPressClient } from './rest.ts';

/** All that a reading takes of a client. */
export type ReadingClient = Pick<WordPressClient, 'request'>;

/** Makes of an answer what it tells; null where it cannot be WordPress's answer to the request. */
export type Parse<Told> = (body: unknown, answer: RestResponse) => Told | null;

/** A reading of a site. */
export interface Reading {
  /** What an answer tells, or null with a problem where it is not told. Rejects only where the site could not be asked. */
  get<Told>(request: RestRequest, parse: Parse<Told>): Promise<Told | null>;
  /** The same of what can be done without: nobody need be told, and it never rejects. */
  getExtra<Told>(request: RestRequest, parse: Parse<Told>): Promise<Told | null>;
  /** What stood in the way, for people. */
  readonly problems: string[];
  /** Some of it failed: the site may well tell it the next time. What it refuses it would refuse again. */
  readonly isPartial: boolean;
}

/** Starts a reading. */
export function startReading(client: ReadingClient): Reading {
  const problems: string[] = [];
  let isPartial = false;

  async function read<Told>(request: RestRequest, parse: Parse<Told>): Promise<Told> {
    const answer = await client.request(request);
    const told = parse(answer.body, answer);
    if (told !== null) return told;
    const label = `${request.method ?? 'GET'} /${request.route}`;
    throw new UpstreamError('UPSTREAM_BAD_RESPONSE', `${label}: what came is no answer to that`);
  }

  /** Takes note of a failure of WordPress; any other is thrown. */
  function miss(error: unknown, { method }: RestRequest): UpstreamError {
    if (!(error instanceof UpstreamError)) throw error;
    // A page does not tell that WordPress refuses it, but for the servers that let no OPTIONS through.
    const isRefused = method === 'OPTIONS' ? isRefusal(error) : isOwnRefusal(error);
    if (!isRefused) isPartial = true;
    return error;
  }

  return {
    problems,
    get isPartial() {
      return isPartial;
    },
    async get(request, parse) {
      try {
        return await read(request, parse);
      } catch (error) {
        const missed = miss(error, request);
        // Those servers show WordPress's answers to all else.
        if (isUnavailable(missed) && request.method !== 'OPTIONS') throw missed;
        problems.push(`${missed.message}: what it would tell is not known`);
        return null;
      }
    },
    async getExtra(request, parse) {
      try {
        return await read(request, parse);
      } catch (error) {
        miss(error, request);
        return null;
      }
    },
  };
}

/** Parses a list of objects. */
export function toRows(body: unknown): Readonly<Record<string, unknown>>[] | null {
  return Array.isArray(body) ? body.filter(isObject) : null;
}

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
