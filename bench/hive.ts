// Owns the command that puts the same load and the same faults on Headgate and on Hive Gateway: npm run bench:hive
// A number after it runs one of the three alone. Hive Gateway stands in front of a GraphQL API that is the gateway's own schema on Yoga, since it cannot read REST by itself.

import { spawn } from 'node:child_process';
import { Agent, request as sendRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Contender, hiveVersion, installHive, startHive, toContender } from './hive-gateway.ts';
import { listOfBlock, type Operation } from './queries.ts';
import { findPort, startDefaultYoga, startUpstream } from './servers.ts';

const operations = Array.from({ length: 40 }, (_, index) => listOfBlock(index + 1));
/** Both keep answers for a second. */
const keptMs = 1000;
const stops = 5;

/** As much as Hive Gateway offers: it asks again, and keeps answers. */
const equipped = `export const gatewayConfig = {
  upstreamRetry: { maxRetries: 3 },
  upstreamTimeout: 10_000,
  responseCaching: { session: () => null, ttl: ${keptMs} },
};`;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly isLast: boolean;
}

function post(url: string, { query, variables }: Operation, agent: Agent): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = sendRequest(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          isLast: response.headers.connection === 'close',
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The data of an answer without errors; null for any other. */
function dataOf({ status, text }: Answer): string | null {
  if (status !== 200) return null;
  try {
    const { data, errors } = JSON.parse(text);
    return errors === undefined && data ? JSON.stringify(data) : null;
  } catch {
    return null;
  }
}

interface Tally {
  answers: number;
  good: number;
  /** Data without an error that is not what it should be. */
  wrong: number;
}

/** Rounds of requests by twenty clients, each round after all that was kept has become old. */
async function askInRounds(url: string, right: readonly (string | null)[], rounds: number): Promise<Tally> {
  const tally: Tally = { answers: 0, good: 0, wrong: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  for (let round = 0; round < rounds; round += 1) {
    await sleep(keptMs + 100);
    const asks = Array.from({ length: 100 }, async (_, index) => {
      const at = (index * 7 + round) % operations.length;
      const operation = operations[at];
      if (!operation) return;
      const answer = await post(url, operation, agent).catch(() => null);
      const data = answer && dataOf(answer);
      tally.answers += 1;
      if (data !== null && data === right[at]) tally.good += 1;
      else if (data !== null) tally.wrong += 1;
    });
    await Promise.all(asks);
  }
  agent.destroy();
  return tally;
}

/** What many get that ask the same at once, which nobody has asked for before. */
async function askAtOnce(url: string, proxy: FaultProxy): Promise<Readonly<Record<string, number>>> {
  const agent = new Agent({ keepAlive: true });
  // What was old is read anew behind answers.
  await sleep(3000);
  const before = proxy.requests;
  await post(url, listOfBlock(900), agent);
  const alone = proxy.requests - before;
  proxy.delayMs = 200;
  const start = proxy.requests;
  const answers = await Promise.all(
    Array.from({ length: 1000 }, () => post(url, listOfBlock(901), agent).catch(() => null)),
  );
  proxy.delayMs = 0;
  agent.destroy();
  const good = answers.filter((answer) => answer !== null && dataOf(answer) !== null).length;
  return { 'data for 1,000 at once': good, 'requests for them': proxy.requests - start, 'requests for one': alone };
}

/** Requests that are lost as a gateway is told to stop under the load of clients that keep their connections. */
async function loseAtStops(
  start: () => Promise<Contender>,
  proxy: FaultProxy,
): Promise<Readonly<Record<string, number>>> {
  let [answers, lost] = [0, 0];
  for (let stop = 0; stop < stops; stop += 1) {
    proxy.delayMs = 0;
    const contender = await start();
    proxy.delayMs = 100;
    const goal = answers + 200;
    const client = async (number: number) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let index = 0; ; index += 1) {
        // Some take as long as what is behind does.
        const operation = index % 5 === 0 ? listOfBlock(1000 + 50 * stop + number) : { query: '{ __typename }' };
        const answer = await post(contender.url, operation, agent).catch((error: NodeJS.ErrnoException) => error);
        // Nobody listens any more: a load balancer has gone elsewhere.
        if (answer instanceof Error && answer.code === 'ECONNREFUSED') break;
        answers += 1;
        if (answer instanceof Error || dataOf(answer) === null) lost += 1;
        if (answer instanceof Error || answer.isLast) break;
        await sleep(2);
      }
      agent.destroy();
    };
    const clients = Array.from({ length: 20 }, (_, number) => client(number));
    while (answers < goal) await sleep(5);
    await Promise.all([contender.stop(), ...clients]);
  }
  proxy.delayMs = 0;
  return { stops, 'answers around them': answers, 'of them lost': lost };
}

