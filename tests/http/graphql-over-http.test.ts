// Owns the check against GraphQL over HTTP by graphql-http's own audits: every MUST and every SHOULD.

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
let server: Server;

beforeAll(async () => {
  server = await startStandInServer(createStandInGateway(log, { graphiql: true }), log);
});

afterAll(() => server.close());

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${server.url}/graphql` });

  it('has audits', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  for (const audit of audits) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      // A notice is a MAY.
      expect(['ok', 'notice'], 'reason' in result ? result.reason : '').toContain(result.status);
    });
  }
});
