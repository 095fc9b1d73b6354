// Markup that somebody smuggles into WordPress comes to life nowhere in what the gateway prints itself, and content is passed
// on as WordPress made it: what was text there is text here.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { escapeUTF8 } from 'entities';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { printHead } from '../../src/schema/seo/print-head.ts';
import { openRecordedGateway } from '../support/recorded-gateway.ts';
import { startRecordedSite } from '../support/recorded-site.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const calls = ['alert(1)', 'alert`1`', '&#97;lert(1)', '\\u0061lert(1)'];
const handlers = [
  'onerror',
  'onload',
  'onfocus autofocus',
  'ontoggle',
  'onanimationstart',
  'OnMouseOver',
  'onpointerrawupdate',
];
const elements = [
  'img src=x',
  'svg',
  'body',
  'details open',
  'video',
  'audio src',
  'iframe',
  'object',
  'input',
  'a',
  'math',
  'x',
];
const schemes = [
  'javascript:',
  'JaVaScRiPt:',
  'java\tscript:',
  'java&#x0A;script:',
  '&#1;javascript:',
  'data:text/html,',
  'vbscript:',
];

/** In the manner of the lists by which filters are evaded. */
const vectors: readonly string[] = [
  ...handlers.flatMap((handler, at) =>
    elements.map((element) => `<${element} ${handler.replace(/( |$)/, `=${calls[at % 4]}$1`)}>`),
  ),
  ...schemes.flatMap((scheme) => [
    `<a href="${scheme}alert(1)">a</a>`,
    `<iframe src=${scheme}alert(1)>`,
    `<form action="${scheme}a"><button>`,
  ]),
  ...[
    '<script>alert(1)</script>',
    '<ScRiPt src=//a.example></sCrIpT>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<script/x>a</script>',
  ],
  ...[
    '</title><script>alert(1)</script>',
    '</style><script>a</script>',
    '--><script>a</script>',
    ']]><script>a</script>',
    '</script><svg onload=a>',
  ],
  ...[
    `" onmouseover="alert(1)`,
    `' onmouseover='alert(1)`,
    '` onmouseover=alert(1)',
    `"><img src=x onerror=a>`,
    `'><svg/onload=a>`,
    '\\"><b>',
  ],
  ...[
    '<<script>a//<</script>',
    '<img """><script>a</script>">',
    '<svg><script>a&#41;</script>',
    '<math><mi xlink:href="javascript:a">',
    '<%<!--<script>',
  ],
  ...[
    '<noscript><p title="</noscript><img src=x onerror=a>">',
    '<svg></p><style><a id="</style><img src=1 onerror=a>">',
    '<meta http-equiv=refresh content="0;javascript:a">',
  ],
  ...[
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=a>',
    '<!--[if gte IE 4]><script>a</script><![endif]-->',
    '<base href="javascript:/a/">',
  ],
  ...[
    '\u0000<script>a</script>',
    '\ufeff<script>a</script>',
    '\ud83d<script>a</script>',
    '＜script＞a＜/script＞',
    '+ADw-script+AD4-a',
    '<link rel=import href="data:text/html,a">',
  ],
];

interface Found {
  readonly elements: ReadonlySet<string>;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly scripts: readonly string[];
}

/** What a page has in it once it is parsed. */
function look(page: string): Found {
  const found = {
    elements: new Set<string>(),
    attributes: [] as (readonly [string, string])[],
    scripts: [] as string[],
  };
  let isScript = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      found.elements.add(name);
      found.attributes.push(...Object.entries(attributes));
      isScript = name === 'script';
    },
    onclosetag() {
      isScript = false;
    },
    ontext(text) {
      if (isScript) found.scripts.push(text);
    },
  });
  parser.end(page);
  return found;
}

function expectNothingLive({ attributes }: Found, vector: string): void {
  for (const [name, value] of attributes) {
    expect(name, vector).not.toMatch(/^on|^style$|^srcdoc$/i);
    if (name === 'href') expect(value, vector).toMatch(/^(?:https?:|\.\/|\/)/);
  }
}

