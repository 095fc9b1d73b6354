// Owns the open load: requests that come at a fixed rate, whether the ones before are answered or not, from a process of
// its own. Each is timed from the moment at which it was to be sent, so that waiting for a late sender counts as well.

import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { quantile as quantileOf } from '../quantile.ts';
import { answerParent } from './answer-parent.ts';

const openLoadSchema = z.object({
  url: z.string(),
  request: z.object({ path: z.string(), headers: z.record(z.string(), z.string()), body: z.string() }),
  /** Requests a second, and for how long. */
  phases: z.array(z.object({ rate: z.number(), seconds: z.number() })),
  /** Beyond so many connections a request waits for one that is free. */
  maxConnections: z.number(),
});

/** A load at given rates, one after the other. `[<id>]` in the body is another text each time. */
export type OpenLoad = z.output<typeof openLoadSchema>;

/** What came of one request. */
interface Fate {
  readonly phase: number;
  /** When it was to be sent, from the start of its phase. */
  readonly dueMs: number;
  status: number;
  /** It has the status 200, and no errors. */
  isGood: boolean;
  ms: number;
}

/** Between two looks at whether all is as usual again. */
const windowMs = 250;

answerParent({
  async run(value) {
    const load = openLoadSchema.parse(value);
    const { fates, latenessMs, cutOff } = await send(load);
    return {
      phases: load.phases.map(({ seconds }, phase) =>
        summarize(
          fates.filter((fate) => fate.phase === phase),
          seconds,
        ),
      ),
      sentLateP99Ms: quantile(latenessMs, 0.99),
      cutOff,
    };
  },
});

/** Sends all, and waits for what is under way. */
async function send({ url, request, phases, maxConnections }: OpenLoad) {
  const { hostname, port } = new URL(url);
  const head = Object.entries(request.headers).map(([name, text]) => `${name}: ${text}\r\n`);
  const [before = '', after = ''] = request.body.split('[<id>]');
  const prefix = `POST ${request.path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${head.join('')}content-length: `;
  const fates: Fate[] = [];
  const latenessMs: number[] = [];
  const waiting: { readonly fate: Fate; readonly dueAt: number }[] = [];
  const idle: Socket[] = [];
  const open = new Set<Socket>();
  const under = new Map<Socket, { readonly fate: Fate; readonly dueAt: number }>();
  let number = 0;
  // No load has the texts of one before.
  const firstId = Date.now() * 100;
  let cutOff = 0;

  function dispatch(socket: Socket, item: { readonly fate: Fate; readonly dueAt: number }): void {
    under.set(socket, item);
    number += 1;
    const body = `${before}${firstId + number}${after}`;
    socket.write(`${prefix}${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  function openSocket(): Socket {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    open.add(socket);
    let head = '';
    let missing = 0;
    socket.on('data', (chunk: Buffer) => {
      const item = under.get(socket);
      if (!item) return;
      if (missing === 0) {
        const known = head.length;
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        item.fate.status = Number(head.slice(9, 12));
        // What has errors has little beside them: they are in what came with the head.
        item.fate.isGood = item.fate.status === 200 && !head.includes('"errors":[', end);
        missing = end + 4 - known + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
        head = '';
      }
      missing -= chunk.length;
      if (missing > 0) return;
      missing = 0;
      item.fate.ms = performance.now() - item.dueAt;
      under.delete(socket);
      const next = waiting.shift();
      if (next) dispatch(socket, next);
      else idle.push(socket);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      if (under.delete(socket)) cutOff += 1;
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
    return socket;
  }

  function arrive(phase: number, dueMs: number, dueAt: number): void {
    const fate = { phase, dueMs, status: 0, isGood: false, ms: Number.NaN };
    fates.push(fate);
    latenessMs.push(performance.now() - dueAt);
    const socket = idle.pop() ?? (open.size < maxConnections ? openSocket() : undefined);
    if (socket) dispatch(socket, { fate, dueAt });
    else waiting.push({ fate, dueAt });
  }

  for (const [phase, { rate, seconds }] of phases.entries()) {
    const startedAt = performance.now();
    const count = Math.round(rate * seconds);
    for (let sent = 0; sent < count; ) {
      const dueNow = Math.min(count, Math.floor(((performance.now() - startedAt) * rate) / 1000) + 1);
      for (; sent < dueNow; sent += 1) arrive(phase, (1000 * sent) / rate, startedAt + (1000 * sent) / rate);
      // One that sleeps sends late, and whoever answers it has to wake it up: that would count as the work of a server.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const deadline = performance.now() + 15_000;
  while (under.size + waiting.length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const socket of open) socket.destroy();
  return { fates, latenessMs, cutOff };
}

/** What came of the requests of one phase. */
function summarize(fates: readonly Fate[], seconds: number) {
  const statuses: Record<string, number> = {};
  for (const { status } of fates) statuses[status] = (statuses[status] ?? 0) + 1;
  const timesOf = (some: readonly Fate[]) => some.map(({ ms }) => ms);
  const good = timesOf(fates.filter(({ isGood }) => isGood));
  const refused = timesOf(fates.filter(({ status }) => status === 503));
  // Counted where they were answered: what is late is no more than what was done in the time.
  const inTime = fates.filter(({ isGood, dueMs, ms }) => isGood && dueMs + ms <= 1000 * seconds);
  return {
    statuses,
    good: good.length,
    goodPerSecond: inTime.length / seconds,
    goodP50Ms: quantile(good, 0.5),
    goodP99Ms: quantile(good, 0.99),
    refusalP50Ms: quantile(refused, 0.5),
    refusalP99Ms: quantile(refused, 0.99),
    windows: windowsOf(fates, seconds),
  };
}

/** For each window whether all that was to be sent in it was answered well, and how long the slowest took. */
function windowsOf(fates: readonly Fate[], seconds: number) {
  const windows = Array.from({ length: Math.ceil((1000 * seconds) / windowMs) }, () => ({
    allGood: true,
    slowestMs: 0,
  }));
  for (const { dueMs, isGood, ms } of fates) {
    const window = windows[Math.floor(dueMs / windowMs)];
    if (!window) continue;
    if (!isGood) window.allGood = false;
    window.slowestMs = Math.max(window.slowestMs, ms || 0);
  }
  return windows;
}

/** The value that a part of the values is not above; 0 where there are none. */
function quantile(values: readonly number[], part: number): number {
  return values.length === 0 ? 0 : quantileOf(values, part);
}
