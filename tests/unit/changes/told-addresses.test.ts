// Asking what told addresses show: a few at a time, and what fails is named.

import { pino } from 'pino';
import { expect, it } from 'vitest';
import { purgeShown } from '../../../src/changes/told-addresses.ts';

it('asks a few at a time, purges what is found together, and names what was not found out', async () => {
  const order: string[] = [];
  const purges: (readonly string[])[] = [];
  let asking = 0;
  let most = 0;
  const uris = Array.from({ length: 20 }, (_, at) => `/${at}/`);
  const shown = await purgeShown([...uris, '/3/'], {
    ...{ waitMs: 60_000, logger: pino({ level: 'silent' }), purge: async (tags) => void purges.push(tags) },
    async tagsAt(uri) {
      order.push(uri);
      asking += 1;
      most = Math.max(most, asking);
      await new Promise(setImmediate);
      asking -= 1;
      if (uri === '/7/') throw new Error('no answer');
      return uri === '/8/' ? [] : [`post:${uri.slice(1, -1)}`, 'list:post'];
    },
  });
  expect([order, most]).toEqual([uris, 3]);
  expect(shown.unanswered).toEqual(['/7/']);
  expect(shown.tags).toHaveLength(18 + 1);
  expect(purges).toEqual([shown.tags]);
});

it('asks nothing where no address is named', async () => {
  const never = () => Promise.reject(new Error('was asked'));
  const options = { tagsAt: never, purge: never, waitMs: 60_000, logger: pino({ level: 'silent' }) };
  expect(await purgeShown([], options)).toEqual({ tags: [], unanswered: [] });
});
