// The recipe of docs/previews.md does what it says: its files run as they are, beside the least that stands for Next.js.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createPreviewTokens } from '../../src/loaders/preview-tokens.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');
const secret = 'a secret of the gateway that is long enough';

let gateway: TestGateway;
let server: Server;
let folder: string;
let headgateUrl: string;

/** What the recipe takes of Next.js: cookies and draft mode of one visitor, and a redirect that ends a handler. */
const standIn: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module"}',
  'node_modules/next/package.json':
    '{"name":"next","type":"module","exports":{"./headers":"./headers.js","./navigation":"./navigation.js"}}',
  'node_modules/next/headers.js': `
    export const jar = new Map();
    export const draft = { isEnabled: false, enable() { this.isEnabled = true; }, disable() { this.isEnabled = false; } };
    export const draftMode = async () => draft;
    export const cookies = async () => ({
      get: (name) => jar.get(name),
      set: (name, value, options) => void jar.set(name, { value, options }),
      delete: (name) => void jar.delete(name),
    });`,
  'node_modules/next/navigation.js': `
    export function redirect(path) { throw Object.assign(new Error('redirect'), { path }); }`,
  'visit.js': `
    import { draft, jar } from 'next/headers';
    import { GET as begin } from './app/api/preview/route.js';
    import { GET as end } from './app/api/preview/end/route.js';
    import { getContent } from './lib/content.js';
    const go = (run) => run().then((response) => response.status, ({ path, message }) => path ?? message);
    const [, , id, other, ...tokens] = process.argv;
    const seen = async () => ({ draft: draft.isEnabled, it: await getContent(id), other: await getContent(other) });
    const visit = async (token) => {
      const before = await seen();
      const led = await go(() => begin(new Request('https://front.example/api/preview?token=' + token)));
      const during = await seen();
      const cookie = jar.get('headgate-preview')?.options;
      const out = await go(() => end());
      return { before, led, cookie, during, out, after: await seen() };
    };
    const visits = [];
    for (const token of tokens) visits.push(await visit(token));
    console.log(JSON.stringify(visits));`,
};

beforeAll(async () => {
  gateway = await openGateway(url, { authorization: credentials.admin.authorization, previewSecret: secret });
  server = createServer(async (asked, response) => {
    const headers = Object.entries(asked.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const body = new Uint8Array(await buffer(asked));
    const answer = await gateway.send({ method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  headgateUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/graphql`;
  folder = await mkdtemp(join(tmpdir(), 'headgate-recipe-'));
  const recipe = await readFile('docs/previews.md', 'utf8');
  const files = [...recipe.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(
    ([, name = '', text = '']) => [name, text] as const,
  );
  expect(files).toHaveLength(4);
  for (const [name, text] of [...files, ...Object.entries(standIn)]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}, 240_000);
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
  await gateway[Symbol.asyncDispose]();
});

/** Visits the front end with one token after the other, and says what each visitor saw. */
async function visit(...tokens: readonly string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, ['visit.js', '162', '165', ...tokens], {
    cwd: folder,
    env: { ...process.env, HEADGATE_URL: headgateUrl },
  });
  return JSON.parse(stdout);
}

const nothing = { draft: false, it: null, other: null };

it('shows a draft to who has a link to it, and nothing else, until they leave', { timeout: 240_000 }, async () => {
  const make = 'mutation { createPreviewToken(input: { id: "162" }) { token } }';
  const { data } = await gateway.query(make, {}, credentials.editor);
  const [visited] = await visit(data.createPreviewToken.token);
  expect(visited).toEqual({
    before: nothing,
    led: '/preview/162',
    cookie: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
    during: {
      draft: true,
      it: {
        databaseId: 162,
        status: 'draft',
        title: 'A draft of the editor',
        content: expect.stringContaining('The cake is not a lie'),
      },
      other: null,
    },
    out: '/',
    after: nothing,
  });
});

it('turns away who has none that holds', { timeout: 240_000 }, async () => {
  const over = createPreviewTokens(secret, () => Date.now() - 7_200_000).sign(162, 3600);
  const forged = createPreviewTokens('another secret of somebody else entirely').sign(162, 3600);
  const turnedAway = { before: nothing, led: 401, during: nothing, out: '/', after: nothing };
  expect(await visit(over, forged, '162', '')).toEqual([turnedAway, turnedAway, turnedAway, turnedAway]);
});
