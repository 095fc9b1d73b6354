// Owns the tests of codes and what is told of them: each code that the program uses has an explanation.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../../src/config/setting-names.ts';
import { meanings } from '../../../src/doctor/checks.ts';
import { errorCodes } from '../../../src/errors.ts';
import { explain, explainAll } from '../../../src/explain/explain.ts';

const src = join(import.meta.dirname, '../../../src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('demo'))
  .map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }));

/** Values of enums that look like codes. */
const notCodes = new Set(['RANK_MATH']);

describe('codes', () => {
  it('each have a meaning, a cause or a consequence, and a remedy where something is wrong', () => {
    for (const { code, kind, meaning, cause, consequence, remedy } of explainAll()) {
      expect(meaning, code).not.toBe('');
      if (kind === 'error') expect(cause, code).toMatch(/\.$/);
      if (kind === 'finding') expect(consequence, code).toMatch(/\.$/);
      if (kind !== 'finding') expect(remedy, code).toMatch(/\.$/);
    }
  });

  it('are each there once', () => {
    const codes = explainAll().map(({ code }) => code.toLowerCase().replaceAll('_', '-'));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it('that the source gives to errors and answers are all explained', () => {
    const given = sources.flatMap(({ path, text }) => {
      const calls = text.matchAll(
        /(?:\bcode: |new (?:\w+Error)\((?:[^()]|\([^()]*\))*?|toErrorAnswer\([^)]*?|return |\? |: )'([A-Z]{2,}(?:_[A-Z]+)+)'/g,
      );
      return [...calls].map(([, code = '']) => ({ path, code }));
    });
    const known = new Set([...Object.keys(errorCodes), ...settingNames()]);
    expect(given.length).toBeGreaterThan(40);
    // Codes of Node.js, undici and OpenSSL, which are read and not given.
    const foreign = /^(?:E[A-Z]+|UND_ERR_\w+|ERR_\w+|CERT_\w+)$/;
    expect(given.filter(({ code }) => !known.has(code) && !foreign.test(code) && !notCodes.has(code))).toEqual([]);
  });

  it('that name findings are those of the checks', () => {
    const found = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bfound\(\s*'([a-z-]+)'/g)].map(([, id = '']) => id),
    );
    expect(found.length).toBeGreaterThan(30);
    expect(found.filter((id) => !(id in meanings))).toEqual([]);
  });
});

describe('explain', () => {
  it.each([
    ['UPSTREAM_TIMEOUT', 'error'],
    ['upstream-timeout', 'error'],
    ['users-blocked', 'finding'],
    ['USERS_BLOCKED', 'finding'],
    ['upstreamCalls', 'limit'],
    ['PORT', 'setting'],
  ])('knows %s', (code, kind) => {
    expect(explain(code)).toMatchObject({ kind });
  });

  it('guesses what was meant', () => {
    expect(explain('user-blocked')).toEqual({ nearest: 'users-blocked' });
    expect(explain('xylophone')).toEqual({ nearest: null });
  });
});
