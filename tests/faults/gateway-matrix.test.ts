// Each fault as clients meet it, and for a user as well: what each kind of operation comes to is what the table in docs/ says.

import { describe, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { json } from '../support/hostile-server.ts';
import { findInner } from '../support/inner.ts';
import {
  counted,
  type Fates,
  type GatewayRow,
  gatewayMatrix,
  type MakeFault,
  printGatewayMatrix,
} from './gateway-matrix.ts';
import { listed, type OddSite, openOddSite, type RouteAnswer, rows } from './odd-site.ts';

/** `npm run faults` runs each cell twenty times. */
const runs = process.env['npm_lifecycle_event'] === 'faults' ? 20 : 1;
const user = { authorization: 'Basic YTpi' };
const list = '{ posts(first: 3) { nodes { title } } }';
const change = 'mutation { updatePost(input: { id: "2", title: "x" }) { post { databaseId } } }';
const me = { ...rows.users[0], roles: ['administrator'], capabilities: { edit_posts: true, edit_others_posts: true } };
const posts = listed(rows.posts);

/** A site, what it gives for posts, and the clock of the gateway in front of it. */
async function open({ timeoutMs = 10_000 }: GatewayRow) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 3600 };
  const odd: Record<string, RouteAnswer> = {
    posts,
    users: (socket, request) => json(request.target.includes('/users/me') ? me : rows.users)(socket, request),
  };
  const store = createResponseStore({ maxBytes: 1_000_000, ...times, now });
  const site = await openOddSite(odd, { timeoutMs, store, cache: { ...times, now }, freshSeconds: 60 });
  return { site, odd, clock };
}

/** What came of an operation, and how many requests for posts it took. */
async function observe({ gateway, server }: OddSite, query: string, viewer?: typeof user): Promise<string> {
  const before = server.requests.length;
  const { data, errors, headers } = await gateway.query(query, {}, viewer);
  const told = findInner(JSON.stringify(errors ?? []));
  if (told !== undefined) return `tells ${told}`;
  const isWrite = query.startsWith('mutation');
  const asked = server.requests
    .slice(before)
    .filter(({ method, target }) => target.includes('/posts') && (method === 'POST') === isWrite);
  const isOld = headers.get('cache-status')?.includes('detail=outage') === true;
  const fields = Object.values(data ?? {});
  const came = fields.filter((field) => field !== null).length;
  const part = errors && came > 0 ? ` and data to ${came} of ${fields.length}` : '';
  return `${errors?.[0]?.extensions.code ?? (isOld ? 'old data' : 'data')}${part}, ${counted(asked.length)}`;
}

const toList = (make: MakeFault) => make(JSON.stringify(rows.posts));

async function observeRead(row: GatewayRow, viewer?: typeof user): Promise<string> {
  const { site, odd } = await open(row);
  await using opened = site;
  odd['posts'] = toList(row.make);
  return await observe(opened, row.query ?? list, viewer);
}

async function observeKnown(row: GatewayRow): Promise<string> {
  const { site, odd, clock } = await open(row);
  await using opened = site;
  const read = row.query ?? list;
  await observe(opened, read);
  clock.now += 200_000;
  odd['posts'] = toList(row.make);
  return await observe(opened, read);
}

async function observeWrite(row: GatewayRow): Promise<string> {
  const { site, odd } = await open(row);
  await using opened = site;
  const fault = row.make(JSON.stringify(rows.posts[1]));
  odd['posts'] = (socket, request) => (request.method === 'POST' ? fault : posts)(socket, request);
  return await observe(opened, change, user);
}

const observed = new Map<GatewayRow, Fates>();

describe('faults', () => {
  it.each(gatewayMatrix.map((row) => [row.fault, row.server, row] as const))(
    '%i %s',
    { timeout: 30_000 * runs },
    async (_fault, _server, row) => {
      const seen = { read: new Set<string>(), known: new Set<string>(), write: new Set<string>() };
      for (let run = 0; run < runs; run++) {
        seen.read.add(await observeRead(row)).add(await observeRead(row, user));
        seen.known.add(await observeKnown(row));
        seen.write.add(await observeWrite(row));
      }
      const [read, known, write] = [seen.read, seen.known, seen.write].map((all) => [...all].join(' or '));
      observed.set(row, { read: `${read}`, known: `${known}`, write: `${write}` });
      expect(observed.get(row)).toEqual({ read: row.read, known: row.known, write: row.write });
    },
  );

  it('are as docs/fault-matrix-of-operations.md says', async () => {
    const head = `# What becomes of operations

Each row is a fault of WordPress or of the network in front of it, made by a real server on a socket, and what three
operations come to through the gateway: an error code, data or what was known before, and how many requests that took. The
first was asked by anybody and by a user with credentials; the second once its parts were too old to be used as they are.
Printed by \`npm run faults\`, which runs each of them twenty times, and held by the test suite.

`;
    await expect(head + printGatewayMatrix(observed)).toMatchFileSnapshot('../../docs/fault-matrix-of-operations.md');
  });
});
