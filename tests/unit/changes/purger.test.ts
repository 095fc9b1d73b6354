// What was told or written is forgotten at once, told on as the watcher sees it, and told once.

import { describe, expect, it, vi } from 'vitest';
import type { Gone } from '../../../src/cache/old.ts';
import { createResponseStore } from '../../../src/cache/response-store.ts';
import { type Change, createChangeStream } from '../../../src/changes/change-stream.ts';
import { type Facts, toEdit } from '../../../src/changes/facts.ts';
import type { Purge } from '../../../src/changes/follow-edits.ts';
import { createPurger } from '../../../src/changes/purger.ts';
import { bookResources, bookSite } from '../../support/book-resources.ts';

const told: Change = { type: 'Post', id: 7, action: 'updated', tags: ['post:7', 'list:post'], source: 'webhook' };
const nothing: Purge = { tags: [], edits: [], changes: [] };

function open(look: (changes: readonly Change[]) => Promise<Purge | null>) {
  const forgotten: (readonly string[] | null)[] = [];
  const gone: Gone[] = [];
  const details: unknown[] = [];
  const learnt: unknown[] = [];
  const heard: string[] = [];
  const stream = createChangeStream();
  stream.subscribe(({ changes, isOwn }) => {
    for (const { type, id, action, source } of changes) heard.push(`${type} ${id} ${action} ${source} ${isOwn}`);
  });
  const purger = createPurger({
    store: createResponseStore({ maxBytes: 1000, freshSeconds: 60, staleSeconds: 0, staleIfErrorSeconds: 0 }),
    ...{ stream, look, site: () => bookSite, resources: () => bookResources },
    forget(tags, given) {
      forgotten.push(tags);
      gone.push(given);
    },
    learn: (edits) => void learnt.push(edits),
    onDropped: () => undefined,
    tell: (purge) => void details.push(purge.details),
    onTags: () => undefined,
    patienceMs: 20,
  });
  return { purger, forgotten, gone, details, heard, learnt };
}

const seen = (...changes: readonly Partial<Change>[]): Purge => ({
  ...{ tags: ['post:7', 'uri:one?'], edits: [] },
  changes: changes.map((change) => ({ ...told, source: 'watcher', ...change })),
});

describe('what a webhook tells', () => {
  it('is told on as it is seen', async () => {
    const { purger, heard, forgotten } = open(async () => seen({ action: 'deleted' }));
    await purger.told([told]);
    expect([heard, forgotten]).toEqual([['Post 7 deleted webhook true'], [['post:7', 'list:post', 'uri:one?']]]);
  });

  it('is forgotten, and no change, where the public sees nothing of it', async () => {
    const { purger, heard, forgotten } = open(async () => nothing);
    await purger.told([told]);
    expect([heard, forgotten]).toEqual([[], [['post:7', 'list:post']]]);
  });

  it('is told on as it was told where nobody can look, or where that takes long', async () => {
    const blind = open(async () => null);
    await blind.purger.told([told]);
    expect(blind.heard).toEqual(['Post 7 updated webhook true']);

    let see: (purge: Purge) => void = () => undefined;
    const slow = open(
      () =>
        new Promise((resolve) => {
          see = resolve;
        }),
    );
    await slow.purger.told([told]);
    expect(slow.heard).toEqual(['Post 7 updated webhook true']);
    // What is seen later is told without what was told already.
    see(seen({}, { id: 8 }));
    await vi.waitFor(() => expect(slow.heard.slice(1)).toEqual(['Post 8 updated watcher true']));
  });

  it('by tags alone is no more than that', async () => {
    const { purger, heard } = open(() => Promise.reject(new Error('nobody asked')));
    await purger.told([{ ...told, type: null, id: null }]);
    expect(heard).toEqual(['null null updated webhook true']);
  });
});

describe('what is written', () => {
  const write = (status: string) => ({
    ...({ method: 'POST', route: 'wp/v2/posts/7' } as const),
    row: { id: 7, status, link: 'https://example.org/one/' },
  });

  it('is told at once, and what follows from it when that is known', async () => {
    const { purger, heard } = open(async () => seen({}, { id: 8 }));
    await purger.written(['post:7'], write('publish'));
    expect(heard).toEqual(['Post 7 updated write true']);
    await vi.waitFor(() => expect(heard.slice(1)).toEqual(['Post 8 updated watcher true']));
  });

  it('is gone only where somebody saw it', async () => {
    const [draft, unpublished, unknown] = [
      open(async () => nothing),
      open(async () => seen({ action: 'deleted' })),
      open(async () => null),
    ];
    for (const { purger } of [draft, unpublished, unknown]) await purger.written(['post:7'], write('draft'));
    await vi.waitFor(() => expect(unknown.heard).toEqual(['Post 7 deleted write true']));
    expect(unpublished.heard).toEqual(['Post 7 deleted write true']);
    expect(draft.heard).toEqual([]);
    for (const { forgotten } of [draft, unpublished, unknown]) expect(forgotten[0]).toEqual(['post:7']);
  });
});

