// What a gateway that hangs, drips or does not end may cost who warms it.

import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { askGateway } from '../../../src/cli/ask-gateway.ts';

let close = async () => {};
afterEach(() => close());

/** Starts one that answers so; gives its address, and the answers that it has begun. */
async function startGateway(answer: (response: ServerResponse, count: number) => void) {
  const begun: ServerResponse[] = [];
  const listener: RequestListener = (request, response) => {
    begun.push(response);
    request.resume().on('end', () => answer(response, begun.length));
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`, begun };
}

const operations = Array.from({ length: 20 }, (_, at) => ({ query: `{ a${at} }` }));
const bounds = { parallel: 1, timeoutMs: 250, maxBytes: 1000 };

it.each<[string, (response: ServerResponse) => void]>([
  ['hangs', () => undefined],
  ['drips', (response) => response.writeHead(200) && response.write(' ')],
])('one that %s is not asked any more after the fifth operation', async (_, answer) => {
  const { url, begun } = await startGateway(answer);
  const asked = await askGateway(url, operations, bounds);
  expect(asked).toEqual({ failed: 5, why: 'no answer within 0.25 seconds', notAsked: 15 });
  expect(begun).toHaveLength(5);
});

it('one that is late now and then is asked everything', async () => {
  const { url, begun } = await startGateway((response, count) => {
    if (count === 5) response.end('{}');
  });
  const asked = await askGateway(url, operations.slice(0, 9), bounds);
  expect(asked).toMatchObject({ failed: 8, notAsked: 0 });
  expect(begun).toHaveLength(9);
});

it('an answer that does not end is read to its bound', async () => {
  const { url, begun } = await startGateway((response) => {
    const write = () => {
      while (response.write('x'.repeat(1000)));
    };
    response.on('drain', write);
    write();
  });
  const asked = await askGateway(url, operations.slice(0, 2), { ...bounds, timeoutMs: 20_000 });
  expect(asked).toEqual({ failed: 2, why: 'an answer of more than 1000 bytes', notAsked: 0 });
  for (const response of begun) if (!response.closed) await once(response, 'close');
});
