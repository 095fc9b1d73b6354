// Edits are noticed in order and none is lost: of one second, beyond a page, in the future, when clocks go back, or when a
// request fails in the middle.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/changes/facts.ts';
import { createKnownFacts } from '../../../src/changes/known-facts.ts';
import type { ReadRows } from '../../../src/changes/read-rows.ts';
import { createTypeState } from '../../../src/changes/type-state.ts';
import { watchContent } from '../../../src/changes/watch-content.ts';
import { coreResources, maxPerPage } from '../../../src/wordpress/resources.ts';

interface Post {
  readonly id: number;
  readonly modifiedMs: number;
  readonly date: string;
  readonly title: string;
}

const second = 1000;
const start = Date.parse('2024-05-01T12:00:00Z');
let nowMs = start;
let posts: Post[] = [];
let asked: Record<string, unknown>[] = [];
let failAt: number | undefined;
/** Counted by WordPress, and not shown. */
let hidden = 0;
/** Counted, not shown, and in the way: WordPress leaves them out of the page where they have their place. */
let concealed = new Set<number>();
/** Of their rows a plugin leaves nothing. */
let broken = new Set<number>();

beforeEach(() => {
  nowMs = start;
  posts = Array.from({ length: 250 }, (_, index) => postOf(index + 1, start - 86_400_000 + index * 60_000));
  asked = [];
  failAt = undefined;
  hidden = 0;
  concealed = new Set();
  broken = new Set();
});

function postOf(id: number, modifiedMs: number, title = 'A title'): Post {
  return {
    id,
    modifiedMs,
    title,
    date: new Date(Date.parse('2023-01-01T00:00:00Z') + id * 3_600_000).toISOString().slice(0, 19),
  };
}

const timeOf = (ms: number) => new Date(ms).toISOString().slice(0, 19);

/** Lists as WordPress answers them, on a site whose zone is `zoneMs` from UTC. */
function readOf(zoneMs: () => number): ReadRows {
  return async (route, query) => {
    expect(route).toBe('wp/v2/posts');
    asked.push(query);
    if (failAt === asked.length) throw new Error('down');
    const localOf = ({ modifiedMs }: Post) => timeOf(modifiedMs + zoneMs());
    const { modified_after: since, after, before, include } = query;
    const found = posts.filter(
      (post) =>
        (since === undefined || localOf(post) > timeOf(Date.parse(String(since)) + zoneMs())) &&
        (after === undefined || post.date > String(after)) &&
        (before === undefined || post.date < String(before)) &&
        (include === undefined || [include].flat().includes(post.id)),
    );
    const key = query['orderby'] === 'modified' ? localOf : ({ id }: Post) => String(id).padStart(9, '0');
    found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id));
    if (query['order'] === 'desc') found.reverse();
    const perPage = Number(query['per_page']);
    const offset = Number(query['offset'] ?? (Number(query['page'] ?? 1) - 1) * perPage);
    const page = found.slice(offset, offset + perPage).filter(({ id }) => !concealed.has(id));
    const isPartial = page.some(({ id }) => broken.has(id));
    const left = page.filter(({ id }) => !broken.has(id));
    const rows = left.map((post) => ({
      ...{ id: post.id, date: post.date, modified: localOf(post), modified_gmt: timeOf(post.modifiedMs) },
      title: { rendered: post.title },
    }));
    return { rows, isPartial, total: found.length + hidden, nowMs: Math.floor(nowMs / second) * second };
  };
}

function open(maxBytes = 10_000_000, zoneMs: () => number = () => 0, timezone: string | null = null) {
  const resource = coreResources.get('post');
  if (!resource) throw new Error('no posts');
  const journal: Edit[] = [];
  const known = createKnownFacts(maxBytes).of('post');
  const read = readOf(zoneMs);
  const state = createTypeState({ resource, resources: coreResources, known, read, journal });
  const watched = watchContent({ state, read, timezone });
  const probe = async () =>
    (await watched.probe()).map(({ id, before, after }) => `${id} ${nameOf(before)}→${nameOf(after)}`);
  return { probe, journal, state };
}

function nameOf(facts: Edit['before']) {
  return facts ? facts['title.rendered'] : String(facts);
}

function modify(id: number, modifiedMs: number, title: string): void {
  posts = posts.map((post) => (post.id === id ? { ...post, modifiedMs, title } : post));
}

