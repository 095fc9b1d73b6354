// Terms in another order concern the answers that show them, and no others that show the content.

import { describe, expect, it } from 'vitest';
import { createStoredResponse } from '../../../src/cache/stored-response.ts';
import { always } from '../../../src/cache/times.ts';
import { createConcerns } from '../../../src/changes/concerns.ts';
import { type Edit, type Facts, toEdit } from '../../../src/changes/facts.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';

const post = coreResources.get('post');
if (!post) throw new Error('no posts');
const facts: Facts = { slug: 'one', tags: [9, 10, 11], categories: [5] };
const edit = (after: Facts): Edit => toEdit(post, 12, facts, { ...facts, ...after });

function answer(lists?: readonly object[]) {
  return createStoredResponse({
    ...{ body: Buffer.from('{}'), tags: ['post:12'], times: always, documentId: 'x', operationName: undefined },
    ...(lists ? { lists: lists.map((list) => JSON.stringify(list)) } : {}),
  });
}

describe('an answer that shows content', () => {
  const showing = (...reads: string[]) => answer([{ tag: 'terms:post', reads }]);
  const answers = [answer([]), showing('categories'), showing('tags'), showing('class_list'), answer()];
  const concerned = (edits: readonly Edit[]) => answers.map((response) => createConcerns(edits)(response, 'post:12'));

  const all = answers.map(() => true);

  it('is concerned by the order of its terms where it shows some', () => {
    expect(concerned([edit({ tags: [11, 9, 10] })])).toEqual([false, false, true, true, true]);
  });

  it('is concerned by all else', () => {
    for (const other of [{ tags: [9, 10] }, { tags: [9, 10, 12] }, { slug: 'two', tags: [11, 9, 10] }, {}]) {
      expect(concerned([edit(other)])).toEqual(all);
    }
    expect(concerned([edit({ tags: [11, 9, 10] }), edit({})])).toEqual(all);
    expect(concerned([])).toEqual(all);
  });
});
