// Owns two workers that do nothing but talk, and end the connections that they get: one floods the other when it gets SIGUSR2.
// Arguments: the folder of the build, and how often workers are asked whether they hang, in ms.

import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

const [, , dist, given] = process.argv;
const tickMs = Number(given);
const { createLogger } = await import(`${dist}/log.js`);
const { runWorkers } = await import(`${dist}/workers/run-workers.js`);
const { openBus } = await import(`${dist}/workers/bus.js`);

const document = 'x'.repeat(64 * 1024);
const burst = 1000;
const floodBytes = 32 * 1024 * 1024;
const say = (msg, more) => console.log(JSON.stringify({ pid: process.pid, msg, ...more }));

/** Sends many documents at once, then no more than leave the process, however many that takes; then a purge. */
async function flood() {
  const { send } = process;
  let sentBytes = 0;
  process.send = (message, ...rest) => {
    sentBytes += JSON.stringify(message).length;
    return send.call(process, message, ...rest);
  };
  for (let count = 0; count < burst; count += 1) bus.learn(document);
  const burstBytes = sentBytes;
  while (sentBytes < floodBytes) {
    bus.learn(document);
    await turn();
  }
  bus.purge({ tags: ['post:1'] });
  say('flooded', { burstBytes });
}

if (cluster.isPrimary) {
  const controller = new AbortController();
  process.on('SIGTERM', () => controller.abort());
  const options = { count: 2, logger: createLogger('info'), stop: controller.signal };
  process.exit(await runWorkers({ ...options, tickMs, stopMs: 10 * tickMs }));
}
process.on('SIGTERM', () => process.exit());
process.on('SIGUSR2', flood);
let learnedBytes = 0;
const bus = openBus({
  onPurge: ({ tags }) => say('purged', { tags, learnedBytes }),
  onWatch: () => say('watches'),
  onLearn: (learned) => {
    learnedBytes += learned.length;
  },
  onTraffic: () => {},
  snapshot: async () => [],
});
const server = createServer((socket) => socket.end());
server.listen(0, '127.0.0.1', () => say('listening', server.address()));
