// Date queries as WordPress reads them, over the times of posts.

import { describe, expect, it } from 'vitest';
import type { Entity } from '../../../src/loaders/entity.ts';
import { loadDateQuery, parseDateQuery } from '../../../src/schema/lists/date-query.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';

const [resource] = coreResources.values();
if (!resource) throw new Error('no posts');
const entityOf = (id: number, date: string): Entity => ({ resource, id, data: { date } });

/** Those of some dates that a query has, by what is checked here. */
function kept(query: object, dates: readonly string[], startOfWeek = 1): string[] {
  const { keep } = parseDateQuery(query, startOfWeek);
  const entities = dates.map((date, id) => entityOf(id, `${date}T12:30:00`));
  return entities.flatMap((entity, index) => (keep.every(({ test }) => test(entity)) ? (dates[index] ?? []) : []));
}

describe('a week', () => {
  // WEEK(date, 1) of MySQL for Monday, WEEK(date, 0) for Sunday, and the latter of two days before for Tuesday.
  it.each([
    ['2024-01-01', 1, 0, 52],
    ['2024-01-07', 1, 1, 0],
    ['2024-12-31', 53, 52, 52],
    ['2023-01-01', 0, 1, 52],
    ['2023-12-31', 52, 53, 52],
    ['2021-01-01', 0, 0, 52],
    ['2021-01-04', 1, 1, 0],
    ['2020-12-31', 53, 52, 52],
    ['2025-06-15', 24, 24, 23],
  ])('of %s is %i from Monday, %i from Sunday', (date, fromMonday, fromSunday, fromTuesday) => {
    const weekOf = (startOfWeek: number) =>
      Array.from({ length: 54 }, (_, week) => week).filter((week) => kept({ week }, [date], startOfWeek).length > 0);
    expect([weekOf(1), weekOf(0), weekOf(2)]).toEqual([[fromMonday], [fromSunday], [fromTuesday]]);
  });

  it('is compared, beside a period that REST filters by', () => {
    expect(kept({ week: 2, compare: '<=' }, ['2024-01-03', '2024-01-10', '2024-01-17'])).toEqual([
      '2024-01-03',
      '2024-01-10',
    ]);
    const { query, keep } = parseDateQuery({ year: 2024, week: 2 }, 1);
    expect(query).toEqual({ after: '2023-12-31T23:59:59', before: '2025-01-01T00:00:00' });
    expect(keep.map(({ argument }) => argument)).toEqual(['dateQuery']);
  });

  it('begins where the settings say that are open to the gateway itself', async () => {
    const asked: unknown[] = [];
    const object = async (route: string, fields: readonly string[]) => {
      asked.push([route, ...fields]);
      return { start_of_week: 0 };
    };
    const context = { ownLoaders: { object } };
    const { keep } = await loadDateQuery({ week: 0 }, context);
    expect(keep[0]?.test(entityOf(1, '2024-01-01T12:00:00'))).toBe(true);
    await loadDateQuery({ year: 2024 }, context);
    expect(asked).toEqual([['wp/v2/settings', 'start_of_week']]);
  });
});

describe('a comparison', () => {
  const dates = ['2023-05-01', '2024-05-02', '2024-06-02'];
  it.each([
    ['IN', ['2023-05-01', '2024-05-02']],
    ['BETWEEN', ['2023-05-01', '2024-05-02']],
    ['NOT IN', ['2024-06-02']],
    ['LIKE', ['2023-05-01', '2024-05-02']],
  ])('%s has one value, and what WordPress does not know is that of equals', (compare, expected) => {
    expect(kept({ month: 5, compare }, dates)).toEqual(expected);
  });

  it('of lists takes each part of a time by itself', () => {
    expect(kept({ hour: 12, minute: 0, compare: '!=' }, dates)).toEqual(dates);
    expect(kept({ hour: 12, minute: 0, compare: 'NOT IN' }, dates)).toEqual([]);
  });
});

describe('a bound', () => {
  const now = new Date('2026-03-05T12:00:00Z');
  it.each([
    [{ after: { year: 2024, day: 5 } }, { after: '2024-12-05T23:59:59' }],
    [{ after: { year: 2024, day: 5 }, inclusive: true }, { after: '2024-01-04T23:59:59' }],
    [{ before: { month: 2 } }, { before: '2026-02-01T00:00:00' }],
    [{ before: { month: 2 }, inclusive: true }, { before: '2026-03-01T00:00:00' }],
    [{ after: { year: 2024, month: 2 } }, { after: '2024-02-29T23:59:59' }],
    [
      { year: 2023, after: { year: 2022 }, relation: 'or' },
      { after: '2022-12-31T23:59:59', before: '2024-01-01T00:00:00' },
    ],
  ])('is filled up as WordPress does: %j', (query, expected) => {
    expect(parseDateQuery(query, 1, now)).toEqual({ query: expected, keep: [] });
  });

  it.each([{ after: { year: 2024, month: 2, day: 30 } }, { before: { month: 13 } }, { year: 99 }])(
    'that is no date is refused: %j',
    (query) => {
      expect(() => parseDateQuery(query, 1, now)).toThrow('is not a date');
    },
  );
});
