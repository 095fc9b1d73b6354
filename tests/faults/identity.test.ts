// Owns faults that no HTTP client sees: answers that are good, but to another request.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RestRequest, WordPressClient } from '../../src/wordpress/rest.ts';
import {
  type Behaviour,
  type HostileRequest,
  json,
  restError,
  type Script,
  stall,
  withExtra,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { failureOf, listPosts, withClient } from './with-client.ts';

const { logger, lines } = createRecordingLogger();

const byId = (id: number): RestRequest => ({
  route: 'wp/v2/posts',
  query: { include: [id], per_page: 100, _fields: ['id', 'title'] },
});
const post = (id: number) => [{ id, title: { rendered: `Post ${id}` } }];

/** Answers each request rightly. */
function right({ target }: HostileRequest): Behaviour {
  return json(post(Number(new URL(target, 'http://wordpress').searchParams.get('include'))));
}

async function titleOf(client: WordPressClient, id: number): Promise<string> {
  return JSON.stringify((await client.request(byId(id))).body);
}

describe('an answer too many on a connection that is kept alive', () => {
  it('is not taken for the next one', async () => {
    const script: Script = (request, index) =>
      index === 0
        ? (socket) => {
            json(post(666))(socket, request);
            right(request)(socket, request);
          }
        : right(request);
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      lines.length = 0;
      for (const id of [1, 2, 3]) expect(await titleOf(client, id)).toBe(JSON.stringify(post(id)));
      expect(lines.map(({ msg }) => msg)).toEqual([
        'GET /wp/v2/posts: the answer has an object that was not asked for; asking again on a new connection',
      ]);
      // From then on each request has a connection of its own.
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 1, 2, 3]);
    });
  });

  it('that comes while nothing is asked for shifts none', async () => {
    for (let round = 0; round < 10; round++) {
      const script: Script = (request, index) =>
        index === 0 ? withExtra(right(request), json(post(666)), 10) : right(request);
      await withClient(script, { logger, maxConcurrent: 1 }, async (client) => {
        const ask = (...ids: number[]) => Promise.all(ids.map((id) => titleOf(client, id)));
        expect(await ask(1, 2)).toEqual([1, 2].map((id) => JSON.stringify(post(id))));
        await sleep(30);
        expect(await ask(3, 4)).toEqual([3, 4].map((id) => JSON.stringify(post(id))));
      });
    }
  });

  it('is the end of all connections, and what is under way on them is asked again', async () => {
    const script: Script = (request, index) => {
      if (request.target.includes('include=1&')) return index < 2 ? json(post(666)) : right(request);
      return index < 2 ? stall() : right(request);
    };
    await withClient(script, { logger, maxConcurrent: 2 }, async (client, server) => {
      const other = titleOf(client, 2);
      const first = titleOf(client, 1);
      expect(await Promise.all([first, other])).toEqual([1, 2].map((id) => JSON.stringify(post(id))));
      expect(server.requests).toHaveLength(4);
    });
  });
});

describe('what has nothing that it could be told by', () => {
  it.each([
    ['what types there are', { route: 'wp/v2/types', query: { context: 'view' } }],
    ['the index', { route: '', query: { _fields: ['name'] } }],
    ['what a route takes', { method: 'OPTIONS', route: 'wp/v2/posts' }],
  ] as const)('has a connection to itself: %s', async (_name, request) => {
    const script: Script = (asked) => withExtra(json({ asked: asked.target }), json({ asked: 'something else' }), 0);
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      for (let round = 0; round < 3; round++) {
        const { body } = await client.request(request);
        expect(body).toEqual({ asked: server.requests.at(-1)?.target });
      }
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 1, 2]);
    });
  });
});

describe('objects that are missing', () => {
  it('though they were shown before, are asked for on a new connection: the answer was that to another request', async () => {
    const script: Script = (request, index) =>
      index === 1
        ? (socket) => {
            json([])(socket, request);
            right(request)(socket, request);
          }
        : right(request);
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      lines.length = 0;
      for (const id of [1, 1, 2]) expect(await titleOf(client, id)).toBe(JSON.stringify(post(id)));
      expect(lines.map(({ msg }) => msg)).toEqual([
        'GET /wp/v2/posts: objects were missing that are there on a new connection',
      ]);
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1, 2]);
    });
  });

  it('are gone when they are missing there as well, and are asked for once from then on', async () => {
    const script: Script = (request, index) => (index === 0 ? right(request) : json([]));
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      for (const body of ['[{"id":1,"title":{"rendered":"Post 1"}}]', '[]', '[]'])
        expect(await titleOf(client, 1)).toBe(body);
      expect(server.requests).toHaveLength(1 + 2 + 1);
    });
  });

  it('are taken for gone where they were not shown before', async () => {
    await withClient([json([])], { logger, maxConcurrent: 1 }, async (client, server) => {
      expect(await titleOf(client, 1)).toBe('[]');
      expect(server.requests).toHaveLength(1);
    });
  });
});

