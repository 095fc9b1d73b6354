// A random sequence of writes and reads by two users ends as the same sequence on REST does, step by step.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

/** Each step is two to five requests to a WordPress that takes a part of a second for one; `npm run random-writes` takes 200. */
const steps = Number(process.env['RANDOM_STEPS'] ?? 40);

let [ours, theirs]: (WordPress | undefined)[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([startWritableWordPress(), startWritableWordPress()]);
  gateway = await openGateway(ours.url);
}, 240_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([ours?.[Symbol.asyncDispose](), theirs?.[Symbol.asyncDispose]()]);
});

/** What a step comes to: the same words for both ways. */
type Outcome = unknown;

interface Way {
  create(viewer: DemoUser, title: string, status: string): Promise<number | null>;
  update(viewer: DemoUser, id: number, change: { readonly title?: string; readonly status?: string }): Promise<Outcome>;
  remove(viewer: DemoUser, id: number, force: boolean): Promise<Outcome>;
  read(viewer: DemoUser | undefined, id: number): Promise<Outcome>;
  list(viewer: DemoUser | undefined, status: string): Promise<readonly number[]>;
}

const refused = 'refused';

function throughGateway(): Way {
  const run = async (query: string, variables: Record<string, unknown>, viewer: DemoUser | undefined) => {
    const { data, errors } = await gateway.query(query, variables, viewer);
    const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
    expect(['', 'FORBIDDEN', 'BAD_USER_INPUT']).toContain(codes.join());
    return data;
  };
  const seen = (post: { databaseId: number; title: string; status: string } | null) =>
    post && [post.databaseId, post.title, post.status];
  return {
    async create(viewer, title, status) {
      const query = 'mutation ($i: CreatePostInput!) { createPost(input: $i) { post { databaseId } } }';
      const data = await run(query, { i: { title, status: status.toUpperCase() } }, viewer);
      return data.createPost?.post.databaseId ?? null;
    },
    async update(viewer, id, { title, status }) {
      const query = 'mutation ($i: UpdatePostInput!) { updatePost(input: $i) { post { databaseId title status } } }';
      const input = { id, ...(title ? { title } : {}), ...(status ? { status: status.toUpperCase() } : {}) };
      const data = await run(query, { i: input }, viewer);
      return data.updatePost ? seen(data.updatePost.post) : refused;
    },
    async remove(viewer, id, forceDelete) {
      const query = 'mutation ($i: DeletePostInput!) { deletePost(input: $i) { deletedId } }';
      const data = await run(query, { i: { id, forceDelete } }, viewer);
      return data.deletePost ? 'deleted' : refused;
    },
    async read(viewer, id) {
      const query = 'query ($id: ID!) { post(id: $id, idType: DATABASE_ID) { databaseId title status } }';
      return seen((await run(query, { id }, viewer)).post);
    },
    async list(viewer, status) {
      const query = `{ posts(first: 100, where: { status: ${status.toUpperCase()} }) { nodes { databaseId } } }`;
      const data = await run(query, {}, viewer);
      return data.posts.nodes.map(({ databaseId }: { databaseId: number }) => databaseId).sort();
    },
  };
}

function throughRest(url: string): Way {
  const send = async (viewer: DemoUser | undefined, path: string, method = 'GET', body?: object) => {
    const response = await fetch(`${url}/wp-json/wp/v2/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(viewer ? { authorization: viewer.authorization } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.ok ? response.json() : null;
  };
  const seen = (post: { id: number; title: { rendered: string }; status: string } | null) =>
    post && [post.id, post.title.rendered, post.status];
  return {
    create: async (viewer, title, status) => (await send(viewer, 'posts', 'POST', { title, status }))?.id ?? null,
    update: async (viewer, id, change) => seen(await send(viewer, `posts/${id}`, 'POST', change)) ?? refused,
    remove: async (viewer, id, force) =>
      (await send(viewer, `posts/${id}?force=${force}`, 'DELETE')) ? 'deleted' : refused,
    read: async (viewer, id) => seen(await send(viewer, `posts/${id}`)),
    list: async (viewer, status) =>
      ((await send(viewer, `posts?per_page=100&status=${status}&_fields=id`)) ?? [])
        .map(({ id }: { id: number }) => id)
        .sort(),
  };
}

/** Numbers that look random and are the same in each run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Takes the sequence one way; each outcome with what was done. */
async function walk(way: Way, { credentials }: WordPress): Promise<readonly (readonly [string, Outcome])[]> {
  const random = createRandom(2026);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const users = { editor: credentials.editor, author: credentials.author };
  const known = [101, 161, 162, 165, 166];
  const stati = ['draft', 'publish', 'private', 'pending'] as const;
  const outcomes: [string, Outcome][] = [];
  for (let step = 0; step < steps; step++) {
    const name = pick(['editor', 'author'] as const);
    const viewer = users[name];
    const [action, id, status] = [random(), pick(known), pick(stati)];
    if (action < 0.25) {
      const made = await way.create(viewer, `Step ${step}`, status);
      if (made !== null) known.push(made);
      outcomes.push([`${step} ${name} creates ${status}`, made]);
    } else if (action < 0.45) {
      const change = random() < 0.5 ? { title: `Title ${step}` } : { status };
      outcomes.push([`${step} ${name} changes ${id} ${JSON.stringify(change)}`, await way.update(viewer, id, change)]);
    } else if (action < 0.55) {
      const force = random() < 0.5;
      outcomes.push([`${step} ${name} deletes ${id} ${force}`, await way.remove(viewer, id, force)]);
    } else if (action < 0.85) {
      const reader = pick([viewer, undefined]);
      outcomes.push([`${step} ${reader ? name : 'nobody'} reads ${id}`, await way.read(reader, id)]);
    } else {
      const reader = pick([viewer, undefined]);
      outcomes.push([`${step} ${reader ? name : 'nobody'} lists ${status}`, await way.list(reader, status)]);
    }
  }
  return outcomes;
}

it('comes to the same', { timeout: 30_000 * steps }, async () => {
  if (!ours || !theirs) throw new Error('no WordPress');
  const [through, direct] = await Promise.all([walk(throughGateway(), ours), walk(throughRest(theirs.url), theirs)]);
  expect(through).toEqual(direct);
  const words = JSON.stringify(through);
  for (const expected of [refused, 'deleted', 'publish', 'private', 'creates', 'lists'])
    expect(words).toContain(expected);
});
