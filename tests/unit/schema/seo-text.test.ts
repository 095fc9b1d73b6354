// Owns the tests of SEO texts: plain text of HTML, descriptions, and heads of pages read from HTML and written as it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHeadJson, toRobots } from '../../../src/schema/seo/page-metadata.ts';
import { parseHtmlHead } from '../../../src/schema/seo/parse-html-head.ts';
import { describedLength, toDescription, toPlainText } from '../../../src/schema/seo/plain-text.ts';
import { printHead } from '../../../src/schema/seo/print-head.ts';

describe('plain text', () => {
  it.each([
    ['Tea &amp; <em>Time</em> &#8211; 3 &lt; 4', 'Tea & Time – 3 < 4'],
    ['<p>One</p><p>Two<br>Three</p>', 'One Two Three'],
    ['a<b>b</b>c <i>d</i>', 'abc d'],
    ['a < b and c > d', 'a < b and c > d'],
    ['<style>p{}</style>A<script>alert("&amp;")</script>B', 'A B'],
    ['Begin&hellip; <a class="x more-link" href="#">Continue <span>reading</span></a> End', 'Begin… End'],
    ['  many \n\t spaces&nbsp;here ', 'many spaces here'],
    ['<p>open <b>tags', 'open tags'],
    ['</p></div>closed</span>', 'closed'],
    ['', ''],
  ])('of %j is %j', (html, text) => {
    expect(toPlainText(html)).toBe(text);
  });

  it('of whatever it is given is text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (html) => typeof toPlainText(html) === 'string'));
    expect(toPlainText(`${'<div>'.repeat(100_000)}deep`)).toBe('');
  });
});

describe('a description', () => {
  const words = 'The quick brown fox jumps over the lazy dog, again and again. ';

  it('needs no more than the beginning of long texts, wherever that ends', () => {
    const piece = fc.constantFrom(
      'word ',
      '<p>',
      '</p>',
      '&amp;',
      '&hellip; ',
      '<b>bold</b>',
      '<!-- note -->',
      '  \n ',
      '😀',
    );
    const hidden = fc.constantFrom('<script>if (a < b) {}</script>', '<a class="more-link" href="#">More</a>', '');
    const html = fc
      .tuple(hidden, fc.array(piece, { maxLength: 30, size: 'max' }), fc.nat(300))
      .map(([first, pieces, times]) => first + pieces.join('').repeat(times));
    fc.assert(
      fc.property(
        html,
        (text) => toDescription(toPlainText(text, describedLength)) === toDescription(toPlainText(text)),
      ),
      { numRuns: 300 },
    );
    const long = words.repeat(300);
    expect(toPlainText(long).length).toBeGreaterThan(18_000);
    expect(toPlainText(long, describedLength).length).toBeLessThan(2100);
  });

  it.each([
    ['Short.', 'Short.'],
    ['', ''],
    ['…', ''],
    // WordPress's own ways of saying that more follows.
    ['Some words […]', 'Some words…'],
    ['Some words [...]', 'Some words…'],
    ['Some words…', 'Some words…'],
    ['x'.repeat(160), 'x'.repeat(160)],
    ['x'.repeat(161), `${'x'.repeat(159)}…`],
    [`${'x'.repeat(158)}👩`, `${'x'.repeat(158)}👩`],
    [`${'x'.repeat(158)}👩👩`, `${'x'.repeat(158)}…`],
  ])('of %j is %j', (text, description) => {
    expect(toDescription(text)).toBe(description);
  });

  it('ends with a whole word', () => {
    const description = toDescription(words.repeat(5).trim());
    expect(description).toMatch(/^The quick .* lazy…$|\w…$/);
    expect(description.length).toBeLessThanOrEqual(160);
    expect(`${words.repeat(5)} `.startsWith(description.slice(0, -1))).toBe(true);
    expect(words.repeat(5)[description.length - 1]).toMatch(/\W/);
  });

  it('ends with a whole word where words have no spaces between them', () => {
    const text = '私たちの会社は東京で小さな喫茶店を経営しています。'.repeat(10);
    const description = toDescription(text);
    const words = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(text)];
    expect(words.map(({ index }) => index)).toContain(description.length - 1);
    expect(description.length).toBeGreaterThan(140);
  });

  it('of whatever it is given is short and well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const description = toDescription(text);
        expect(description.length).toBeLessThanOrEqual(160);
        expect(/[\ud800-\udbff]$/.test(description.replace(/…$/, ''))).toBe(false);
      }),
    );
  });
});

