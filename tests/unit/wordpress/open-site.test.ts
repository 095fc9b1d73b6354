// A site is opened as it is; as it was, while it is down; and not at all where it is wrong.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SiteError } from '../../../src/errors.ts';
import { toFacts } from '../../../src/wordpress/discovery-file.ts';
import { type OpenSite, openSite } from '../../../src/wordpress/open-site.ts';
import { readDiscoveryAnswers } from '../../support/discovery-client.ts';
import { type RecordedSiteOptions, startRecordedSite } from '../../support/recorded-site.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

const { types, taxonomies, schemas } = readDiscoveryAnswers('a');
const recorded: RecordedSiteOptions = {
  index: { name: 'Recorded', home: 'http://recorded.example', url: 'http://recorded.example', namespaces: ['wp/v2'] },
  collections: { 'wp/v2/books': [], 'wp/v2/media': [], 'wp/v2/pages': [] },
  answers: { 'wp/v2/types': types, 'wp/v2/taxonomies': taxonomies },
  schemas: schemas ?? {},
  style: 'path',
};

let folder: string;
let address: string;
const { logger, lines } = createRecordingLogger();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-'));
  await using site = await startRecordedSite(recorded);
  address = site.origin;
});

afterEach(async () => {
  lines.splice(0);
  await rm(folder, { recursive: true });
});

function open(url: string, file: string | null = join(folder, 'site.json')): Promise<OpenSite> {
  return openSite({ address: url, upstream: { timeoutMs: 2000 }, logger, discoveryFile: file });
}

const namesOf = ({ known }: Pick<OpenSite, 'known'>) => known.discovery.types.map(({ name }) => name);

/** Opens a site once, so that it is known, and gives the address that nobody answers any more. */
async function openOnce(options: RecordedSiteOptions = recorded): Promise<string> {
  await using site = await startRecordedSite(options);
  await using opened = await open(site.origin);
  expect(opened.isStale).toBe(false);
  return site.origin;
}

describe('a site that is up', () => {
  it('is read, and kept', async () => {
    await using site = await startRecordedSite(recorded);
    await using opened = await open(site.origin);
    expect(opened.known.site.name).toBe('Recorded');
    expect(namesOf(opened)).toContain('book');
    const kept = JSON.parse(await readFile(join(folder, 'site.json'), 'utf8'));
    expect(kept).toMatchObject({ version: 3, address: site.origin, discovery: opened.known.discovery });
  });

  it('is not kept where nobody wants it, nor where the disk does not take it', async () => {
    await using site = await startRecordedSite(recorded);
    await (await open(site.origin, null))[Symbol.asyncDispose]();
    expect(lines).toEqual([]);
    await using opened = await open(site.origin, '/dev/null/site.json');
    expect(namesOf(opened)).toContain('book');
    expect(lines.map(({ msg }) => msg).join()).toContain('/dev/null/site.json');
  });

  it('that hides what it has is what every WordPress is', async () => {
    const refuse = { 'wp/v2/types': { status: 401, code: 'rest_forbidden' } };
    await using site = await startRecordedSite({ ...recorded, refuse });
    await using opened = await open(site.origin);
    expect(namesOf(opened)).toEqual([]);
    expect(opened.known.discovery.problems.join()).toContain('401');
  });

  it('is known by where its REST API has moved to, also at the next start', async () => {
    const moving = { ...recorded, style: 'path' as RecordedSiteOptions['style'] };
    await using site = await startRecordedSite(moving);
    await using opened = await open(site.origin);
    expect(opened.known.site.root).toMatchObject({ path: '/wp-json/', style: 'path' });
    moving.style = 'query';
    const moved = { origin: site.origin, path: '/', style: 'query' };
    expect((await opened.rediscover()).site.root).toEqual(moved);
    const kept = JSON.parse(await readFile(join(folder, 'site.json'), 'utf8'));
    expect(kept.site.root).toEqual(moved);
  });

  it('keeps the fields of a type whose route fails this time', async () => {
    await using site = await startRecordedSite(recorded);
    await using opened = await open(site.origin);
    Object.assign(recorded, { refuse: { 'wp/v2/books': { status: 500, code: 'internal_server_error' } } });
    try {
      const { discovery } = await opened.rediscover();
      expect(discovery.types.at(-1)?.custom).toEqual(opened.known.discovery.types.at(-1)?.custom);
      expect(discovery.problems.join()).toContain('OPTIONS /wp/v2/books: 500');
    } finally {
      Object.assign(recorded, { refuse: undefined });
    }
  });

  it.each([
    ['which fails', { refuse: { 'wp/v2/taxonomies': { status: 500, code: 'x' } } }],
    ['which is refused', { refuse: { 'wp/v2/taxonomies': { status: 403, code: 'x' } } }],
    ['which is empty', { answers: { 'wp/v2/types': types, 'wp/v2/taxonomies': {} } }],
    ['where even the index is none', { index: { name: 'Other' } }],
  ])('keeps its taxonomies over an answer %s, and what is kept of it', async (_, fault) => {
    const options = { ...recorded };
    await using site = await startRecordedSite(options);
    await using opened = await open(site.origin);
    const before = await readFile(join(folder, 'site.json'), 'utf8');
    Object.assign(options, fault);
    const known = await opened.rediscover();
    expect(toFacts(known)).toEqual(toFacts(opened.known));
    expect(JSON.stringify(toFacts(JSON.parse(await readFile(join(folder, 'site.json'), 'utf8'))))).toBe(
      JSON.stringify(toFacts(JSON.parse(before))),
    );
  });

  it('that failed to tell a part at the start is known in part until it does', async () => {
    const options = { ...recorded, refuse: { 'wp/v2/taxonomies': { status: 500, code: 'x' } } };
    await using site = await startRecordedSite(options);
    await using opened = await open(site.origin);
    expect(opened.known.discovery).toMatchObject({ taxonomies: [], isPartial: true });
    Object.assign(options, { refuse: undefined });
    const { discovery } = await opened.rediscover();
    expect(discovery.isPartial).toBeUndefined();
    expect(discovery.taxonomies.map(({ name }) => name)).toContain('genre');
  });

  it('is not told to other gateways in part where they were told all', async () => {
    const options: RecordedSiteOptions = { ...recorded };
    await using site = await startRecordedSite(options);
    let told: unknown;
    const shared = {
      read: async () => told,
      write(known: object) {
        told = JSON.parse(JSON.stringify(known));
      },
    };
    const openShared = () => openSite({ address: site.origin, upstream: {}, logger, discoveryFile: null, shared });
    Object.assign(options, { refuse: { 'wp/v2/taxonomies': { status: 500, code: 'x' } } });
    await using first = await openShared();
    expect(told).toMatchObject({ discovery: { taxonomies: [], isPartial: true } });
    Object.assign(options, { refuse: undefined });
    await using second = await openShared();
    expect(second.known.discovery.isPartial).toBeUndefined();
    Object.assign(options, { refuse: { 'wp/v2/taxonomies': { status: 500, code: 'x' } } });
    await first.rediscover();
    expect(told).toMatchObject({ discovery: { taxonomies: second.known.discovery.taxonomies } });
    await using third = await openShared();
    expect([third.isStale, third.known.discovery]).toEqual([false, second.known.discovery]);
  });
});

