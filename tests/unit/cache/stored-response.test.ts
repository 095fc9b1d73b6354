import { randomBytes } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createStoredResponse } from '../../../src/cache/stored-response.ts';

const unpack = { gzip: gunzipSync, br: brotliDecompressSync };

function keep(body: Buffer) {
  const times = { storedAt: 0, freshUntil: 1, staleUntil: 2, errorUntil: 3 };
  return createStoredResponse({ body, tags: [], times, documentId: '', operationName: undefined });
}

function textOf(bytes: number): Buffer {
  return Buffer.from(JSON.stringify(Array.from({ length: bytes / 2 }, (_, index) => index)).slice(0, bytes));
}

describe('an answer that is kept', () => {
  it('keeps no more memory than its own', () => {
    const body = Buffer.from('{"data":{}}');
    expect(body.buffer.byteLength).toBeGreaterThan(body.length);
    const small = keep(body);
    expect(small.body).toEqual(body);
    expect(small.body.buffer.byteLength).toBe(body.length);
    for (const encoding of ['gzip', 'br'] as const) {
      const encoded = keep(textOf(3000)).encoded(encoding);
      if (encoded instanceof Promise) throw new Error('it is made later');
      expect(encoded.bytes.buffer.byteLength).toBe(encoded.bytes.length);
    }
  });

  it.each(['gzip', 'br'] as const)('is in %s at once where it is small', (encoding) => {
    const response = keep(textOf(32 * 1024));
    const before = response.bytes;
    const body = response.encoded(encoding);
    if (body instanceof Promise) throw new Error('it is made later');
    expect(unpack[encoding](body.bytes)).toEqual(response.body);
    expect(body.etag).toMatch(new RegExp(`^"[\\w-]{22}-${encoding}"$`));
    expect(response.bytes - before).toBe(body.bytes.length);
    expect(response.encoded(encoding)).toBe(body);
  });

  it.each(['gzip', 'br'] as const)('is in %s later where it is large, and made once', async (encoding) => {
    const response = keep(textOf(32 * 1024 + 1));
    const before = response.bytes;
    const made = response.encoded(encoding);
    expect(made).toBeInstanceOf(Promise);
    expect(response.encoded(encoding)).toBe(made);
    const body = await made;
    expect(unpack[encoding](body.bytes)).toEqual(response.body);
    expect(response.encoded(encoding)).toBe(body);
    expect(response.bytes - before).toBe(body.bytes.length);
  });

  it('stays as it is where it is short, or gains nothing', () => {
    const short = keep(textOf(1000));
    expect(short.encoded('br')).toBe(short.encoded('identity'));
    const random = keep(randomBytes(2000));
    expect(random.encoded('gzip')).toBe(random.encoded('identity'));
  });
});
