// A host that takes only short addresses gets several of them; what WordPress itself refuses is not asked in parts.

import { describe, expect, it } from 'vitest';
import { answer, type Behaviour, html, json, restError } from '../support/hostile-server.ts';
import { openOddSite, rows } from './odd-site.ts';

const query = '{ posts(first: 3) { nodes { categories { nodes { name } } } } }';

/** Categories, two at most at a time. */
function twoAtATime(refuse: Behaviour): Behaviour {
  return (socket, request) => {
    const ids = includedIn(request.target);
    if (ids.length > 2) return refuse(socket, request);
    const shown = rows.categories.filter(({ id }) => ids.includes(id));
    json(shown.map(({ id, name }) => ({ id, name })))(socket, request);
  };
}

function includedIn(target: string): number[] {
  return (new URL(target, 'http://odd.test').searchParams.get('include') ?? '').split(',').map(Number);
}

describe('a long address', () => {
  it.each([
    ['414', html('<h1>URI Too Long</h1>', { status: 414 })],
    ['413', answer('', { status: 413 })],
    ['431', answer('', { status: 431 })],
    ['400 of a proxy', html('<h1>Bad Request</h1>', { status: 400 })],
  ])('that is refused with %s is asked for in halves', async (_name, refuse) => {
    await using site = await openOddSite({ categories: twoAtATime(refuse) });
    const { data, errors } = await site.gateway.query(query);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes[0].categories.nodes).toHaveLength(2);
    const asked = site.server.requests.filter(({ target }) => target.includes('/categories?include'));
    expect(asked.map(({ target }) => includedIn(target).length)).toEqual([4, 2, 2]);
  });

  it('that WordPress refuses is asked for once', async () => {
    await using site = await openOddSite({ categories: twoAtATime(restError(400, 'rest_invalid_param')) });
    const { errors } = await site.gateway.query(query);
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('UPSTREAM_REFUSED');
    expect(site.server.requests.filter(({ target }) => target.includes('/categories?include'))).toHaveLength(1);
  });
});