describe('rows that were not asked for, again and again', () => {
  it('are left out where others were asked for', async () => {
    const both: RestRequest = { ...byId(1), query: { ...byId(1).query, include: [1, 2] } };
    await withClient([json([...post(2), ...post(7)])], { logger }, async (client) => {
      for (let round = 0; round < 2; round++) expect((await client.request(both)).body).toEqual(post(2));
    });
  });
});

describe('a refusal', () => {
  const refused = restError(404, 'rest_no_route');
  const forbidden = restError(401, 'rest_cannot_read_post');

  it.each([
    ['that there is no such route', refused],
    ['of something that is not for everybody', forbidden],
  ])('%s, meant for another request, is not taken for the answer', async (_name, behaviour) => {
    let shifts = 0;
    const onShift = () => {
      shifts += 1;
    };
    const script: Script = (request, index) => (index === 1 ? behaviour : right(request));
    await withClient(script, { logger, maxConcurrent: 1, onShift }, async (client, server) => {
      for (const id of [1, 2, 3]) expect(await titleOf(client, id)).toBe(JSON.stringify(post(id)));
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1, 2]);
      expect(shifts).toBe(1);
    });
  });

  it('is asked for twice the first time that it comes, where there was an answer before', async () => {
    const script: Script = (request, index) => (index === 0 ? right(request) : index < 5 ? refused : forbidden);
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      await titleOf(client, 1);
      const counts: number[] = [];
      for (let round = 0; round < 5; round++) {
        const before = server.requests.length;
        await failureOf(client.request(byId(1)));
        counts.push(server.requests.length - before);
      }
      expect(counts).toEqual([2, 1, 1, 2, 1]);
      await failureOf(client.request({ ...byId(1), authorization: 'Basic YTpi' }));
      expect(server.requests).toHaveLength(1 + 7 + 1);
    });
  });

  it('is asked for once where nothing was shown before', async () => {
    await withClient([refused], { logger }, async (client, server) => {
      await failureOf(client.request(byId(1)));
      expect(server.requests).toHaveLength(1);
    });
  });
});

describe('what is told of it', () => {
  it('is told where the answer was that to another request', async () => {
    let shifts = 0;
    const onShift = () => {
      shifts += 1;
    };
    const script: Script = (request, index) => (index === 0 ? json(post(666)) : right(request));
    await withClient(script, { logger, maxConcurrent: 1, onShift }, async (client) => {
      for (const id of [1, 2]) await titleOf(client, id);
    });
    expect(shifts).toBe(1);
  });

  it('is not told of a site that answers so', async () => {
    let shifts = 0;
    const onShift = () => {
      shifts += 1;
    };
    await withClient([json([{ id: 1, name: 'a field of a plugin' }])], { logger, onShift }, async (client) => {
      await client.request(listPosts);
    });
    await withClient([json(post(2))], { logger, onShift }, async (client) => {
      await failureOf(client.request(byId(1)));
    });
    expect(shifts).toBe(0);
  });
});

describe('an answer to something else, again and again', () => {
  it.each([
    ['other ids', byId(1), post(2)],
    ['no list', listPosts, { id: 1 }],
    ['another object', { route: 'wp/v2/posts/1' }, { id: 2 }],
  ])('%s', async (_name, request, body) => {
    await withClient([json(body)], { logger }, async (client, server) => {
      expect((await failureOf(client.request(request))).code).toBe('UPSTREAM_BAD_RESPONSE');
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 1]);
    });
  });

  it('spoils the connections of others once', async () => {
    const script: Script = ({ target }) => json(target.includes('include=1&') ? post(666) : post(2));
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      for (let round = 0; round < 3; round++) {
        expect((await failureOf(client.request(byId(1)))).code).toBe('UPSTREAM_BAD_RESPONSE');
        expect(await titleOf(client, 2)).toBe(JSON.stringify(post(2)));
      }
      const others = server.requests.filter(({ target }) => target.includes('include=2&'));
      expect(new Set(others.map(({ connection }) => connection)).size).toBe(1);
    });
  });

  it('is taken for the way of the site where it can be, and not asked for twice any more', async () => {
    const odd = [{ id: 1, name: 'a field of a plugin' }];
    await withClient([json(odd)], { logger }, async (client, server) => {
      for (let call = 0; call < 3; call++) expect((await client.request(listPosts)).body).toEqual(odd);
      expect(server.requests).toHaveLength(4);
    });
  });
});
