// The answers that WPGraphQL 2.20 gave on a WordPress 7.1 with Yoast, leaf by leaf against what that site's REST API gives.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { type RecordedSite, startRecordedSite } from '../support/recorded-site.ts';
import { diffLeaves, toLeaves } from './leaves.ts';

interface RecordedAnswer {
  readonly query: string;
  readonly variables: Record<string, unknown> | null;
  readonly answer: {
    readonly data: unknown;
    readonly errors?: readonly { message: string; path: readonly unknown[] }[];
  };
}

interface KnownDifference {
  readonly path: string;
  readonly actual: unknown;
  readonly reason: string;
}

const names = 'REST shows the parts of a name only with credentials.';

/** Every leaf that is not as WPGraphQL has it. A leaf that differs no more must leave this list. */
const knownDifferences: Readonly<Record<string, readonly KnownDifference[]>> = {
  '01-posts-list': [
    {
      path: 'data.posts.nodes[0].commentCount',
      actual: 166,
      reason: 'WordPress counts pingbacks as comments, and REST shows the public none of them.',
    },
  ],
  '08-author': [
    { path: 'data.user.firstName', actual: null, reason: names },
    { path: 'data.user.lastName', actual: null, reason: names },
  ],
};

/** Leaves of all recorded answers: a file that is lost must not go unnoticed. */
const leafCount = 504;

const folder = join(import.meta.dirname, '../data/answers');
const queries = filesIn('queries').map(([name, answer]) => [name, answer as RecordedAnswer] as const);

let site: RecordedSite;
let gateway: TestGateway;

function filesIn(name: string): (readonly [string, unknown])[] {
  return readdirSync(join(folder, name))
    .sort()
    .map((file) => [file.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, name, file), 'utf8'))] as const);
}

/** The part of an answer that is compared: of errors their paths and messages, in the order of the paths. */
function comparable({ data, errors }: RecordedAnswer['answer']): unknown {
  const known = (errors ?? []).map(({ path, message }) => ({ path: path.join('.'), message }));
  return { data, ...(errors ? { errors: known.sort((a, b) => (a.path < b.path ? -1 : 1)) } : {}) };
}

beforeAll(async () => {
  const { index, ...collections } = Object.fromEntries(filesIn('rest')) as Record<string, never>;
  if (!index) throw new Error('no index was recorded');
  site = await startRecordedSite({
    index,
    collections: Object.fromEntries(Object.entries(collections).map(([name, rows]) => [`wp/v2/${name}`, rows])),
    style: 'path',
    recordedOrigin: 'http://127.0.0.1:8812',
  });
  gateway = await openGateway(site.origin);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

describe('recorded answers of WPGraphQL', () => {
  it.each(queries)('%s', async (name, { query, variables, answer }) => {
    const { data, errors } = await gateway.query(query, variables ?? {});
    const actual = comparable({
      data,
      ...(errors ? { errors: errors.map(({ message, path = [] }) => ({ message, path })) } : {}),
    });
    const differences = diffLeaves(comparable(answer), actual, '$').map((difference) => ({
      ...difference,
      path: difference.path.replace('$.', ''),
    }));
    const known = knownDifferences[name] ?? [];
    const unknown = differences.filter(({ path }) => known.every((other) => other.path !== path));
    expect(unknown, 'leaves that differ from WPGraphQL').toEqual([]);
    expect(
      differences.map(({ path, actual: value }) => ({ path, actual: value })),
      'leaves that are known to differ',
    ).toEqual(known.map(({ path, actual: value }) => ({ path, actual: value })));
  });

  it('are all there', () => {
    const counts = queries.map(([, { answer }]) => toLeaves(comparable(answer), '$').size);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(leafCount);
    expect(queries.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(knownDifferences)));
  });
});
