// Owns which addresses people may give, and how far a redirect at start may move them.

import { describe, expect, it } from 'vitest';
import { SiteError } from '../../../src/errors.ts';
import { foldersOf, mayMove, parseAddress } from '../../../src/wordpress/address.ts';
import { apiAddressOf } from '../../../src/wordpress/link.ts';

function refusalOf(given: string): string {
  try {
    return parseAddress(given).join();
  } catch (error) {
    if (error instanceof SiteError) return error.message;
    throw error;
  }
}

describe('parseAddress', () => {
  it('tries https first where no scheme is given', () => {
    expect(parseAddress(' example.org/blog ').map(String)).toEqual([
      'https://example.org/blog',
      'http://example.org/blog',
    ]);
    expect(parseAddress('localhost:8080').map(String)).toEqual(['https://localhost:8080/', 'http://localhost:8080/']);
  });

  it('takes an address with a scheme as it is', () => {
    expect(parseAddress('HTTP://Example.org/?p=1#top').map(String)).toEqual(['http://example.org/?p=1']);
  });

  it.each([
    ['', '"" is not the address of a site: give one like https://example.org.'],
    ['my site', '"my site" is not the address of a site: give one like https://example.org.'],
    ['https://', '"https://" is not the address of a site: give one like https://example.org.'],
    ['ftp://example.org', '"ftp://example.org" starts with ftp://, but sites have http:// or https://.'],
    ['file:///etc/passwd', '"file:///etc/passwd" starts with file://, but sites have http:// or https://.'],
  ])('%j is refused', (given, message) => {
    expect(refusalOf(given)).toBe(message);
  });

  it('refuses credentials without repeating them', () => {
    for (const given of ['https://me:secret@example.org', 'me:secret@example.org', 'ftp://me:secret@example.org']) {
      expect(refusalOf(given)).toContain('example.org');
      expect(refusalOf(given)).not.toContain('secret');
    }
  });
});

describe('mayMove', () => {
  it.each([
    ['http://a.org', 'https://a.org', true],
    ['http://a.org:8080', 'https://a.org', true],
    ['http://a.org', 'https://www.a.org', true],
    ['https://www.a.org', 'https://a.org', true],
    ['https://a.org', 'https://a.org/blog', true],
    ['https://a.org', 'http://a.org', false],
    ['https://a.org', 'https://b.org', false],
    ['https://a.org', 'https://blog.a.org', false],
    ['https://a.org', 'https://a.org:8443', false],
    ['http://a.org', 'file://a.org/', false],
  ])('from %s to %s: %s', (from, to, allowed) => {
    expect(mayMove(new URL(from), new URL(to))).toBe(allowed);
  });
});

describe('foldersOf', () => {
  it.each([
    ['/', ['/']],
    ['/blog', ['/blog/', '/']],
    ['/blog/2024/a/', ['/blog/2024/a/', '/blog/2024/', '/blog/', '/']],
    ['/blog/index.php', ['/blog/', '/']],
    ['/1/2/3/4/5/6', ['/1/2/3/4/', '/1/2/3/', '/1/2/', '/1/', '/']],
  ])('%s', (path, folders) => {
    expect(foldersOf(path)).toEqual(folders);
  });
});

describe('apiAddressOf', () => {
  const url = new URL('https://example.org/page/');
  const page = (link: string, html = '') => ({ url, headers: new Map([['link', link]]), body: Buffer.from(html) });

  it.each([
    ['<https://a.org/wp-json/>; rel="https://api.w.org/"', 'https://a.org/wp-json/'],
    [
      '</style.css>; rel=preload; as=style, <https://a.org/index.php?rest_route=/>; rel="https://api.w.org/", <https://a.org/?p=1>; rel=shortlink',
      'https://a.org/index.php?rest_route=/',
    ],
    ['</wp-json/>; rel=https://api.w.org/', 'https://example.org/wp-json/'],
  ])('of the header %s', (link, address) => {
    expect(apiAddressOf(page(link))?.href).toBe(address);
  });

  it.each([
    [`<link rel="https://api.w.org/" href="https://a.org/wp-json/" />`, 'https://a.org/wp-json/'],
    [
      `<link href='https://a.org/?rest_route=/&amp;lang=en' rel='https://api.w.org/'>`,
      'https://a.org/?rest_route=/&lang=en',
    ],
  ])('of the element %s', (html, address) => {
    expect(apiAddressOf(page('', `<head><link rel="stylesheet" href="a.css">${html}`))?.href).toBe(address);
  });

  it('is null where a page names none', () => {
    expect(apiAddressOf(page('<https://a.org/>; rel=canonical', '<link rel="icon" href="a.ico">'))).toBeNull();
  });
});
