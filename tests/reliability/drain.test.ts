// A gateway that is told to stop loses nothing: SIGTERM under load, with clients that keep their connections and answers that
// take a while, with the settings as they come and others. `npm run drain` does it twenty times.

import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request as sendRequest } from 'node:http';
import { connect as connectTo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BuiltCli, buildCli, type CliProcess, untilListening } from '../support/built-cli.ts';
import { findFreePort } from '../support/free-port.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';
import { report, scaleOf } from './scale.ts';

const scale = scaleOf('drain', { stops: 1, clients: 20, rounds: 1 }, { stops: 20, clients: 40, rounds: 5 });

/** Of all clients together, in a second. */
const rate = 200;
/** What some answers take, since WordPress does. */
const slowMs = 300;
const slowEvery = 10;
/** Docker kills what has not ended by then. */
const killMs = 10_000;
/** A busy machine turns work away, which is another matter than to lose it. */
const usual = { PORT: '0', HOST: '127.0.0.1', MAX_DELAY_MS: '0' };

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

interface Answered {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: string;
}

async function read(response: IncomingMessage): Promise<Answered> {
  const body = (await response.toArray()).join('');
  return { status: response.statusCode ?? 0, connection: response.headers.connection, body };
}

function post(url: string, agent: Agent, query: string): Promise<Answered> {
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = sendRequest(`${url}/graphql`, { method: 'POST', agent, headers });
    sent.on('response', (response) => read(response).then(resolve, reject)).on('error', reject);
    sent.end(body);
  });
}

/** Some of a client's queries are its own, which take as long as WordPress does. */
const queryOf = (client: number, index: number) =>
  index % slowEvery === 0 ? `{ posts(first: ${1 + client}) { nodes { a${index}: title } } }` : '{ __typename }';

interface Load {
  readonly failed: string[];
  answers: number;
}

/** Sends a query, and counts what became of it; gives whether the connection goes on. */
async function count(load: Load, url: string, agent: Agent, query: string): Promise<boolean> {
  try {
    const { status, connection, body } = await post(url, agent, query);
    load.answers += 1;
    if (status !== 200 || !body.startsWith('{"data":')) load.failed.push(`${status} ${body}`);
    return connection !== 'close';
  } catch (error) {
    load.failed.push(String(error));
    return false;
  }
}

/** Sends SIGTERM as Docker does; gives how long it took, in ms. */
async function stop({ child, exit }: CliProcess): Promise<number> {
  const toldAt = performance.now();
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), killMs);
  expect(await exit).toBe(0);
  clearTimeout(kill);
  return performance.now() - toldAt;
}

const range = (counts: readonly number[]) => `${Math.min(...counts).toFixed(0)} to ${Math.max(...counts).toFixed(0)}`;

describe('SIGTERM under load', () => {
  it.each([
    ['as they come', {}],
    ['with a longer linger', { DRAIN_DELAY_MS: '3000' }],
  ])('loses no answer, with settings %s', { timeout: 1_200_000 }, async (name, settings) => {
    const load: Load = { failed: [], answers: 0 };
    const took: number[] = [];
    const rates: number[] = [];
    for (let index = 0; index < scale.stops; index += 1) {
      const process = cli.run(['start', site.url], { ...usual, ...settings });
      const url = await untilListening(process);
      site.delayMs = slowMs;
      const client = async (number: number) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        // Half of them think for longer than a gateway lingers that nobody asks; the others send what is left of the rate.
        const thinkMs = number % 2 === 0 ? 500 : 1000 / ((2 * rate) / scale.clients - 2) - slowMs / slowEvery;
        // Until the gateway says that the connection ends, a client may use it.
        for (let sent = 0; await count(load, url, agent, queryOf(number, sent)); sent += 1) {
          await sleep(thinkMs * (0.5 + Math.random()));
        }
        agent.destroy();
      };
      const clients = Array.from({ length: scale.clients }, (_, number) => client(number));
      const enough = load.answers + 4 * scale.clients;
      await vi.waitFor(() => expect(load.answers).toBeGreaterThan(enough), { timeout: 120_000, interval: 10 });
      const from = load.answers;
      await sleep(1000);
      rates.push(load.answers - from);
      took.push(await stop(process));
      await Promise.all(clients);
      expect(load.failed).toEqual([]);
      site.delayMs = 0;
    }
    const counts = { stops: scale.stops, answers: load.answers, lost: 0, 'in the second before': range(rates) };
    report('drain', { settings: name, ...counts, 'took, ms': range(took) });
  });

  it.each(['1', '2'])(
    'is over at once where connections are idle: %s processes',
    {
      timeout: 1_200_000,
    },
    async (WORKERS) => {
      const took: number[] = [];
      for (let index = 0; index < scale.stops; index += 1) {
        const process = cli.run(['start', site.url], { ...usual, WORKERS });
        const url = await untilListening(process);
        const unused = connectTo(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
        await once(unused, 'connect');
        const agent = new Agent({ keepAlive: true });
        await Promise.all([1, 2, 3].map(() => post(url, agent, '{ __typename }')));
        took.push(await stop(process));
        agent.destroy();
      }
      // A machine that is busy takes its time; a linger that goes on takes five seconds.
      expect(Math.min(...took)).toBeLessThan(4000);
      report('drain', { 'stops with idle connections': scale.stops, processes: WORKERS, 'took, ms': range(took) });
    },
  );
});

