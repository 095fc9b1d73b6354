// What is gone since a snapshot was written is told beside it: soon, within a bound, until the next one is written.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openGoneFile, readGone } from '../../../src/cache/gone-file.ts';

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-gone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const snapshot = join(folder, 'snapshot');
  const onError = vi.fn();
  const file = openGoneFile(snapshot, onError);
  const until = (isTrue: () => boolean) => vi.waitFor(() => expect(isTrue()).toBe(true));
  const text = () => (existsSync(`${snapshot}.gone`) ? readFileSync(`${snapshot}.gone`, 'utf8') : '');
  return { snapshot, file, onError, until, text };
}

it('tells what has one of the tags, and nothing else, to who reads it', async () => {
  const { snapshot, file, until, text } = open();
  expect((await readGone(snapshot))(['post:1'])).toBe(false);
  file.add(['post:1', 'list:post']);
  file.add(['post:2']);
  await until(() => text().includes('post:2'));
  const isGone = await readGone(snapshot);
  expect([['post:1'], ['x', 'post:2'], ['list:post'], ['post:3'], []].map(isGone)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

it.each([
  ['everything', 'null\n'],
  ['a line that is cut off', '["post:1"]\n["post:2'],
  ['no list', '{}\n'],
])('tells that all is gone where it says %s', async (_, content) => {
  const { snapshot } = open();
  writeFileSync(`${snapshot}.gone`, content);
  expect((await readGone(snapshot))(['post:3'])).toBe(true);
});

it('begins anew with each snapshot, and keeps what is gone while that is written', async () => {
  const { file, text, until, onError } = open();
  file.add(['post:1']);
  await until(() => text() === '["post:1"]\n');
  const end = file.begin();
  file.add(['post:2']);
  await until(() => text() === '["post:1"]\n["post:2"]\n');
  await end();
  expect(text()).toBe('["post:2"]\n');
  await file.begin()();
  expect([text(), onError.mock.calls]).toEqual(['', []]);
});

it('stays within a megabyte, and says that all is gone where that is more', async () => {
  const { snapshot, file, text, until } = open();
  for (let id = 1_000_000; id < 1_200_000; id += 1) file.add([`post:${id}`]);
  await until(() => text().endsWith('null\n'));
  expect(statSync(`${snapshot}.gone`).size).toBeLessThan(1_100_000);
  expect((await readGone(snapshot))(['term:1'])).toBe(true);
});

it('stays within a megabyte where several processes add to it, one after the other or at once', async () => {
  const { snapshot, text, until } = open();
  const lines = Array.from({ length: 6 }, (_, index) => [`uri:${index}${'x'.repeat(100_000)}`]);
  for (const count of [1, 3, 1, 1]) {
    const files = Array.from({ length: count }, () => openGoneFile(snapshot, () => undefined));
    for (const file of files) for (const line of lines) file.add(line);
    const before = text();
    await until(() => text() !== before && text().length < 1_100_000);
  }
  await until(() => text().startsWith('null\n'));
  expect((await readGone(snapshot))(['term:1'])).toBe(true);
});

it('tells that all is gone where it is larger, as by a process that was killed', async () => {
  const { snapshot } = open();
  writeFileSync(`${snapshot}.gone`, '["post:1"]\n'.repeat(100_000));
  expect((await readGone(snapshot))(['term:1'])).toBe(true);
});
