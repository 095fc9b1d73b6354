// A log that cannot be written loses lines, whole ones, and says how many; then it goes on.

import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLineWriter } from '../../../src/log/line-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'headgate-log-'));
let pipe: number;
let end: number;

beforeAll(() => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  // Whoever writes to it waits while it is full.
  pipe = openSync(path, constants.O_RDWR);
  end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
});

afterAll(() => {
  closeSync(pipe);
  closeSync(end);
  rmSync(folder, { recursive: true });
});

/** What is in the pipe. */
function readPipe(): string {
  const chunk = Buffer.alloc(1024 * 1024);
  try {
    return chunk.toString('utf8', 0, readSync(end, chunk));
  } catch {
    return '';
  }
}

const toLine = (count: number) => `${JSON.stringify({ count, text: 'ä'.repeat(500) })}\n`;

describe('a log', () => {
  it('is written at once', () => {
    const { write, flushSync } = createLineWriter(pipe, vi.fn());
    write(toLine(1));
    write(toLine(2));
    flushSync();
    expect(readPipe()).toBe(toLine(1) + toLine(2));
    for (let count = 1; count <= 10; count += 1) write(toLine(count));
    expect(readPipe()).toContain(toLine(1));
    flushSync();
    expect(readPipe()).toContain(toLine(10));
  });

  it('that nobody reads waits, then loses whole lines and tells how many, and goes on when it can', async () => {
    const warn = vi.fn();
    const { write, flushSync, lost } = createLineWriter(pipe, warn);
    let sent = 0;
    while (lost() < 3) {
      sent += 1;
      write(toLine(sent));
    }
    expect(warn.mock.calls).toEqual([['The log cannot be written (EAGAIN): lines are lost until it can.']]);
    expect(sent * toLine(sent).length).toBeGreaterThan(1024 * 1024);
    let text = readPipe();
    // Others may write to the same pipe between the pieces.
    expect(text.endsWith('"}\n')).toBe(true);
    await vi.waitFor(() => {
      text += readPipe();
      expect(text).toContain('missing');
    }, 20_000);
    write('{"count":"new"}\n');
    flushSync();
    text += readPipe();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const kept = Array.from({ length: sent - 3 }, (_, index) => index + 1);
    expect(lines.map(({ count }) => count)).toEqual([...kept, undefined, 'new']);
    expect(lines.at(-2)).toMatchObject({ level: 40, lines: 3, msg: expect.stringContaining('missing') });
    expect([lost(), warn.mock.calls.length]).toEqual([3, 1]);
  });

  it('that is nowhere throws nothing', () => {
    const warn = vi.fn();
    const { write, flushSync, lost } = createLineWriter(1_000_000, warn);
    write(toLine(1));
    for (let count = 0; count < 3; count += 1) flushSync();
    write(toLine(2));
    expect([lost(), warn.mock.calls]).toEqual([1, [[expect.stringContaining('(EBADF)')]]]);
  });
});
