// What a client pipelines: bounded for each connection, begun in its order, and no answer in the place of another one.

import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { GatewayRequest } from '../../src/gateway.ts';
import { toOwnAnswer } from '../../src/responses/answer.ts';
import type { ServerOptions } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log);

/** The most that are under way on a connection. */
const bound = 100;

const toGet = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\n${['Host: a', ...headers].join('\r\n')}\r\n\r\n`;
const toPost = (query: string, ...headers: string[]) => {
  const body = JSON.stringify({ query });
  const lines = ['Host: a', 'Content-Type: application/json', `Content-Length: ${body.length}`, ...headers];
  return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
};
const slow = toGet('/graphql?query={slow(ms:300)}');

/** Sends bytes to a server of their own; gives all that comes back, and what the gateway was asked. */
async function send(bytes: string, options: Partial<ServerOptions> = {}) {
  const asked: string[] = [];
  const handle = (request: GatewayRequest) => {
    asked.push(request.method);
    return gateway.handle(request);
  };
  await using server = await startStandInServer({ ...gateway, handle }, log, { lingerMs: 0, ...options });
  const socket = connect(server.port, '127.0.0.1');
  socket.write(bytes);
  const answers = await text(socket);
  return { answers, asked };
}

/** The status of each answer, and whether it says that the connection ends. */
const toHeads = (answers: string) =>
  Array.from(answers.matchAll(/HTTP\/1\.1 (\d+) [\s\S]*?\nconnection: (.*?)\r\n/gi), ([, status, connection]) => [
    Number(status),
    connection,
  ]);

const kept = (count: number) => Array.from({ length: count }, () => [200, 'keep-alive']);

describe('of what is pipelined on one connection', () => {
  it('no more than a hundred is begun, whose answers come in their order', async () => {
    const requests = Array.from({ length: 3000 }, (_, at) => toGet(`/graphql?query={hello(name:"${at}")}`));
    const { answers, asked } = await send(requests.join(''));
    expect(asked).toHaveLength(bound);
    expect(toHeads(answers)).toEqual([...kept(bound - 1), [200, 'close']]);
    expect(Array.from(answers.matchAll(/Hello (\d+)/g), ([, at]) => Number(at))).toEqual(Array.from(asked.keys()));
  });

  it('no more than a hundred is begun in a turn, even where each is answered before the next one comes', async () => {
    const requests = Array.from({ length: 600 }, (_, at) => toPost(`{ hello(name: "${at}") }`));
    const { answers, asked } = await send(requests.join(''));
    expect(asked).toHaveLength(bound);
    expect(toHeads(answers)).toEqual([...kept(bound - 1), [200, 'close']]);
  });

  it('the last one that is begun may have a body that is still to come', async () => {
    const asked: string[] = [];
    const handle = (request: GatewayRequest) => {
      asked.push(String(request.body));
      return gateway.handle(request);
    };
    await using server = await startStandInServer({ ...gateway, handle }, log, { lingerMs: 0 });
    const socket = connect(server.port, '127.0.0.1');
    const post = toPost('{ hello }');
    socket.write(toGet('/graphql?query={slow(ms:300)}') + toGet('/health').repeat(bound - 2) + post.slice(0, -1));
    const answers = text(socket);
    await once(socket, 'readable');
    socket.write(post.slice(-1) + post.repeat(1000));
    expect(toHeads(await answers)).toEqual([...kept(bound - 1), [200, 'close']]);
    expect(asked).toHaveLength(2);
  });

  it('all is answered where it comes as answers are taken, as benchmarks send it', async () => {
    await using server = await startStandInServer(gateway, log);
    const socket = connect(server.port, '127.0.0.1').setEncoding('latin1');
    let answers = '';
    for (let round = 1; round <= 20; round += 1) {
      socket.write(toGet('/graphql?query={hello}').repeat(16));
      while (toHeads(answers).length < 16 * round) answers += (await once(socket, 'data'))[0];
    }
    expect(toHeads(answers)).toEqual(kept(320));
    socket.destroy();
  });

  it('nothing that comes behind is read for a request, however long the answers take', async () => {
    await using server = await startStandInServer(gateway, log, { lingerMs: 0 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write(toGet('/graphql?query={slow(ms:600)}').repeat(bound + 1));
    const answers = text(socket);
    // No request any more, for which the connection would end at once.
    for (let at = 0; at < 20; at += 1) socket.write('GARBAGE\r\n\r\n'.repeat(10_000));
    expect(toHeads(await answers)).toEqual([...kept(bound - 1), [200, 'close']]);
  });
});

describe('what is printed anew for each who asks', () => {
  it.each([
    ['/metrics', 'text/plain'],
    ['/', 'text/html'],
  ])('is printed once for all who ask at the same time: %s', async (path, accept) => {
    let prints = 0;
    const printMetrics = async () => `print ${++prints}`;
    const home = async () => toOwnAnswer(200, [], Buffer.from(await printMetrics()));
    const get = toGet(path, `Accept: ${accept}`);
    const { answers } = await send(get.repeat(bound), { printMetrics, home });
    expect(answers.match(/print \d+/g)).toEqual(Array(bound).fill('print 1'));
    await using server = await startStandInServer(gateway, log, { printMetrics, home });
    const ask = async () => (await fetch(server.url + path, { headers: { accept } })).text();
    expect([await ask(), await ask()]).toEqual(['print 2', 'print 3']);
  });

  it('is asked for anew where it could not be printed', async () => {
    let prints = 0;
    const printMetrics = async () => {
      prints += 1;
      if (prints === 1) throw new Error('nothing to print');
      return 'print';
    };
    await using server = await startStandInServer(gateway, log, { printMetrics });
    const ask = async () => (await fetch(`${server.url}/metrics`)).status;
    expect([await ask(), await ask()]).toEqual([500, 200]);
    expect(log.takeErrors()).toMatchObject([{ err: { message: 'nothing to print' } }]);
  });
});

describe('behind answers that are to come', () => {
  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n'],
    ['a head that is too large', toGet(`/${'x'.repeat(20_000)}`)],
  ])('what cannot be read has no answer, and the connection ends with the last one: %s', async (_, unread) => {
    const { answers, asked } = await send(slow + toPost('mutation { touch }') + unread + toPost('mutation { touch }'));
    expect(toHeads(answers)).toEqual([...kept(1), [200, 'close']]);
    expect(answers.match(/\{"data".*?\}\}/g)).toEqual(['{"data":{"slow":"done"}}', '{"data":{"touch":"touched"}}']);
    expect(asked).toEqual(['GET', 'POST']);
  });

  it('the connection ends as well where the last one was made before', async () => {
    await using server = await startStandInServer(gateway, log);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(slow + toGet('/health'));
    const answers = text(socket);
    // What is asked later is answered later.
    await (await fetch(`${server.url}/health`)).text();
    socket.write('GARBAGE\r\n\r\n');
    expect(toHeads(await answers)).toEqual(kept(2));
  });

  it.each([
    ['a tunnel', 501, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an odd expectation', 417, toGet('/health', 'Expect: tea')],
    [
      'a body that is none',
      400,
      'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    ],
  ])('%s is told %i in its place, and nothing behind it is begun', async (_, status, refused) => {
    const { answers, asked } = await send(slow + refused + toPost('mutation { touch }'));
    expect(toHeads(answers)).toEqual([...kept(1), [status, 'close']]);
    expect(answers).toContain('{"data":{"slow":"done"}}');
    expect(asked).toEqual(['GET']);
  });
});
