// Owns the tests of ids and cursors that are longer than any: they are none, and nobody decodes them.

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  parseCursor,
  parseDatabaseId,
  parseGlobalId,
  requireDatabaseIds,
  toCursor,
  toGlobalId,
} from '../../../src/schema/relay/ids.ts';

afterEach(() => void vi.restoreAllMocks());

describe('an id', () => {
  it('may have a long name', () => {
    const name = 'n'.repeat(700);
    expect(parseGlobalId(toGlobalId('plugin', name))).toEqual({ prefix: 'plugin', id: name });
    expect(parseCursor(toCursor(name), String)).toBe(name);
  });

  it('is none where it is longer than any', () => {
    const digits = `${'0'.repeat(1000)}21`;
    const from = vi.spyOn(Buffer, 'from');
    expect(parseDatabaseId(digits)).toBeNull();
    expect(parseGlobalId('cG9zdDox'.repeat(1000))).toBeNull();
    expect(parseCursor('cG9zdDox'.repeat(1000), Number)).toBeUndefined();
    expect(from).not.toHaveBeenCalled();
    expect(parseDatabaseId(toGlobalId('post', digits))).toBeNull();
    expect(parseCursor(toCursor(digits), Number)).toBeUndefined();
  });
});

describe('a list of ids', () => {
  it('is decoded once where it is long, and its faults name each argument', () => {
    const ids = Array.from({ length: 200 }, (_, id) => toGlobalId('post', id));
    const wrong = [...ids, 'x'];
    const from = vi.spyOn(Buffer, 'from');
    const first = requireDatabaseIds(ids, 'in');
    const calls = from.mock.calls.length;
    expect(requireDatabaseIds(ids, 'notIn')).toBe(first);
    expect(from).toHaveBeenCalledTimes(calls);
    for (const argument of ['in', 'notIn'])
      expect(() => requireDatabaseIds(wrong, argument)).toThrow(`where.${argument}: "x" is neither`);
  });
});