describe('a watch of content', () => {
  it('reads everything once, and one row at a time while nothing changes', async () => {
    const { probe } = open();
    expect(await probe()).toEqual([]);
    expect(asked.map(({ per_page, page }) => [per_page, page])).toEqual([
      [maxPerPage, 1],
      [maxPerPage, 2],
      [maxPerPage, 3],
    ]);
    await probe();
    asked = [];
    expect(await probe()).toEqual([]);
    expect(asked).toEqual([{ orderby: 'modified', order: 'desc', per_page: 1, _fields: ['id', 'modified_gmt'] }]);
  });

  it('notices an edit', async () => {
    const { probe } = open();
    await probe();
    nowMs = start + 60 * second;
    modify(7, start + 50 * second, 'New');
    expect(await probe()).toEqual(['7 A title→New']);
    expect(await probe()).toEqual([]);
  });

  it('notices a second edit of the same post, and of another one, in the second in which the first one was read', async () => {
    const { probe } = open();
    await probe();
    await probe();
    nowMs = start + 10.3 * second;
    modify(7, start + 10 * second, 'New');
    expect(await probe()).toEqual(['7 A title→New']);
    // What is remembered of the post is the same as before, its text is not.
    modify(8, start + 10 * second, 'Other');
    nowMs = start + 12.5 * second;
    expect(await probe()).toEqual(['7 New→New', '8 A title→Other']);
    nowMs = start + 14.5 * second;
    expect(await probe()).toEqual([]);
  });

  it('notices more edits than a page has, and more in one second than a page has', async () => {
    const { probe } = open();
    await probe();
    nowMs = start + 100 * second;
    for (let id = 1; id <= 230; id += 1) modify(id, start + (id <= 110 ? id : 60) * second - 50_000 + 1000, 'New');
    expect(new Set(await probe()).size).toBe(230);
    expect(await probe()).toEqual([]);
  });

  it('notices what is behind something that is not shown, also beyond a page', async () => {
    concealed = new Set([3, 4, 5]);
    const { probe } = open();
    await probe();
    for (const [at, id] of [7, 8].entries()) {
      nowMs = start + (at + 1) * 100 * second;
      modify(id, nowMs - 50 * second, 'New');
      modify(3, nowMs - 40 * second, 'Unseen');
      expect(await probe()).toEqual([`${id} A title→New`]);
    }
    nowMs = start + 400 * second;
    for (let id = 1; id <= 150; id += 1) modify(id, start + (200 + id) * second, 'Newer');
    expect(new Set(await probe()).size).toBe(147);
    expect(await probe()).toEqual([]);
  });

  it('is not misled by what was modified in the future', async () => {
    modify(3, start + 86_400_000, 'Tomorrow');
    const { probe } = open();
    await probe();
    await probe();
    nowMs = start + 60 * second;
    modify(7, start + 50 * second, 'New');
    expect(await probe()).toEqual(['7 A title→New']);
  });

  it('notices what is edited after the clock of the site went back', async () => {
    // Berlin, 27 October 2024: at 1:00 UTC the clock goes from 3:00 back to 2:00.
    const change = Date.parse('2024-10-27T01:00:00Z');
    const { probe } = open(10_000_000, () => 0, 'Europe/Berlin');
    nowMs = change - 10 * 60_000;
    modify(5, nowMs - 60_000, 'Before');
    await probe();
    nowMs = change + 5 * 60_000;
    modify(7, change + 4 * 60_000, 'After');
    await probe();
    const since = asked
      .map(({ modified_after: after }) => after)
      .filter((after) => after !== undefined)
      .at(-1);
    // An hour earlier: what is edited now has a time before that of the last edit.
    expect(Date.parse(String(since))).toBeLessThan(change - 60 * 60_000);
  });

  it('loses nothing where a request fails in the middle', async () => {
    const { probe, journal } = open();
    await probe();
    await probe();
    nowMs = start + 200 * second;
    for (let id = 1; id <= 150; id += 1) modify(id, start + id * second, 'New');
    journal.length = 0;
    failAt = asked.length + 3;
    await expect(probe()).rejects.toThrow('down');
    // The first row is the one that was the newest before.
    expect(journal).toHaveLength(maxPerPage - 1);
    await probe();
    expect(new Set(journal.map(({ id }) => id)).size).toBe(150);
  });
});