describe('robots', () => {
  it.each([
    ['', { index: 'index', follow: 'follow' }],
    ['all', { index: 'index', follow: 'follow' }],
    ['none', { index: 'noindex', follow: 'nofollow' }],
    ['NOINDEX,nofollow', { index: 'noindex', follow: 'nofollow' }],
    [
      'follow, index, max-snippet: -1, max-image-preview:none',
      {
        index: 'index',
        follow: 'follow',
        'max-snippet': 'max-snippet:-1',
        'max-image-preview': 'max-image-preview:none',
      },
    ],
    ['noindex, noarchive', { index: 'noindex', follow: 'follow', noarchive: 'noarchive' }],
  ])('%j', (content, robots) => {
    expect(toRobots(content)).toEqual(robots);
  });
});

describe('the head of a page', () => {
  const html = readFileSync(join(import.meta.dirname, '../../data/seo-plugins/rank-math-head.html'), 'utf8');

  it('is read with its entities decoded', () => {
    expect(toHeadJson(parseHtmlHead(html))).toMatchObject({
      title: "Tea & Time – A Café's Diary",
      description: 'How we brew "slow" tea, & why 3 < 4 minutes matter.',
      canonical: 'https://a.example/tea-time/?ref=a&copy=1',
      next: 'https://a.example/tea-time/2/',
      og_image: [
        {
          url: 'https://a.example/wp-content/uploads/2026/05/tea.jpg',
          width: '1200',
          height: '630',
          type: 'image/jpeg',
          alt: 'A cup & a clock',
        },
        { url: 'https://a.example/wp-content/uploads/2026/05/pot.png', width: '800' },
      ],
      twitter_misc: { 'Written by': 'Ann & Bob', 'Time to read': '3 minutes' },
    });
  });

  it.each([
    ['<title>First</title><title>Second</title>', { title: 'First' }],
    ['<TITLE> A\n B </TITLE><META NAME=Description CONTENT=short>', { title: 'A B', description: 'short' }],
    ['<title>A <b> &lt;c&gt;</title>', { title: 'A <b> <c>' }],
    ['<link rel="alternate canonical" href=" https://a.example/ ">', { canonical: 'https://a.example/' }],
    ['<meta property="og:title" name="x" content="">', {}],
    ['<meta name="__proto__" content="x"><meta content="y"><meta name="og:title">', {}],
    ['<meta name="twitter:label1" content="__proto__"><meta name="twitter:data1" content="x">', {}],
    ['<script type="application/ld+json">{"a":"&amp;</title>"}</script>', { schema: { a: '&amp;</title>' } }],
    ['<script type="application/ld+json">{broken</script><script>{"a":1}</script>', {}],
    [
      '<script type="application/ld+json">[{"@type":"A","@context":"c"},3]</script><script type="application/ld+json">{"@graph":[{"@type":"B"}]}</script>',
      { schema: { '@context': 'c', '@graph': [{ '@type': 'A' }, { '@type': 'B' }] } },
    ],
    ['<script type="application/ld+json">{"@type":"A"', {}],
    ['<title>never closed', { title: 'never closed' }],
    ['\u0000<<<>>><!--', {}],
  ])('%s', (source, json) => {
    const { robots: _, ...rest } = toHeadJson(parseHtmlHead(source));
    expect(rest).toMatchObject(json);
    expect(Object.keys(rest).filter((key) => key !== 'twitter_misc')).toEqual(Object.keys(json));
  });

  it('is written so that nothing ends a tag or script, and is read as it was', () => {
    const evil = '"><script>alert(1)</script>\'&amp;';
    const json = {
      title: evil,
      robots: { index: 'noindex', follow: 'follow' },
      canonical: `https://a.example/?${evil}`,
      description: evil,
      og_title: evil,
      og_image: [{ id: 5, url: `https://a.example/${evil}`, width: '3', height: '4' }],
      schema: { '@graph': [{ name: `</script>${evil}` }] },
    };
    const printed = printHead(json);
    expect(printed.match(/<script/g)).toHaveLength(1);
    const { og_image: _, ...rest } = json;
    expect(toHeadJson(parseHtmlHead(printed))).toEqual({
      ...rest,
      og_image: [{ url: `https://a.example/${evil}`, width: '3', height: '4' }],
    });
  });
});
