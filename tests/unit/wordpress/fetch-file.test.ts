// Files are fetched from public addresses only: by whatever way an address leads within, it is refused before a connection.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { createFetchFile, FetchFileError } from '../../../src/wordpress/fetch-file.ts';
import { isPublicAddress } from '../../../src/wordpress/public-address.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { serveFiles } from '../../support/file-server.ts';

/** Why a file is not fetched. */
async function reason(fetching: Promise<unknown>): Promise<string> {
  const error = await fetching.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(FetchFileError);
  return error instanceof FetchFileError ? error.message : '';
}

const within = 'files are fetched from public addresses only';

describe('addresses', () => {
  it.each(['8.8.8.8', '93.184.215.14', '172.15.0.1', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001:810::200e'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.0.0.8', '192.168.1.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2001::1', '2001:db8::1', '2002:7f00:1::'],
    ...['::127.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b:1::1', '100::1', '2001:20::1', '3fff::1', '5f00::1', 'fec0::1'],
    ...['fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'localhost', '127.1', '8.8.8.8 ', ''],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a file', () => {
  const fetchFile = createFetchFile({ timeoutMs: 5000, resolve: async () => ['10.0.0.1'] });

  it.each([
    ['ftp://example.org/a.png', 'it must be an address with http or https'],
    ['file:///etc/passwd', 'it must be an address with http or https'],
    ['data:image/png;base64,AAAA', 'it must be an address with http or https'],
    ['gopher://example.org/', 'it must be an address with http or https'],
    ['/wp-content/uploads/a.png', 'it must be an address with http or https'],
    ['https://user:secret@example.org/a.png', 'it must have no user name and password'],
    ['http://127.0.0.1/', within],
    ['http://127.1/', within],
    ['http://2130706433/', within],
    ['http://0x7f000001/', within],
    ['http://0177.0.0.1/', within],
    ['http://[::1]/', within],
    ['http://[::ffff:127.0.0.1]/', within],
    ['http://[fe80::1]/', within],
    ['http://169.254.169.254/latest/meta-data/', within],
    ['http://localhost:8080/', within],
    ['http://intranet.example/', within],
    ['http://intranet.example./', within],
    ['http://metadata.google.internal/computeMetadata/v1/', within],
  ])('is not fetched from %s', async (url, why) => {
    expect(await reason(fetchFile(url))).toBe(why);
  });

  // Each is another way to write an address that is not public, or of words that must not become one.
  it.each([
    ...[
      'http://0/',
      'http://0.0.0.0/',
      'http://127.0.0.1./',
      'http://017700000001/',
      'http://0x7f.1/',
      'http://127.0.1/',
    ],
    ...['http://2852039166/', 'http://0xa9fea9fe/', 'http://0251.0376.0251.0376/', 'http://169.254.170.2/'],
    ...[
      'http://%31%32%37.0.0.1/',
      'http://①②⑦.⓪.⓪.①/',
      'http://127。0。0。1/',
      'http://127.0.0.1:80/',
      'http:127.0.0.1/',
    ],
    ...[
      'http:/\\127.0.0.1/',
      'http://127.0.0.1\\@example.org/',
      'http://127.0.0.1#@example.org/',
      'http://127.0.0.1?@a/',
    ],
    ...['http://[::]/', 'http://[::ffff:7f00:1]/', 'http://[0:0:0:0:0:ffff:127.0.0.1]/', 'http://[::127.0.0.1]/'],
    ...['http://[::ffff:169.254.169.254]/', 'http://[64:ff9b::7f00:1]/', 'http://[64:ff9b::a9fe:a9fe]/'],
    ...[
      'http://[64:ff9b:1::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://[2001:0:7f00:1::]/',
      'http://[fd00:ec2::254]/',
    ],
    ...[
      'http://[fc00::1]/',
      'http://[ff02::1]/',
      'http://[fec0::1]/',
      'http://100.100.100.200/',
      'http://192.0.0.192/',
    ],
    ...[
      'http://10.0.0.1/',
      'http://172.16.0.1/',
      'http://192.168.0.1/',
      'http://198.18.0.1/',
      'http://255.255.255.255/',
    ],
  ])('is not fetched from %s, which is within', async (url) => {
    expect(await reason(createFetchFile({ resolve: async (host) => [host] })(url))).toBe(within);
  });

  it.each([
    ...[
      'dict://127.0.0.1:11211/stat',
      'ldap://127.0.0.1/',
      'tftp://127.0.0.1/a',
      'jar:http://a/!/',
      'javascript:alert(1)',
    ],
    ...[
      'blob:http://127.0.0.1/a',
      'ws://127.0.0.1/',
      'php://filter/resource=a',
      'phar://a.png',
      '//127.0.0.1/',
      'a.png',
    ],
    ...['http://127.0.0.1%00.example.org/', 'http://127.0.0.1%0d%0aHost:a/', 'http://a b/', 'http://[fe80::1%25eth0]/'],
    ...['http://[::1/', 'http://256.0.0.1/', 'http://127.0.0.1:99999/', 'http://'],
  ])('is not fetched from %s, which is no address of a file', async (url) => {
    expect(await reason(fetchFile(url))).toBe('it must be an address with http or https');
  });

  it.each(['http://a@127.0.0.1/', 'http://example.org@127.0.0.1/', 'http://:b@example.org/', 'http://a:b@[::1]/'])(
    'is not fetched from %s, which has a user name',
    async (url) => expect(await reason(fetchFile(url))).toBe('it must have no user name and password'),
  );

  it.each([
    'http://93.184.215.14:6379/',
    'https://93.184.215.14:22/',
    'http://93.184.215.14:25/',
    'http://a.example:0/',
  ])('is not fetched from %s, where other services are', async (url) =>
    expect(await reason(fetchFile(url))).toBe('files are fetched from the ports 80, 443 and 8080 only'),
  );

  it('is not fetched where one of several addresses is within', async () => {
    const fetching = createFetchFile({ resolve: async () => ['93.184.215.14', '192.168.0.1'] });
    expect(await reason(fetching('http://both.example/'))).toBe(within);
  });

  it('is fetched from the very address that was checked, under its own name', async () => {
    await using files = await serveFiles({ '/dir/a%20b.txt': { type: 'Text/Plain; charset=utf-8', body: 'hello' } });
    const host = `files.example:${files.port}`;
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return asked === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
    };
    const open = createFetchFile({ allowedHosts: [host], resolve });
    const file = await open(`http://${host}/dir/a%20b.txt`);
    expect([file.name, file.type, file.bytes, await readFile(file.path, 'utf8')]).toEqual([
      'a b.txt',
      'text/plain',
      5,
      'hello',
    ]);
    expect(files.requests()).toEqual([`${host}/dir/a%20b.txt`]);
    expect(asked).toBe(1);
    await file[Symbol.asyncDispose]();
    expect(existsSync(file.path)).toBe(false);
  });

  it('is not fetched where it leads within', async () => {
    await using inner = await serveFiles({ '/secret.png': { type: 'image/png', body: 'secret' } });
    await using outer = await serveFiles({
      '/a.png': { status: 302, location: `${inner.url}/secret.png` },
      '/loop.png': { status: 302, location: '/loop.png' },
      '/nowhere.png': { status: 302 },
      '/number.png': { status: 307, location: 'http://2130706433/secret.png' },
      '/port.png': { status: 302, location: 'http://93.184.215.14:6379/' },
      '/user.png': { status: 302, location: 'http://a:b@93.184.215.14/' },
      '/mapped.png': { status: 308, location: 'http://[::ffff:127.0.0.1]/secret.png' },
      '/scheme.png': { status: 301, location: 'file:///etc/passwd' },
    });
    const open = createFetchFile({ allowedHosts: [outer.host] });
    // To another port of the same machine, which nobody allowed.
    expect(await reason(open(`${outer.url}/a.png`))).toMatch(/from the ports/);
    for (const path of ['/number.png', '/mapped.png']) expect(await reason(open(outer.url + path))).toBe(within);
    expect(await reason(open(`${outer.url}/port.png`))).toMatch(/from the ports/);
    expect(await reason(open(`${outer.url}/user.png`))).toMatch(/no user name/);
    expect(inner.requests()).toEqual([]);
    expect(await reason(open(`${outer.url}/loop.png`))).toBe('it leads on more than 3 times');
    expect(await reason(open(`${outer.url}/nowhere.png`))).toBe('it leads nowhere');
    expect(await reason(open(`${outer.url}/scheme.png`))).toBe('it must be an address with http or https');
  });

  it('is not waited for beyond its time, whether nothing comes or its beginning', async () => {
    await using files = await serveFiles({ '/held': { isHeld: true }, '/begun': { isHeld: true, body: 'x' } });
    const open = createFetchFile({ allowedHosts: [files.host], timeoutMs: 200 });
    const collecting = setInterval(collectGarbage, 20);
    for (const path of ['/held', '/begun']) {
      expect(await reason(open(files.url + path))).toBe('the server took too long');
    }
    clearInterval(collecting);
  });

  it('has one of eight places until it is removed; some wait for one, and the others are told to come again', async () => {
    await using files = await serveFiles({ '/a.png': { type: 'image/png', body: 'a' } });
    const open = createFetchFile({ allowedHosts: [files.host] });
    const first = await Promise.all(Array.from({ length: 8 }, () => open(`${files.url}/a.png`)));
    const waiting = Array.from({ length: 32 }, () => open(`${files.url}/a.png`));
    await expect(open(`${files.url}/a.png`)).rejects.toMatchObject({ name: 'UpstreamError', code: 'OVERLOADED' });
    expect(await reason(open('ftp://files.test/a.png'))).toBe('it must be an address with http or https');
    expect(files.requests()).toHaveLength(8);
    for (const file of first) await file[Symbol.asyncDispose]();
    for (const file of waiting) await (await file)[Symbol.asyncDispose]();
    expect(files.requests()).toHaveLength(40);
  });

  it('gives its place back where it is not fetched', async () => {
    await using files = await serveFiles({ '/gone': { status: 410 } });
    const open = createFetchFile({ allowedHosts: [files.host] });
    const gone = Array.from({ length: 40 }, () => reason(open(`${files.url}/gone`)));
    expect(new Set(await Promise.all(gone))).toEqual(new Set(['the server answered 410']));
  });

  it('does not wait for a place beyond half of its time', async () => {
    await using files = await serveFiles({ '/a.png': { type: 'image/png', body: 'a' } });
    const open = createFetchFile({ allowedHosts: [files.host], timeoutMs: 10_000 });
    const first = await Promise.all(Array.from({ length: 8 }, () => open(`${files.url}/a.png`)));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waiting = open(`${files.url}/a.png`).catch((error: unknown) => error);
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    expect(await waiting).toMatchObject({ code: 'OVERLOADED' });
    for (const file of first) await file[Symbol.asyncDispose]();
  });

  it('is not fetched beyond its bound, whether its length is told or not', async () => {
    await using files = await serveFiles({
      '/told': { body: 'x'.repeat(2000) },
      '/untold': { body: 'x'.repeat(2000), isChunked: true },
      '/empty': { body: '' },
      '/gone': { status: 410, body: 'secret' },
    });
    const open = createFetchFile({ allowedHosts: [files.host], maxBytes: 1000 });
    for (const path of ['/told', '/untold']) {
      expect(await reason(open(files.url + path))).toBe('the file is larger than 1000 bytes');
    }
    expect(await reason(open(`${files.url}/empty`))).toBe('the file is empty');
    expect(await reason(open(`${files.url}/gone`))).toBe('the server answered 410');
  });
});
