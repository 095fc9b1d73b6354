// Owns the test of finding a file by its address: what the addresses of an item come to is found out once.

import { expect, it, vi } from 'vitest';
import { loadMediaByUrl } from '../../../src/loaders/lookup.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';
import { openRowLoaders, rowResource } from '../../support/row-loaders.ts';

it('reads the addresses of an item once', async () => {
  const sizes = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { source_url: `http://a.test/${name}.jpg` }]));
  const data = { source_url: 'http://a.test/whole.jpg', media_details: { sizes } };
  const item = { resource: rowResource(), id: 1, data };
  const loaders = { ...openRowLoaders([], 1).loaders, loadBySlug: async () => [item] };
  const canParse = vi.spyOn(URL, 'canParse');
  const find = (name: string) => loadMediaByUrl(loaders, coreResources, `http://a.test/${name}.jpg`, []);
  expect(await find('whole')).toBe(item);
  const parsed = canParse.mock.calls.length;
  expect(await find('c')).toBe(item);
  expect(await find('d')).toBeNull();
  expect(canParse.mock.calls.length - parsed).toBe(2);
  canParse.mockRestore();
});
