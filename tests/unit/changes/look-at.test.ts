// What was noticed and not yet handed on is not lost by a look at something else, be it one that fails.

import { expect, it } from 'vitest';
import { type Edit, toEdit } from '../../../src/changes/facts.ts';
import { createKnownFacts } from '../../../src/changes/known-facts.ts';
import { lookAt } from '../../../src/changes/look-at.ts';
import { createTypeState } from '../../../src/changes/type-state.ts';
import { UpstreamError } from '../../../src/errors.ts';
import { coreResources, type Resource } from '../../../src/wordpress/resources.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';

it.each([
  ['is answered', false],
  ['fails', true],
])('a look that %s leaves it for the next turn', async (_, isBroken) => {
  const resource = coreResources.get('post') as Resource;
  const known = createKnownFacts(1_000_000).of('post');
  known.isComplete = true;
  const noticed = toEdit(resource, 7, undefined, undefined);
  const journal: Edit[] = [noticed];
  const read = async () => {
    if (isBroken) throw new UpstreamError('UPSTREAM_UNAVAILABLE', 'GET /wp/v2/posts');
    const row = { id: 3, slug: 'third', link: `${bookSite.home}/third/`, title: { rendered: 'Third' } };
    return { rows: [row], total: 1, nowMs: 0 };
  };
  const state = createTypeState({ resource, resources: bookResources, known, read, journal });
  const looking = lookAt([{ type: 'Post', id: 3, action: 'updated', tags: ['post:3'], source: 'webhook' }], {
    ...{ site: bookSite, resources: bookResources, states: new Map([['post', state]]), journal },
  });
  if (isBroken) await expect(looking).rejects.toThrow('GET /wp/v2/posts');
  else expect((await looking)?.changes).toMatchObject([{ type: 'Post', id: 3 }]);
  expect(journal).toEqual([noticed]);
});