it('there are ways enough', () => {
  expect(new Set(vectors).size).toBeGreaterThan(130);
});

it('the head that is printed for sites without one has its own elements only', () => {
  for (const vector of vectors) {
    const found = look(
      printHead({
        ...{ title: vector, description: vector, canonical: `https://a.example/${vector}`, og_title: vector },
        ...{ robots: { index: vector }, og_image: [{ url: vector, alt: vector, width: vector }], twitter_card: vector },
        schema: { '@graph': [{ name: vector, [vector]: vector }] },
      }),
    );
    expect([...found.elements].sort(), vector).toEqual(['link', 'meta', 'script', 'title']);
    expectNothingLive(found, vector);
    expect(JSON.parse(found.scripts.join('')), vector).toEqual({ '@graph': [{ name: vector, [vector]: vector }] });
  }
});

describe('content', () => {
  it('is what WordPress made of it, letter by letter', async () => {
    const texts = [...vectors, ...vectors.map((vector) => escapeUTF8(vector))];
    const rows = texts.map((text, index) => ({
      ...{ id: index + 1, date: '2024-01-01T00:00:00', slug: `p-${index}`, link: `http://a.test/p-${index}/` },
      ...{
        title: { rendered: text },
        excerpt: { rendered: text, protected: false },
        content: { rendered: text, protected: false },
      },
    }));
    await using gateway = await openRecordedGateway({
      index: { name: 'A', url: 'http://a.test', home: 'http://a.test', namespaces: ['wp/v2'] },
      collections: { 'wp/v2/posts': rows },
      style: 'path',
    });
    const seen: string[] = [];
    for (let offset = 0; offset < rows.length; offset += 100) {
      const { data, errors } = await gateway.query(
        `{ posts(where: { offsetPagination: { offset: ${offset}, size: 100 }, orderby: { field: SLUG, order: ASC } }) {
          nodes { excerpt content }
        } }`,
      );
      expect(errors).toBeUndefined();
      for (const { excerpt, content } of JSON.parse(JSON.stringify(data)).posts.nodes) {
        expect(excerpt).toBe(content);
        seen.push(content);
      }
    }
    // Half of a character is none.
    const whole = texts.map((text) => Buffer.from(text).toString());
    expect(seen.sort()).toEqual(whole.sort());
  });
});

it('the page of a gateway in development shows what a site calls itself, and runs none of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-'));
  const { logger } = createRecordingLogger();
  const name = vectors.join(' ');
  const types = vectors
    .slice(0, 20)
    .map((vector, index) => [`t${index}`, { slug: `t${index}`, name: vector, rest_base: `t${index}` }]);
  await using site = await startRecordedSite({
    index: { name, description: name, home: 'javascript:alert(1)', url: 'javascript:alert(1)', namespaces: ['wp/v2'] },
    collections: Object.fromEntries(types.map(([slug]) => [`wp/v2/${slug}`, []])),
    answers: { 'wp/v2/types': Object.fromEntries(types), 'wp/v2/taxonomies': { x: { slug: name, name } } },
    style: 'path',
  });
  const config = loadConfig({
    WORDPRESS_URL: site.origin,
    PORT: '0',
    STATUS_PAGE: 'on',
    DISCOVERY_FILE: join(folder, 's.json'),
  });
  await using headgate = await startHeadgate(config, logger);
  const response = await fetch(headgate.url, { headers: { accept: 'text/html' } });
  const page = await response.text();
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page).toContain('Headgate');
  const found = look(page);
  for (const element of ['script', 'img', 'svg', 'iframe', 'body ', 'object', 'form', 'base', 'math', 'video']) {
    expect(found.elements).not.toContain(element);
  }
  expectNothingLive(found, 'the page');
  await rm(folder, { recursive: true });
});
