// A gateway that is told to stop loses nothing: SIGTERM under load, with clients that keep their connections and answers that
// take a while. `npm run drain` does it twenty times.

import { Agent, request as sendRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BuiltCli, buildCli, type CliProcess } from '../support/built-cli.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';
import { report, scaleOf } from './scale.ts';

const scale = scaleOf('drain', { stops: 1, clients: 10 }, { stops: 20, clients: 40 });

let cli: BuiltCli;
let site: TinyWordPress;

beforeAll(async () => {
  cli = buildCli();
  site = await startTinyWordPress();
}, 180_000);

afterAll(async () => {
  cli[Symbol.dispose]();
  await site[Symbol.asyncDispose]();
});

async function listening(process: CliProcess): Promise<string> {
  return vi.waitFor(
    () => {
      const url = /"url":"([^"]+)"/.exec(process.output.stdout)?.[1];
      if (url === undefined) throw new Error(`not listening: ${process.output.stdout}${process.output.stderr}`);
      return url;
    },
    { timeout: 90_000, interval: 20 },
  );
}

interface Answered {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: string;
}

function post(url: string, agent: Agent, query: string): Promise<Answered> {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = sendRequest(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('SIGTERM under load', () => {
  it('loses no answer', { timeout: 1_200_000 }, async () => {
    let answers = 0;
    for (let stop = 0; stop < scale.stops; stop += 1) {
      // A busy machine turns work away, which is another matter than to lose it.
      const env = { PORT: '0', HOST: '127.0.0.1', DRAIN_DELAY_MS: '120000', MAX_DELAY_MS: '0' };
      const process = cli.run(['start', site.url], env);
      const url = await listening(process);
      site.delayMs = 300;
      const failed: string[] = [];
      const client = async (number: number) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (let index = 0; ; index += 1) {
          // Each has some of its own, which take as long as WordPress does.
          const query =
            index % 10 === 0 ? `{ posts(first: ${1 + number}) { nodes { a${index}: title } } }` : '{ __typename }';
          // Until the gateway says that the connection ends, a client may use it.
          const { status, connection, body } = await post(url, agent, query).catch((error: unknown) => {
            failed.push(String(error));
            return { status: 0, connection: 'close', body: '' };
          });
          answers += 1;
          if (status !== 200 || !body.startsWith('{"data":')) failed.push(`${status} ${body}`);
          if (connection === 'close') break;
          await sleep(2);
        }
        agent.destroy();
      };
      const clients = Array.from({ length: scale.clients }, (_, number) => client(number));
      const enough = answers + 4 * scale.clients;
      await vi.waitFor(() => expect(answers).toBeGreaterThan(enough), { timeout: 120_000, interval: 10 });
      process.child.kill('SIGTERM');
      await Promise.all(clients);
      expect(failed).toEqual([]);
      expect(await process.exit).toBe(0);
    }
    expect(answers).toBeGreaterThan(scale.stops * scale.clients * 4);
    report('drain', { stops: scale.stops, answers, lost: 0 });
    site.delayMs = 0;
  });
});
