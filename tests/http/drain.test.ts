// Owns the tests of a graceful stop: no answer is lost, and no client can hold it up.

import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
const gateway = createStandInGateway(log);

function ask(url: string, agent: Agent): Promise<{ status: number; connection: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body });
      });
    }).on('error', reject);
  });
}

describe('a stop', () => {
  it('is quick where nobody is connected, and can be asked for twice', async () => {
    const server = await startStandInServer(gateway, log);
    const started = performance.now();
    await Promise.all([server.close(), server.close(), server[Symbol.asyncDispose]()]);
    expect(performance.now() - started).toBeLessThan(500);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('finishes what is under way, says so at /ready, and closes connections after their answer', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 1000 });
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const slow = ask(`${server.url}/graphql?query={slow(ms:600)}`, agent);
    const idle = await ask(`${server.url}/health`, agent);
    expect(idle.connection).toBe('keep-alive');
    await delay(50);
    const closing = server.close();
    await delay(20);
    // A client that comes on an idle connection is answered, and told not to come again.
    const ready = await ask(`${server.url}/ready`, agent);
    expect(ready).toEqual({ status: 503, connection: 'close', body: '{"status":"draining"}' });
    const health = await ask(`${server.url}/health`, agent);
    expect(health).toMatchObject({ status: 200, connection: 'close' });
    expect(await slow).toEqual({ status: 200, connection: 'close', body: '{"data":{"slow":"done"}}' });
    await closing;
    agent.destroy();
  });

  it('loses no answer under load', async () => {
    const server = await startStandInServer(gateway, log, { lingerMs: 1500 });
    const agent = new Agent({ keepAlive: true });
    const answers: Promise<number>[] = [];
    const send = async (count: number, withinMs: number) => {
      const until = performance.now() + withinMs;
      for (let sent = 0; sent < count && performance.now() < until; sent += 1) {
        const field = answers.length % 10 === 0 ? 'slow(ms:300)' : 'hello';
        answers.push(ask(`${server.url}/graphql?query={${field}}`, agent).then(({ status }) => status));
        await delay(2);
      }
    };
    await send(100, Number.POSITIVE_INFINITY);
    const closing = server.close();
    // As clients do until their balancer has seen /ready.
    await send(100, 500);
    expect(answers.length).toBeGreaterThan(100);
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    await closing;
    agent.destroy();
  });

  it('does not wait longer than its deadline', async () => {
    const server = await startStandInServer(gateway, log, { drainMs: 100 });
    const agent = new Agent({ keepAlive: true });
    const hanging = ask(`${server.url}/graphql?query={slow(ms:20000)}`, agent);
    const failed = expect(hanging).rejects.toThrow();
    await delay(50);
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(1000);
    await failed;
    agent.destroy();
  });
});
