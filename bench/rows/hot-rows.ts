// Owns the rows of answers that the gateway has given before, against a bare server with the same bytes.

import {
  differentOperations,
  type LoadRequest,
  listOfBlock,
  spreadByZipf,
  toGet,
  toPersistedGet,
  toPost,
  uniqueListOfBlock,
} from '../queries.ts';
import { absolute, type Contender, enter, enterBare, ratio, runRounds } from '../rounds.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { isGood, send, sendGood } from '../send.ts';
import { type Reply, startGateway } from '../servers.ts';

const page = listOfBlock(1);

/** The rows. */
export const hotRows: readonly Row[] = [
  hotRow('hot-post', 'Hot POST', toPost(page), { bare: 0.7, yoga: 10 }),
  hotRow('hot-get', 'Hot GET', toGet(page), { bare: 0.9, yoga: 10 }),
  {
    id: 'hot-br',
    title: 'Hot GET with brotli',
    async measure(bench) {
      const request = toGet(page, { 'accept-encoding': 'br' });
      const reply = await settle(() => send(bench.gateway, request));
      if (reply.headers['content-encoding'] !== 'br') return { missing: 'the gateway does not compress' };
      return beside(bench, request, reply);
    },
  },
  {
    id: 'not-modified',
    title: '304',
    async measure(bench) {
      const { headers, status } = await settle(() => send(bench.gateway, toGet(page)));
      const { etag } = headers;
      if (etag === undefined) return { missing: `the gateway's ${status} has no ETag` };
      const request = toGet(page, { 'if-none-match': etag });
      const reply = await settle(() => send(bench.gateway, request));
      if (reply.status !== 304) return { missing: `the gateway answers If-None-Match with ${reply.status}` };
      const hotGet = enter(bench.gateway, [toGet(page)]);
      return beside(bench, request, reply, { what: 'of hot GET', contender: hotGet, atLeast: 1 });
    },
  },
  {
    id: 'persisted',
    title: 'Persisted query by GET',
    async measure(bench) {
      const request = toPersistedGet(page, false);
      await send(bench.gateway, toPersistedGet(page, true));
      const reply = await settle(() => send(bench.gateway, request));
      const isKnown = reply.status === 200 && isGood(reply.body);
      return isKnown
        ? beside(bench, request, reply)
        : { missing: `the gateway knows no operation by its hash (${reply.status})` };
    },
  },
  {
    id: 'mixed',
    title: 'Mixed operations, Zipf',
    async measure(bench) {
      const all = differentOperations(bench.scale.operations).map(toPost);
      const replies = new Map<LoadRequest, Reply>();
      for (const request of all) {
        await sendGood(bench.yoga, request);
        await sendGood(bench.gateway, request);
        replies.set(request, await sendGood(bench.gateway, request));
      }
      const requests = spreadByZipf(all, 1000);
      const gateway = enter(bench.gateway, requests);
      const bare = enterBare(
        bench.bare,
        requests,
        requests.flatMap((request) => replies.get(request) ?? []),
      );
      const yoga = enter(bench.yoga, requests);
      const statuses = await runRounds(bench, [gateway, bare, yoga]);
      const findings = [ratio('of bare', gateway, bare, 0.6), ratio('of default Yoga', gateway, yoga)];
      return { findings: [...findings, ...absolute('gateway', gateway)], statuses };
    },
  },
  {
    id: 'entities',
    title: 'Entities cached, answer not stored',
    async measure(bench) {
      for (const server of [bench.gateway, bench.yoga]) await sendGood(server, toPost(page));
      await bench.upstream.takeCounts();
      const requests = [toPost(uniqueListOfBlock(1))];
      const [gateway, yoga] = [enter(bench.gateway, requests), enter(bench.yoga, requests)];
      const statuses = await runRounds(bench, [gateway, yoga]);
      const asked = await bench.upstream.takeCounts();
      return {
        findings: [
          ratio('of default Yoga', gateway, yoga, 1.5),
          { what: 'upstream', values: [asked.requests], unit: 'requests', target: { atMost: 0 } },
          ...absolute('gateway', gateway),
        ],
        statuses,
      };
    },
  },
  {
    id: 'hot-behind',
    title: 'Hot POST behind other operations',
    async measure(bench) {
      // What a process has done before is in its code and its heap.
      await using gateway = await startGateway(bench.upstream);
      const { url } = gateway;
      const others = { url, connections: bench.scale.connections, requests: [toPost(uniqueListOfBlock(1))] };
      await bench.loader.run({ ...others, ...bench.scale.load });
      const request = toPost(page);
      const reply = await settle(() => sendGood(gateway, request));
      return await beside({ ...bench, gateway }, request, reply, undefined, 0.6);
    },
  },
];

function hotRow(id: string, title: string, request: LoadRequest, atLeast: Record<'bare' | 'yoga', number>): Row {
  return {
    id,
    title,
    async measure(bench) {
      const reply = await settle(() => sendGood(bench.gateway, request));
      await sendGood(bench.yoga, request);
      const yoga = enter(bench.yoga, [request]);
      const peer = { what: 'of default Yoga', contender: yoga, atLeast: atLeast.yoga };
      return beside(bench, request, reply, peer, atLeast.bare);
    },
  };
}

/** The gateway beside the bare server with the gateway's own answer, and beside one more. */
async function beside(
  bench: Bench,
  request: LoadRequest,
  reply: Reply,
  peer?: { readonly what: string; readonly contender: Contender; readonly atLeast: number },
  ofBare?: number,
): Promise<Outcome> {
  const gateway = enter(bench.gateway, [request]);
  const bare = enterBare(bench.bare, [request], [reply]);
  const statuses = await runRounds(bench, [gateway, bare, ...(peer ? [peer.contender] : [])]);
  const findings = [ratio('of bare', gateway, bare, ofBare)];
  if (peer) findings.push(ratio(peer.what, gateway, peer.contender, peer.atLeast));
  return { findings: [...findings, ...absolute('gateway', gateway)], statuses };
}

/** The third answer: the first two may still be on their way into a store. */
async function settle(ask: () => Promise<Reply>): Promise<Reply> {
  await ask();
  await ask();
  return ask();
}
