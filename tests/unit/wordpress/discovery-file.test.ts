// What is known of a site is kept on disk, and what is not the gateway's own counts as nothing.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { discover } from '../../../src/wordpress/discovery.ts';
import { type KnownSite, readDiscoveryFile, writeDiscoveryFile } from '../../../src/wordpress/discovery-file.ts';
import { createDiscoveryClient, readDiscoveryAnswers } from '../../support/discovery-client.ts';

const address = 'https://example.org';
let folder: string;
let path: string;
let known: KnownSite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-'));
  path = join(folder, 'a/b/site.json');
  const site = {
    ...{ root: { origin: address, path: '/wp-json/', style: 'path' as const }, name: 'A', description: null },
    ...{ url: address, home: address, timezone: null, gmtOffset: 0, namespaces: ['wp/v2'], showOnFront: null },
    ...{ pageOnFront: null, pageForPosts: null, siteIconId: null, siteIconUrl: null },
  };
  const discovery = await discover(createDiscoveryClient(readDiscoveryAnswers('a')), site);
  known = { site, discovery, menuLocations: { names: ['primary'], isComplete: true } };
});

beforeEach(() => writeDiscoveryFile(path, address, known));

afterAll(() => rm(folder, { recursive: true }));

describe('a discovery on disk', () => {
  it('is read as it was written, in folders that are made for it', async () => {
    expect(await readDiscoveryFile(path, address)).toEqual(known);
  });

  it('is replaced as a whole', async () => {
    await writeDiscoveryFile(path, address, { ...known, site: { ...known.site, name: 'B' } });
    expect((await readDiscoveryFile(path, address))?.site.name).toBe('B');
    expect(await readdir(join(folder, 'a/b'))).toEqual(['site.json']);
  });

  it('of another address is none', async () => {
    expect(await readDiscoveryFile(path, 'https://example.com')).toBeNull();
  });

  it.each([
    ['is not there', null],
    ['is empty', ''],
    ['is cut off', (text: string) => text.slice(0, text.length / 2)],
    ['is of another version', (text: string) => text.replace('"version":3', '"version":0')],
    ['has a root outside of HTTP', (text: string) => text.replace('"origin":"https:', '"origin":"file:')],
    ['has a field of another type', (text: string) => text.replace('"hierarchical":false', '"hierarchical":"no"')],
    ['has a shape that is none', (text: string) => text.replace('"kind":"text"', '"kind":"script"')],
    ['is a list', '[]'],
  ])('that %s is none', async (_, content) => {
    if (content === null) await rm(path);
    else await writeFile(path, typeof content === 'string' ? content : content(await readFile(path, 'utf8')));
    expect(await readDiscoveryFile(path, address)).toBeNull();
  });

  it('that cannot be read tells so', async () => {
    await expect(readDiscoveryFile(folder, address)).rejects.toThrow('EISDIR');
  });
});
