// Owns the tests of records of entities: what is put over what, and how many fields are kept.

import { describe, expect, it } from 'vitest';
import { joinRecords, mergeRecord, type RestObject } from '../../../src/cache/fields-record.ts';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { always } from '../../../src/cache/times.ts';

const recordAt = (storedAt: number, fields: readonly string[], data: RestObject) =>
  mergeRecord(undefined, { fields, data, state: { times: { ...always, storedAt }, bytes: 1 }, tags: [] });

describe('a record', () => {
  const known = recordAt(1, ['id', 'acf.a.b', 'acf.c', 'acfx'], { id: 1, acf: { a: { b: 1, no: 2 }, c: 3 }, acfx: 4 });

  it('has what was asked for, and nothing else of the answer', () => {
    expect(known.data).toEqual({ id: 1, acf: { a: { b: 1 }, c: 3 }, acfx: 4 });
  });

  it.each([
    ['a part', ['acf.a'], { acf: { a: { d: 5 } } }, { a: { d: 5 }, c: 3 }, ['id', 'acf.c', 'acfx', 'acf.a']],
    ['the whole', ['acf'], { acf: { d: 5 } }, { d: 5 }, ['id', 'acfx', 'acf']],
    ['nothing', ['acf'], {}, undefined, ['id', 'acfx', 'acf']],
    ["PHP's empty object", ['acf.a'], { acf: [] }, { a: undefined, c: 3 }, ['id', 'acf.c', 'acfx', 'acf.a']],
    ['a name that objects have', ['__proto__'], JSON.parse('{"__proto__":{"x":1}}'), known.data?.['acf'], undefined],
  ])('takes %s in the place of what was below', (_what, fields, data, acf, paths) => {
    const before = structuredClone(known.data);
    const merged = mergeRecord(known, { fields, data, state: { times: always, bytes: 1 }, tags: [] });
    expect(merged.data).toMatchObject({ id: 1, acfx: 4 });
    expect(merged.data?.['acf']).toEqual(acf);
    expect([...merged.fields.keys()]).toEqual(paths ?? [...known.fields.keys(), '__proto__']);
    expect({ known: known.data, polluted: Reflect.get({}, 'x') }).toEqual({ known: before, polluted: undefined });
  });

  it('has of each field what was said last, joined with another one', () => {
    const found = (storedAt: number) => recordAt(storedAt, ['acf.c', 'slug'], { acf: { c: 'other' }, slug: 's' });
    expect(joinRecords(known, found(0)).data).toEqual({ ...known.data, slug: 's' });
    expect(joinRecords(known, found(2)).data).toEqual({ ...known.data, acf: { a: { b: 1 }, c: 'other' }, slug: 's' });
  });
});

it('keeps a bounded number of fields, however many names clients ask for', () => {
  const times = { freshSeconds: 60, staleSeconds: 0, staleIfErrorSeconds: 0, negativeSeconds: 60 };
  const cache = createMemoryCache({ ...times, maxBytes: 1e8 });
  for (let run = 0; run < 100; run += 1) {
    const fields = ['id', ...Array.from({ length: 45 }, (_, index) => `any${run}.${index}`)];
    cache.putEntity('post:1', { kind: 'post', tags: [], since: 0, fields, data: { id: 1 }, bytes: 100 });
    const kept = cache.entity('post:1')?.fields;
    expect(fields.filter((path) => !kept?.has(path))).toEqual([]);
    expect(kept?.size).toBeLessThan(600);
  }
});