describe('what another process tells', () => {
  it('is learnt where it was noticed, and looked at where it was told', async () => {
    const { purger, heard, learnt } = open(async () => seen({}, { id: 8 }));
    purger.hear({ tags: ['post:7'], details: { edits: [], changes: [told], gone: 'all' } });
    expect([heard, learnt]).toEqual([['Post 7 updated webhook false'], [[]]]);
    purger.hear({ tags: ['post:7'], details: { edits: null, changes: [told], gone: 'all' } });
    await vi.waitFor(() =>
      expect(heard.slice(1)).toEqual(['Post 7 updated webhook false', 'Post 8 updated watcher true']),
    );
    purger.hear({ tags: null });
    expect(heard).toHaveLength(3);
  });
});

describe('what is gone, even while WordPress fails,', () => {
  const row = bookResources.get('post');
  if (!row) throw new Error('no posts');
  const purgeOf = (...states: readonly (Facts | null | undefined)[]): Purge => ({
    tags: ['post:7', 'list:post', 'uri:one?'],
    edits: states.map((after) => toEdit(row, 7, { id: 7 }, after)),
    changes: [told],
  });
  const open7: Facts = { id: 7, 'content.protected': false };

  it.each<[string, Purge, object | string]>([
    ['nothing where it was edited', purgeOf(open7), {}],
    ['what is not shown any more', purgeOf(null), { 'post:7': 'absent' }],
    ['what was shown again meanwhile, and not before', purgeOf(null, open7), { 'post:7': 'doubtful' }],
    ['what has a password', purgeOf({ ...open7, 'content.protected': true }), { 'post:7': 'doubtful' }],
    ['what has no text but its excerpt', purgeOf({ id: 7, 'excerpt.protected': true }), { 'post:7': 'doubtful' }],
    ['what is not known', purgeOf(undefined), { 'post:7': 'doubtful' }],
    ['what nobody saw', purgeOf(), { 'post:7': 'doubtful' }],
    ['all of a type that nobody knows all of', { ...purgeOf(open7), tags: null }, 'all'],
  ])('is %s', async (_, purge, expected) => {
    const { purger, gone, details } = open(async () => null);
    await purger.purge(purge);
    const toPlain = (one: Gone | undefined) => (one instanceof Map ? Object.fromEntries(one) : one);
    expect(gone.map(toPlain)).toEqual([expected]);
    // Another process takes it in as it was told.
    const other = open(async () => null);
    other.purger.hear({ tags: purge.tags, details: JSON.parse(JSON.stringify(details[0])) });
    expect(other.gone.map(toPlain)).toEqual([expected]);
  });

  it('is all that was told of alone, and that is told in another form', async () => {
    const { purger, gone } = open(async () => null);
    await purger.told([told]);
    purger.purgeTags(['post:7']);
    purger.hear({ tags: ['post:7'] });
    purger.hear({ tags: ['post:7'], details: { edits: [], changes: [], gone: [['post:7', 'perhaps']] } });
    expect(gone).toEqual(['all', 'all', 'all', 'all']);
  });

  it('is nothing where something was written and is shown, else all', async () => {
    const { purger, gone } = open(async () => null);
    const written = { method: 'POST', route: 'wp/v2/posts/7' } as const;
    const link = 'https://example.org/one/';
    await purger.written(['post:7'], { ...written, row: { id: 7, status: 'publish', link, password: '' } });
    await purger.written(['post:7'], { ...written, row: { id: 7, status: 'publish', link, password: 'secret' } });
    await purger.written(['post:7'], { ...written, row: { id: 7, status: 'private', link } });
    await purger.written(['post:7'], written);
    await vi.waitFor(() => expect(gone.length).toBeGreaterThanOrEqual(4));
    expect(gone[0]).toEqual(new Map());
    expect(gone.slice(1)).toEqual(gone.slice(1).map(() => 'all'));
  });

  it('is nothing where all is merely doubted', () => {
    const { purger, gone, forgotten, details } = open(async () => null);
    purger.doubt();
    expect([forgotten, gone, details]).toEqual([[null], [new Map()], []]);
  });
});