describe('what comes with an old date while something else goes', () => {
  const swap = (gone: number, come: number) => {
    posts = [...posts.filter(({ id }) => id !== gone), { ...postOf(come, start - 86_400_000), title: 'Old' }];
  };

  it('is noticed with the next edit', async () => {
    posts = posts.slice(0, 60);
    const { probe } = open();
    await probe();
    await probe();
    swap(33, 900);
    nowMs = start + 60 * second;
    modify(7, start + 50 * second, 'New');
    expect((await probe()).sort()).toEqual(['33 A title→null', '7 A title→New', '900 null→Old']);
    expect(await probe()).toEqual([]);
  });

  it('is noticed after a few turns without one, also beyond a page', async () => {
    const { probe } = open();
    await probe();
    await probe();
    swap(3, 900);
    const found: string[] = [];
    asked = [];
    for (let turn = 0; turn < 15; turn += 1) found.push(...(await probe()));
    expect(found.sort()).toEqual(['3 A title→null', '900 null→Old']);
    expect(asked.length).toBeLessThan(25);
  });
});

describe('what another process has noticed', () => {
  it('is not told again, and forgotten again where it may have changed in the same second', async () => {
    const [one, other] = [open(), open()];
    for (const { probe } of [one, other, one, other]) await probe();
    one.journal.length = 0;
    nowMs = start + 60 * second;
    modify(7, start + 50 * second, 'New');
    expect(await one.probe()).toEqual(['7 A title→New']);
    for (const edit of one.journal.splice(0)) other.state.learn(edit);
    expect(await other.probe()).toEqual([]);

    nowMs = start + 70 * second;
    modify(8, nowMs, 'Early');
    await one.probe();
    for (const edit of one.journal.splice(0)) other.state.learn(edit);
    expect(await other.probe()).toEqual([]);
    other.journal.length = 0;
    nowMs = start + 73 * second;
    expect(await other.probe()).toEqual(['8 Early→Early']);
    expect(other.journal.map(({ isTold }) => isTold)).toEqual([true]);
    expect(await one.probe()).toEqual(['8 Early→Early']);
    expect(one.journal.map(({ isTold }) => isTold)).toEqual([undefined]);
  });

  it('is known to be gone, or to be there', async () => {
    const [one, other] = [open(), open()];
    for (const { probe } of [one, other, one, other]) await probe();
    one.journal.length = 0;
    const [removed] = posts.splice(32, 1);
    await one.probe();
    for (const edit of one.journal.splice(0)) other.state.learn(edit);
    expect(await other.probe()).toEqual([]);
    if (removed) posts.push(removed);
    await one.probe();
    for (const edit of one.journal.splice(0)) other.state.learn(edit);
    expect(await other.probe()).toEqual([]);
  });
});

describe('by the total', () => {
  it('finds what is gone by halving, in few requests', async () => {
    const { probe } = open();
    await probe();
    await probe();
    asked = [];
    posts = posts.filter(({ id }) => id !== 33 && id !== 222);
    expect(await probe()).toEqual(['33 A title→null', '222 A title→null']);
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(await probe()).toEqual([]);
  });

  it('finds what appeared without being modified, as what was scheduled does', async () => {
    const late = posts.splice(120, 1);
    const { probe } = open();
    await probe();
    await probe();
    posts.push(...late);
    expect(await probe()).toEqual(['121 null→A title']);
  });

  it('finds what is gone where WordPress counts what it does not show', async () => {
    hidden = 1;
    const { probe } = open();
    await probe();
    await probe();
    posts = posts.filter(({ id }) => id !== 33);
    expect(await probe()).toEqual(['33 A title→null']);
    expect(await probe()).toEqual([]);
  });

  it('takes nothing for gone where a row is no object', async () => {
    const { probe } = open();
    await probe();
    await probe();
    broken = new Set([30, 31]);
    posts = posts.filter(({ id }) => id !== 33);
    expect(await probe()).toEqual([]);
    broken.clear();
    const turns: string[] = [];
    for (let turn = 0; turn < 15; turn += 1) turns.push(...(await probe()));
    expect(turns).toEqual(['33 A title→null']);
  });

  it('says that anything may have changed where too much is there to be remembered', async () => {
    const { probe } = open(10_000);
    await probe();
    await probe();
    posts = posts.filter(({ id }) => id !== 33);
    expect(await probe()).toEqual(['0 undefined→undefined']);
    nowMs = start + 60 * second;
    modify(7, start + 50 * second, 'New');
    expect(await probe()).toEqual(['7 undefined→New']);
  });
});
