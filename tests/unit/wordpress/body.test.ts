import { once } from 'node:events';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EncodingError, readBody, TooLargeError } from '../../../src/wordpress/body.ts';

const megabyte = 1024 * 1024;
const text = Buffer.from(Array.from({ length: 5000 }, (_, index) => `{"id":${index}}`).join());

function bodyOf(...chunks: readonly Buffer[]): Readable {
  return Readable.from(chunks, { objectMode: false });
}

/** Sends its chunks, then fails. */
function brokenBodyOf(...chunks: readonly Buffer[]): Readable {
  return Readable.from(
    (async function* () {
      yield* chunks;
      throw new Error('the connection broke');
    })(),
    { objectMode: false },
  );
}

const whole = { maxBytes: 8 * megabyte, beyond: 'reject' } as const;
const beginning = { maxBytes: 1000, beyond: 'cut' } as const;

describe('a body', () => {
  it.each([
    ['', text],
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    [' GZIP ', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['none', text],
    ['UTF-8', text],
    ['gzip, identity', gzipSync(text)],
  ])('is read in "%s"', async (encoding, sent) => {
    const source = bodyOf(sent.subarray(0, 100), sent.subarray(100));
    expect(await readBody(source, encoding, whole)).toEqual(text);
    expect(source.destroyed).toBe(true);
  });

  it.each([
    ['of little that unpacks to much', gzipSync(Buffer.alloc(3 * megabyte))],
    ['of much', gzipSync(Buffer.alloc(3 * megabyte), { level: 0 })],
  ])('%s is unpacked in pieces', async (_what, sent) => {
    expect((await readBody(bodyOf(sent), 'gzip', whole)).equals(Buffer.alloc(3 * megabyte))).toBe(true);
  });

  it.each(['gzip', ''])('that is larger than its bound is refused (%s)', async (encoding) => {
    const large = Buffer.alloc(9 * megabyte);
    const source = bodyOf(encoding === 'gzip' ? gzipSync(large) : large);
    await expect(readBody(source, encoding, whole)).rejects.toBeInstanceOf(TooLargeError);
    expect(source.destroyed).toBe(true);
  });

  it('is refused where its bound is passed by a byte, and read where it is met', async () => {
    const sent = gzipSync(text);
    const bound = { maxBytes: text.length, beyond: 'reject' } as const;
    expect(await readBody(bodyOf(sent), 'gzip', bound)).toEqual(text);
    const less = { ...bound, maxBytes: text.length - 1 };
    await expect(readBody(bodyOf(sent), 'gzip', less)).rejects.toBeInstanceOf(TooLargeError);
  });

  it.each([
    ['is not what it says', text, 'gzip'],
    ['ends in the middle', gzipSync(text).subarray(0, 200), 'gzip'],
    ['has an encoding that nobody asked for', text, 'zstd'],
    ['has two layers', gzipSync(gzipSync(text)), 'gzip, gzip'],
  ])('that %s is refused', async (_what, sent, encoding) => {
    const source = bodyOf(sent);
    await expect(readBody(source, encoding, whole)).rejects.toBeInstanceOf(EncodingError);
    expect(source.destroyed).toBe(true);
  });

  it.each(['gzip', ''])('that breaks off is refused with what broke it (%s)', async (encoding) => {
    const sent = encoding === 'gzip' ? gzipSync(text) : text;
    await expect(readBody(brokenBodyOf(sent), encoding, whole)).rejects.toThrow('the connection broke');
  });

  it('that is closed before its end is refused', async () => {
    const source = new Readable({ read() {} });
    source.push('[');
    setImmediate(() => source.destroy());
    await expect(readBody(source, '', whole)).rejects.toThrow('the body broke off');
  });

  it('that was closed before anybody read it is refused', async () => {
    const source = new Readable({ read() {} });
    source.destroy();
    await once(source, 'close');
    await expect(readBody(source, '', whole)).rejects.toThrow('the body broke off');
  });

  it.each([
    ['is whole', bodyOf(gzipSync(text))],
    ['ends in the middle', bodyOf(gzipSync(text).subarray(0, 5000))],
    ['breaks off', brokenBodyOf(gzipSync(text).subarray(0, 5000))],
  ])('that %s has a beginning', async (_what, source) => {
    expect(await readBody(source, 'gzip', beginning)).toEqual(text.subarray(0, 1000));
  });

  it('may be shortened, and is whole up to there', async () => {
    const bound = { maxBytes: 1000, beyond: 'shorten' } as const;
    for (const sent of [text, gzipSync(text)]) {
      const encoding = sent === text ? '' : 'gzip';
      expect(await readBody(bodyOf(sent), encoding, bound)).toEqual(text.subarray(0, 1000));
      const short = brokenBodyOf(sent.subarray(0, 500));
      await expect(readBody(short, encoding, bound)).rejects.toThrow('the connection broke');
    }
  });

  it('without a beginning that can be read is empty', async () => {
    expect(await readBody(bodyOf(text), 'zstd', beginning)).toEqual(Buffer.alloc(0));
  });

  it('is kept whole, and not in its pieces, each of which would take a hundred bytes beside what is in it', async () => {
    const source = new Readable({ read() {} });
    const read = readBody(source, '', whole);
    const letter = Buffer.alloc(1);
    for (const one of 'crumbs') {
      letter.write(one);
      source.push(letter);
      await new Promise(setImmediate);
    }
    source.push(null);
    expect(String(await read)).toBe('crumbs');
  });
});