describe('a site that is down', () => {
  it('is as it was when it was last read', async () => {
    const url = await openOnce();
    await using opened = await open(url);
    expect(opened.isStale).toBe(true);
    expect(namesOf(opened)).toContain('book');
    expect(lines.map(({ msg }) => msg).join()).toContain('refuses connections');
    await expect(opened.rediscover()).rejects.toThrow(SiteError);
  });

  it.each([
    ['answers 503', { status: 503, code: 'x' }],
    ['fails', { status: 500, code: 'x' }],
  ])('since it %s is as it was', async (_, failure) => {
    await using site = await startRecordedSite(recorded);
    await (await open(site.origin))[Symbol.asyncDispose]();
    Object.assign(recorded, { refuse: { '': failure, wp: failure } });
    try {
      await using opened = await open(site.origin);
      expect(opened.isStale).toBe(true);
      expect(namesOf(opened)).toContain('book');
    } finally {
      Object.assign(recorded, { refuse: undefined });
    }
  });

  it('and not known is an error for people', async () => {
    await expect(open(address)).rejects.toMatchObject({ name: 'SiteError', isTemporary: true });
  });
});

describe('a site that is kept', () => {
  it('is opened without a request where that is enough, and read afterwards', async () => {
    await using site = await startRecordedSite(recorded);
    await (await open(site.origin))[Symbol.asyncDispose]();
    site.requests.length = 0;
    const file = join(folder, 'site.json');
    await using opened = await openSite({
      ...{ address: site.origin, upstream: {}, logger, discoveryFile: file, keptFirst: true },
    });
    expect(site.requests).toEqual([]);
    expect(opened.isStale).toBe(true);
    expect(namesOf(opened)).toContain('book');
    expect(namesOf({ known: await opened.rediscover() })).toContain('book');
    expect(site.requests.length).toBeGreaterThan(0);
  });

  it('is read first where nothing is kept', async () => {
    await using site = await startRecordedSite(recorded);
    await using opened = await openSite({
      ...{ address: site.origin, upstream: {}, logger, discoveryFile: join(folder, 'none.json'), keptFirst: true },
    });
    expect(opened.isStale).toBe(false);
  });
});

describe('a site that is wrong', () => {
  it('is an error, whatever was known of it', async () => {
    await using site = await startRecordedSite(recorded);
    await (await open(site.origin))[Symbol.asyncDispose]();
    Object.assign(recorded, { index: { name: 'Something else' } });
    try {
      await expect(open(site.origin)).rejects.toMatchObject({ name: 'SiteError', isTemporary: false });
    } finally {
      Object.assign(recorded, { index: { name: 'Recorded', home: 'http://recorded.example', namespaces: ['wp/v2'] } });
    }
  });
});
