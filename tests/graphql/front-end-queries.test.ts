// Queries in the manner of front ends are answered, all of them.

import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { frontEndQueries, variablesOf } from '../support/front-end-queries.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  const { url, credentials } = inject('wordpress');
  // Which menus the public sees changes when somebody first views the front page: WordPress makes one of blocks then.
  gateway = await openGateway(url, { authorization: credentials.admin.authorization });
});

afterAll(() => gateway[Symbol.asyncDispose]());

/** Previews and the viewer need credentials; these ids are not on the demo site. */
const unanswered = ['blog-post-preview', 'media-by', 'menu-item', 'page-preview-revision', 'viewer'];

it.each(frontEndQueries)('%s', async (name, query) => {
  const { data, errors } = await gateway.query(query, variablesOf(name));
  expect(errors).toBeUndefined();
  const isAnswered = Object.values(data).some((value) => value !== null);
  expect(isAnswered).toBe(!unanswered.includes(name));
});
