// Owns that no text stops the process: whatever reads what others send takes time that grows with its length, not with its square.

import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { normalise } from '../../../src/loaders/lookup.ts';
import { canBePage } from '../../../src/loaders/page-address.ts';
import { parseGlobalId } from '../../../src/schema/relay/ids.ts';
import { toRobots } from '../../../src/schema/seo/page-metadata.ts';
import { parseHtmlHead } from '../../../src/schema/seo/parse-html-head.ts';
import { toDescription, toPlainText } from '../../../src/schema/seo/plain-text.ts';
import { parseRetryAfter } from '../../../src/wordpress/failures.ts';
import { JsonError, parseJson } from '../../../src/wordpress/json.ts';
import { alternateRoute, apiAddressOf } from '../../../src/wordpress/link.ts';
import { createMenuParser } from '../../../src/wordpress/menu-markup.ts';
import { classifyPage } from '../../../src/wordpress/page.ts';
import { isForEverybody } from '../../../src/wordpress/read-answer.ts';
import { bookSite } from '../../support/book-resources.ts';

/** At this length what grows with the square takes half a minute and more, and what does not a fraction of a second. */
const length = 512 * 1024;
const timeoutMs = 8000;

const units: readonly string[] = [
  ...[
    ' ',
    '\n',
    '\0',
    '\t:',
    ',',
    ', ',
    '/',
    '=',
    '&',
    '&amp;',
    '"',
    "'",
    '\\',
    '\\"',
    '\\\\ud83d',
    '\\ud83d',
    '1',
    '-',
    '#',
    '?',
  ],
  ...['<', '<>', '<!--', '<b>', '<form ', '<form action="', "<form action='", ' action="', '<input ', '<input type='],
  ...['<title', '<title>', '<h1>', '<h1 ', '<link ', '<link href="', 'href="', '<meta ', '<a b="', '</p>', '<li>'],
  ...[
    '<ul><li class="menu-item"><a href="/">a</a></li></ul>',
    '<script>',
    '{',
    '[',
    '[{"',
    '{"',
    '>{"',
    '[[]]',
    '[{},',
  ],
  ...['{}', '[  ', 'wp/v2/', '/v1/', '</a>; rel="alternate"', 'a=b; ', 'aB', 'menu-', '.pinterest.'],
  ...['wp-content/', '.php-'],
];

const texts = units.flatMap((unit) => {
  const text = unit.repeat(Math.ceil(length / unit.length));
  return [text, `<br>x${text}x`];
});

const page = { url: new URL('http://a.test/'), headers: new Map<string, string>(), body: Buffer.alloc(0) };
const html = new Map([['content-type', 'text/html']]);

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a body': (text) => tryJson(text),
  'a body behind a notice': (text) => tryJson(`<b>Notice</b>: a<br />\n[{"a":"${text}`),
  'a body behind half a page': (text) => tryJson(`${' '.repeat(30_000)}a<script${text}`),
  'a page': (text) => classifyPage(text, html),
  'a page behind its beginning': (text) => classifyPage(`<!doctype html><form action="${text}`, html),
  'a Link header': (text) => alternateRoute(text),
  'a route in a Link header': (text) =>
    alternateRoute(
      `<http://a.test/?rest_route=wp/v2/${encodeURIComponent(text)}%0A>; rel=alternate; type="application/json"`,
    ),
  'a Link header of a root': (text) => apiAddressOf({ ...page, headers: new Map([['link', text]]) }),
  'the head of a page': (text) => apiAddressOf({ ...page, body: Buffer.from(text) }),
  'a link in the head of a page': (text) =>
    apiAddressOf({ ...page, body: Buffer.from(`<link rel="https://api.w.org/" href="${text}">`) }),
  cookies: (text) => isForEverybody(new Map([['set-cookie', text]])),
  'Retry-After': (text) => parseRetryAfter(new Map([['retry-after', text]])),
  menus: (text) => createMenuParser()(text).catch(isTooLarge),
  'menus within much': (text) =>
    createMenuParser()(`<ul class="${text.slice(0, 9000)}"><li class="menu-item"><a href="${text}">${text}`).catch(
      isTooLarge,
    ),
  'the head of an SEO plugin': (text) => parseHtmlHead(text),
  robots: (text) => toRobots(text),
  'a description': (text) => toDescription(toPlainText(text)),
  'the text of a description': (text) => toDescription(text),
  'a path': (text) => normalise(text),
  'a path below the site': (text) => canBePage(bookSite, text),
  'a global id': (text) => parseGlobalId(`YTpi${text}`),
};

function tryJson(text: string): unknown {
  try {
    return parseJson(Buffer.from(text));
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}

function isTooLarge(error: unknown): boolean {
  if (error instanceof UpstreamError && error.code === 'UPSTREAM_TOO_LARGE') return true;
  throw error;
}

describe('a hostile text', () => {
  it.each(Object.entries(readers))('is no burden for the reader of %s', { timeout: 120_000 }, async (_name, read) => {
    for (const text of texts) {
      let reading: unknown;
      const run = () => {
        reading = read(text);
      };
      // Ends what runs too long, and with it the test: nothing else could.
      const label = JSON.stringify(text.slice(0, 30));
      expect(() => runInNewContext('run()', { run }, { timeout: timeoutMs }), label).not.toThrow();
      // What gives way meanwhile is ended by the time that the test may take.
      await reading;
    }
  });
});