async function measure(name: string, start: () => Promise<Contender>, proxy: FaultProxy): Promise<void> {
  console.error(`${name} …`);
  const figures: Record<string, number> = {};
  {
    await using contender = await start();
    const { url } = contender;
    const agent = new Agent({ keepAlive: true });
    const right: (string | null)[] = [];
    for (const operation of operations) right.push(dataOf(await post(url, operation, agent)));
    agent.destroy();
    if (right.includes(null)) throw new Error(`${name}: no data where nothing is broken`);
    proxy.share = 0.3;
    const faults = await askInRounds(url, right, 20);
    proxy.share = 1;
    const outage = await askInRounds(url, right, 5);
    proxy.share = 0;
    // Whoever left what is behind alone comes back to it.
    await sleep(15_000);
    const after = await askInRounds(url, right, 1);
    Object.assign(figures, {
      'answers while 3 in 10 are broken': faults.answers,
      'of them with data': faults.good,
      'answers while all are': outage.answers,
      'of those with data': outage.good,
      'wrong data': faults.wrong + outage.wrong + after.wrong,
      'data for 100 after it': after.good,
      ...(await askAtOnce(url, proxy)),
    });
  }
  Object.assign(figures, await loseAtStops(start, proxy));
  const lines = Object.entries(figures).map(([what, value]) => `| ${what} | ${value} |`);
  console.log(`\n| ${name} | |\n| --- | --- |\n${lines.join('\n')}`);
}

async function startHeadgate(wordpress: string): Promise<Contender> {
  const port = await findPort();
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', LOG_LEVEL: 'silent', HOST: '127.0.0.1' },
    ...{ PORT: String(port), WORDPRESS_URL: wordpress, FRESH_SECONDS: String(keptMs / 1000) },
    ...{ WATCH_INTERVAL_SECONDS: '0', DISCOVERY_SECONDS: '0', DISCOVERY_FILE: 'off', MAX_DELAY_MS: '0' },
  };
  const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  return toContender(spawn(process.execPath, [program, 'start'], { env, stdio: ['ignore', 'ignore', 2] }), port);
}

if (Number(process.versions.node.split('.')[0]) < 22) throw new Error('Hive Gateway needs Node.js 22.15');
const folder = await installHive();
await using upstream = await startUpstream();
await using yoga = await startDefaultYoga(upstream);
await using rest = await startFaultProxy(upstream.url);
await using graphql = await startFaultProxy(yoga.url);
const endpoint = `${graphql.url}/graphql`;
const contenders: readonly (readonly [name: string, start: () => Promise<Contender>, proxy: FaultProxy])[] = [
  ['Headgate', () => startHeadgate(rest.url), rest],
  [`Hive Gateway ${hiveVersion}`, () => startHive(folder, endpoint, null), graphql],
  [
    `Hive Gateway ${hiveVersion} that asks again and keeps answers`,
    () => startHive(folder, endpoint, equipped),
    graphql,
  ],
];
const only = process.argv[2];
for (const [index, [name, start, proxy]] of contenders.entries()) {
  if (only === undefined || Number(only) === index + 1) await measure(name, start, proxy);
}
