// Owns a proxy that does what databases do and SQLite does not: items of equal key come in another order at every request.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a WordPress. */
export interface PermutingProxy extends AsyncDisposable {
  readonly url: string;
}

/** The field that holds the key of an order; orders by id have no ties. */
const keys: Readonly<Record<string, string>> = {
  date: 'date',
  modified: 'modified',
  author: 'author',
  menu_order: 'menu_order',
  parent: 'parent',
  title: 'title',
  name: 'name',
  count: 'count',
};

/** Starts a proxy; ties are put into an order that depends on the seed and on how many requests there were before. */
export async function startPermutingProxy(upstream: string, seed: number): Promise<PermutingProxy> {
  let random = seed;
  const next = () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return random / 2 ** 32;
  };
  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url ?? '/', upstream);
      const orderby = url.searchParams.get('orderby') ?? '';
      const key = keys[orderby];
      if (key && url.searchParams.has('per_page')) {
        const { rows, total } = await permutedPage(url, key);
        response.writeHead(200, { 'content-type': 'application/json', 'x-wp-total': String(total) });
        response.end(JSON.stringify(rows));
        return;
      }
      const answer = await fetch(url, { method: request.method ?? 'GET', redirect: 'manual' });
      const headers = new Map(answer.headers);
      for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection'])
        headers.delete(name);
      response.writeHead(answer.status, Object.fromEntries(headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });

  async function permutedPage(url: URL, key: string) {
    const perPage = Number(url.searchParams.get('per_page'));
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const asked = url.searchParams.get('_fields');
    const all = await listOf(url, key);
    const groups = new Map<string, Record<string, unknown>[]>();
    for (const row of all) {
      const value = JSON.stringify(row[key]);
      groups.set(value, [...(groups.get(value) ?? []), row]);
    }
    const rows = [...groups.values()].flatMap((group) =>
      group.map((row) => ({ row, at: next() })).sort((a, b) => a.at - b.at),
    );
    const wanted = new Set((asked ?? '').split(',').map((path) => path.split('.')[0]));
    const page = rows.slice(offset, offset + perPage).map(({ row }) => row);
    const lean = page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name))));
    return { rows: lean, total: all.length };
  }

  const lists = new Map<string, Promise<Record<string, unknown>[]>>();

  /** The whole list in the order asked for, with its key; read once, since nobody writes. */
  function listOf(url: URL, key: string): Promise<Record<string, unknown>[]> {
    const list = new URL(url);
    for (const name of ['per_page', 'offset']) list.searchParams.delete(name);
    const known = lists.get(list.href) ?? readAll(url, key);
    lists.set(list.href, known);
    return known;
  }

  async function readAll(url: URL, key: string): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    const page = new URL(url);
    page.searchParams.set('per_page', '100');
    const fields = new Set((url.searchParams.get('_fields') ?? '').split(',').map((path) => path.split('.')[0] ?? ''));
    page.searchParams.set('_fields', [...fields.add(key)].join(','));
    for (let offset = 0; ; offset += 100) {
      page.searchParams.set('offset', String(offset));
      const answer = await fetch(page);
      const more: Record<string, unknown>[] = await answer.json();
      if (!answer.ok) throw new Error(`${page}: ${answer.status} ${JSON.stringify(more)}`);
      rows.push(...more);
      if (more.length < 100) return rows;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
