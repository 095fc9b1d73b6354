// A gateway starts while its site is down, says so in its answers, and follows what the site has when it is back.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import type { RestFailure } from '../support/recorded-lists.ts';
import { type RecordedSiteOptions, startRecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { logger, lines, takeErrors } = createRecordingLogger();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-'));
});
afterAll(() => rm(folder, { recursive: true }));

function taxonomies(...slugs: string[]) {
  return Object.fromEntries(slugs.map((slug) => [slug, { slug, name: slug, rest_base: `${slug}s`, types: ['tool'] }]));
}

/** A site of tools with genres, whose taxonomies fail as long as that is wanted. */
function siteWithGenres() {
  const site = siteWith('tool');
  const refuse: Record<string, RestFailure> = {};
  const genre = { id: 2, slug: 'crime', name: 'Crime', taxonomy: 'genre' };
  return {
    ...{ ...site, refuse },
    collections: { ...site.collections, 'wp/v2/genres': [genre] },
    answers: { ...site.answers, 'wp/v2/taxonomies': taxonomies('category', 'genre') },
    fail() {
      refuse['wp/v2/taxonomies'] = { status: 500, code: 'internal_server_error' };
    },
    heal() {
      delete refuse['wp/v2/taxonomies'];
    },
  };
}

const genres = '{ genres { nodes { name } } }';
const crime = { data: { genres: { nodes: [{ name: 'Crime' }] } } };

function siteWith(...slugs: string[]): RecordedSiteOptions {
  const types = slugs.map((slug) => [slug, { slug, name: `${slug}s`, rest_base: `${slug}s` }]);
  const rows = slugs.map((slug) => [`wp/v2/${slug}s`, [{ id: 1, slug: 'one', title: { rendered: `A ${slug}` } }]]);
  return {
    index: { name: slugs.join(), home: 'http://recorded.example', namespaces: ['wp/v2'] },
    collections: Object.fromEntries(rows),
    answers: { 'wp/v2/types': Object.fromEntries(types), 'wp/v2/taxonomies': taxonomies('category') },
    style: 'path',
  };
}

function start(url: string, file = join(folder, 'site.json')): Promise<Headgate> {
  const config = loadConfig({ WORDPRESS_URL: url, PORT: '0', DISCOVERY_FILE: file, FRESH_SECONDS: '0' });
  return startHeadgate(config, logger);
}

async function ask({ url }: Headgate, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors }: { data?: unknown; errors?: { extensions: { code: string } }[] } = await response.json();
  return { data, codes: errors?.map(({ extensions }) => extensions.code) };
}

it('a gateway outlives the absence of its site, and follows its changes', async () => {
  const first = await startRecordedSite(siteWith('tool'));
  const url = first.origin;
  await (await start(url))[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();

  await using headgate = await start(url);
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg).join()).toContain('ECONNREFUSED'));
  expect(await ask(headgate, '{ generalSettings { title } }')).toEqual({
    data: { generalSettings: { title: 'tool' } },
  });
  const down = await ask(headgate, '{ tool(id: 1, idType: DATABASE_ID) { title } }');
  expect(down).toEqual({ data: { tool: null }, codes: ['UPSTREAM_UNAVAILABLE'] });

  const port = Number(new URL(url).port);
  await using _back = await startRecordedSite({ ...siteWith('tool', 'gadget'), port });
  await headgate.rediscover();
  const both = '{ tool(id: 1, idType: DATABASE_ID) { title } gadget(id: 1, idType: DATABASE_ID) { title } }';
  expect(await ask(headgate, both)).toEqual({ data: { tool: { title: 'A tool' }, gadget: { title: 'A gadget' } } });
  expect(headgate.site.name).toBe('tool,gadget');
  takeErrors();
});

it('a disk that takes nothing is told of in one line', async () => {
  await using site = await startRecordedSite(siteWith('tool'));
  await writeFile(join(folder, 'closed'), '');
  await using _headgate = await start(site.origin, join(folder, 'closed', 'site.json'));
  await vi.waitFor(() =>
    expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(/could not be kept/)),
  );
  const told = lines.find(({ msg }) => msg?.includes('could not be kept'));
  expect(told?.msg).toMatch(/could not be kept in .*site\.json: E[A-Z]+: /);
  expect(told).not.toHaveProperty('err');
});

it('what does not change does not make a new schema', async () => {
  await using site = await startRecordedSite(siteWith('tool'));
  await using headgate = await start(site.origin);
  const before = headgate.gateway.schema;
  await headgate.rediscover();
  expect(headgate.gateway.schema).toBe(before);
});

it('taxonomies outlive one failure to tell them, with the schema and all that was read', async () => {
  const options = siteWithGenres();
  await using site = await startRecordedSite(options);
  await using headgate = await start(site.origin, join(folder, 'genres.json'));
  expect(await ask(headgate, genres)).toEqual(crime);
  const before = headgate.gateway.schema;
  options.fail();
  await headgate.rediscover();
  expect(await ask(headgate, genres)).toEqual(crime);
  expect(headgate.gateway.schema).toBe(before);
  expect(lines.map(({ msg }) => msg).join()).toContain('GET /wp/v2/taxonomies: 500');
  Object.assign(options.answers, { 'wp/v2/taxonomies': taxonomies('category') });
  options.heal();
  await headgate.rediscover();
  expect((await ask(headgate, genres)).data).toBeUndefined();
});

it('a gateway that started while taxonomies failed has them soon after', async () => {
  const options = siteWithGenres();
  options.fail();
  await using site = await startRecordedSite(options);
  await using headgate = await start(site.origin, join(folder, 'late.json'));
  expect((await ask(headgate, genres)).data).toBeUndefined();
  options.heal();
  await vi.waitFor(async () => expect(await ask(headgate, genres)).toEqual(crime), { timeout: 10_000, interval: 100 });
}, 20_000);
