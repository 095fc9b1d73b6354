// Owns the check against GraphQL over HTTP by graphql-http's own audits: every MUST, SHOULD and MAY.

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

describe.each([
  ['open', { graphiql: true }, fetch],
  ['hardened', { hardened: true }, fetchWithHeader],
])('GraphQL over HTTP, %s', (_name, options, fetchFn) => {
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
      expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
    });
  }
});