/** Whether a gateway says that it is ready, as a balancer asks: on a connection of its own. */
function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(`${url}/ready`, { agent: false }, (response) => resolve(response.resume().statusCode === 200));
    asked.on('error', () => resolve(false));
  });
}

/** Waits until several workers listen. */
async function allListening(process: CliProcess, workers: number): Promise<void> {
  const listening = () => expect(process.output.stdout.match(/"listening"/g)).toHaveLength(workers);
  await vi.waitFor(listening, { timeout: 120_000, interval: 20 });
}

describe('several workers', () => {
  it('stop when no requests come to any of them, so that a balancer that looks once a second loses none', {
    timeout: 300_000,
  }, async () => {
    const workers = 3;
    const process = cli.run(['start', site.url], { ...usual, WORKERS: String(workers) });
    const url = await untilListening(process);
    await allListening(process, workers);
    site.delayMs = 0;
    const load: Load = { failed: [], answers: 0 };
    const agent = new Agent({ keepAlive: false });
    let isServed = true;
    const balancer = async () => {
      for (; isServed; isServed = await isReady(url)) await sleep(1000);
    };
    // Steady for all of them together; each one gets a new connection every second and a half.
    const client = async () => {
      const asked: Promise<boolean>[] = [];
      for (; isServed; await sleep(500)) asked.push(count(load, url, agent, '{ __typename }'));
      await Promise.all(asked);
    };
    const running = [balancer(), client()];
    // Until the next look a request comes, later than a gateway lingers that nobody asks.
    await sleep(3150);
    const before = load.answers;
    const took = await stop(process);
    await Promise.all(running);
    expect(load.failed).toEqual([]);
    expect(load.answers).toBeGreaterThan(before);
    report('drain', { workers, answers: load.answers, lost: 0, 'took, ms': range([took]) });
  });
});

describe('gateways behind a balancer', () => {
  it('lose no answer while one after the other is started anew', { timeout: 1_200_000 }, async () => {
    const start = async (port: string) => {
      const process = cli.run(['start', site.url], { ...usual, PORT: port });
      return { process, port, url: await untilListening(process) };
    };
    site.delayMs = 0;
    const gateways = await Promise.all([await findFreePort(), await findFreePort()].map((port) => start(String(port))));
    const urls = gateways.map(({ url }) => url);
    site.delayMs = slowMs;
    const load: Load = { failed: [], answers: 0 };
    let isOver = false;
    let ready: string[] = [];
    const look = async () => {
      const found = await Promise.all(urls.map(async (url) => ((await isReady(url)) ? [url] : [])));
      ready = found.flat();
    };
    // Until the balancer has looked again it sends to one that stops, on new connections as well.
    const balancer = async () => {
      for (; !isOver; await sleep(1000)) await look();
    };
    await look();
    const client = async (number: number) => {
      const agent = new Agent({ keepAlive: true });
      for (let sent = 0; !isOver; sent += 1) {
        const url = ready[Math.floor(Math.random() * ready.length)] ?? 'none is ready';
        await count(load, url, agent, queryOf(number, sent));
        await sleep(((1000 * scale.clients) / rate) * (0.5 + Math.random()));
      }
      agent.destroy();
    };
    const running = [balancer(), ...Array.from({ length: scale.clients }, (_, number) => client(number))];
    const took: number[] = [];
    for (let round = 0; round < scale.rounds; round += 1) {
      for (const [index, { process, port }] of gateways.entries()) {
        await vi.waitFor(() => expect(ready).toHaveLength(2), { timeout: 120_000, interval: 50 });
        await sleep(1500);
        took.push(await stop(process));
        gateways[index] = await start(port);
      }
    }
    isOver = true;
    await Promise.all(running);
    expect(load.failed).toEqual([]);
    expect(load.answers).toBeGreaterThan(scale.rounds * 100);
    for (const { process } of gateways) await stop(process);
    site.delayMs = 0;
    report('drain', { 'gateways restarted': took.length, answers: load.answers, lost: 0, 'took, ms': range(took) });
  });
});

describe('Ctrl-C', () => {
  it('at several workers, each of which the terminal tells as well, loses no answer', {
    timeout: 300_000,
  }, async () => {
    const process = cli.run(['start', site.url], { ...usual, WORKERS: '2' }, { ownGroup: true });
    const url = await untilListening(process);
    await allListening(process, 2);
    site.delayMs = 2000;
    const load: Load = { failed: [], answers: 0 };
    const before = site.requests;
    const agent = new Agent({ keepAlive: false });
    const asked = [0, 1, 2, 3, 4, 5].map((number) => count(load, url, agent, queryOf(number, 0)));
    await vi.waitFor(() => expect(site.requests).toBe(before + asked.length), { timeout: 60_000, interval: 10 });
    globalThis.process.kill(-(process.child.pid ?? 0), 'SIGINT');
    await Promise.all(asked);
    expect(load).toEqual({ failed: [], answers: asked.length });
    expect(await process.exit).toBe(0);
    site.delayMs = 0;
  });
});
