// Owns the test that nothing is executed but what the gateway has read: by that its bounds know what runs.

import { createSchema } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { createDocumentCache } from '../../../src/cache/document-cache.ts';
import { createEndpoint } from '../../../src/gateway/create-endpoint.ts';
import { createLimits } from '../../../src/limits.ts';
import { createOutcome } from '../../../src/responses/outcome.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

/** An endpoint that notes what it executes. */
function openEndpoint() {
  const ran: string[] = [];
  const schema = createSchema({
    typeDefs: 'type Query { hello: String } type Mutation { touch: String } type Subscription { tick: String }',
    resolvers: {
      Query: { hello: () => void ran.push('hello') },
      Mutation: { touch: () => void ran.push('touch') },
      Subscription: {
        tick: {
          async *subscribe() {
            ran.push('tick');
            yield { tick: '1' };
          },
        },
      },
    },
  });
  const endpoint = createEndpoint({
    schemaOf: () => schema,
    createContext: () => ({}),
    documents: createDocumentCache(100_000),
    limits: createLimits({}),
    takeError: () => undefined,
    logger: createRecordingLogger().logger,
    ...{ graphiql: false, closed: false, only: false, trace: false },
  });
  return { endpoint, ran };
}

const address = 'http://gateway/graphql';
const accept = 'application/json, text/event-stream';
const post = (type: string, body: string) => ({ method: 'POST', headers: { accept, 'content-type': type }, body });

const requests: [string, string, RequestInit, string][] = [
  ['a query', address, post('application/json', '{"query":"{ hello }"}'), 'hello'],
  ['a query by GET', `${address}?query={hello}`, { headers: { accept } }, 'hello'],
  ['a mutation', address, post('application/graphql', 'mutation { touch }'), 'touch'],
  ['a subscription', address, post('application/graphql', 'subscription { tick }'), 'tick'],
];

it.each(requests)('%s is executed only where it was read', async (_, url, init, name) => {
  const { endpoint, ran } = openEndpoint();
  const ask = async (isRead: boolean) => {
    const response = await endpoint.fetch(url, init, { outcome: createOutcome(), isRead });
    return { status: response.status, text: await response.text() };
  };
  const refused = await ask(false);
  expect(refused.status).toBe(400);
  expect(refused.text).toContain(
    '{"message":"The request is none that the gateway can read.","extensions":{"code":"BAD_USER_INPUT"}}',
  );
  expect(ran).toEqual([]);
  expect((await ask(true)).status).toBe(200);
  expect(ran).toEqual([name]);
});
