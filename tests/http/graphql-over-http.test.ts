// Owns the check against GraphQL over HTTP by graphql-http's own audits: every MUST and every SHOULD.

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();

/** A hardened gateway takes GETs with a document from those who prove that they are no link. */
function fetchWithHeader(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('apollo-require-preflight', 'true');
  return fetch(url, { ...init, headers });
}

/** Audits that send variables with a question for `__type`. */
const introspecting: readonly string[] = ['2EA1', '28B9'];
const none: readonly string[] = [];

describe.each([
  ['open', { graphiql: true }, fetch, none],
  ['hardened', { hardened: true }, fetchWithHeader, introspecting],
])('GraphQL over HTTP, %s', (_name, options, fetchFn, closed) => {
  let server: Server;

  beforeAll(async () => {
    server = await startStandInServer(createStandInGateway(log, options), log);
  });

  afterAll(() => server.close());

  const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

  it('has audits', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  for (const audit of audits) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      if (closed.includes(audit.id)) {
        const { errors } = JSON.parse('response' in result ? await result.response.text() : '{}');
        expect(errors[0].message).toContain('introspection has been disabled');
        return;
      }
      // A notice is a MAY.
      expect(['ok', 'notice'], 'reason' in result ? result.reason : '').toContain(result.status);
    });
  }
});
