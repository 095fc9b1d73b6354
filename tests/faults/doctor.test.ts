// The doctor at sick sites, on real sockets: each sickness is named, and a healthy site has none.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../src/cache/redis/redis-url.ts';
import { certificateCheck } from '../../src/doctor/checks/certificate.ts';
import { meanings } from '../../src/doctor/checks.ts';
import { createExamination } from '../../src/doctor/examination.ts';
import { type ExamineOptions, examine } from '../../src/doctor/examine.ts';
import { worstOf } from '../../src/doctor/finding.ts';
import {
  answer,
  type Behaviour,
  findClosedOrigin,
  type HostileServer,
  html,
  json,
  redirect,
  restError,
  type Script,
  stall,
  startHostileServer,
} from '../support/hostile-server.ts';
import { type Sickness, sickSite, toPost } from './sick-site.ts';

const servers: HostileServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(script: Script, certificate?: string): Promise<string> {
  const read = (file: string) => readFileSync(new URL(`../data/tls/${file}.pem`, import.meta.url), 'utf8');
  const server = await startHostileServer(
    script,
    certificate === undefined ? undefined : { key: read('key'), cert: read(certificate) },
  );
  servers.push(server);
  return server.url;
}

/** No machine is so slow that this would be too short, unless a test is about that. */
const patient = 60_000;

const circumstances = {
  account: null,
  menuLocations: [],
  proxies: [],
  redis: null,
  nodeVersion: '24.1.0',
  now: () => Math.min(Date.now(), Date.parse('2028-01-01')),
  slowMs: patient,
};

type Given = Partial<Omit<ExamineOptions, 'site'>>;

async function examineSite(site: string, given: Given = {}) {
  const options = { ...circumstances, now: Date.now, timeoutMs: patient, ...given };
  return examine({ ...options, site });
}

/** What is not well, by severity and id. */
async function complaintsOf(site: string, given: Given = {}): Promise<string[]> {
  const { findings } = await examineSite(site, given);
  return findings.filter(({ severity }) => severity !== 'ok').map(({ severity, id }) => `${severity} ${id}`);
}

const account = { username: 'ada', authorization: `Basic ${Buffer.from('ada:abcd').toString('base64')}` };

/** A healthy site but for one route. */
function but(route: string, behaviour: Behaviour): Sickness {
  return (asked) => (asked.route === route ? behaviour : undefined);
}

describe('a healthy site', () => {
  it('has nothing to complain of, and costs few requests', async () => {
    const url = await start(sickSite());
    const { root, findings, requests } = await examineSite(url, { account });
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect(findings.map(({ id }) => id)).toEqual([
      ...['node-ok', 'rest-root', 'wordpress-version', 'permalinks-ok', 'users-shown', 'menus-account', 'kinds-shown'],
      ...['seo-plugin', 'account-works', 'headers-ok', 'routes-asked', 'speed-ok', 'json-ok', 'clock-ok'],
    ]);
    expect(worstOf(findings)).toBe('ok');
    expect(root).toBe(`${url}/wp-json/`);
    expect(requests).toBe(19);
    const told = findings.map(({ finding }) => finding).join('\n');
    expect(told).toContain('ada is administrator, which opens menus, settings.');
    expect(told).toContain('WordPress 6.9, by its front page.');
    expect(told).toContain('In REST: book, genre.');
  });

  it('is asked little at a start', async () => {
    const url = await start(sickSite());
    const { findings, requests } = await examine({
      ...{ ...circumstances, now: Date.now, timeoutMs: patient, atStart: true },
      site: { root: { origin: url, path: '/wp-json/', style: 'path' }, clue: 'address' },
    });
    expect(requests).toBe(7);
    expect(findings.map(({ id }) => id)).toEqual([
      ...['rest-root', 'permalinks-ok', 'users-shown', 'menus-navigation', 'kinds-shown', 'seo-plugin'],
    ]);
  });
});

describe('a sick site', () => {
  const notice = '<br />\n<b>Notice</b>: Undefined index: x in <b>/srv/a.php</b> on line <b>1</b><br />\n';
  const withHeaders =
    (headers: Record<string, string>): Sickness =>
    ({ route, url }) =>
      route === 'wp/v2/posts'
        ? json([toPost(url)], { headers: { date: new Date().toUTCString(), 'x-wp-total': '1', ...headers } })
        : undefined;
  const always = ['note menus-navigation'];

  it.each<[name: string, sickness: Sickness, complaints: string[], given?: Given]>([
    [
      'hides its users',
      but('wp/v2/users', restError(401, 'rest_user_cannot_view')),
      ['warning users-blocked', ...always],
    ],
    [
      'leads from its users to the front page',
      ({ route }) => (route === 'wp/v2/users' ? redirect('/') : undefined),
      ['warning users-blocked', ...always],
    ],
    ['shows no menus', ({ route }) => (route === 'wp/v2/navigation' ? json([]) : undefined), ['warning menus-none']],
    [
      'keeps a type and a taxonomy to itself',
      ({ url }) =>
        url.pathname === '/wp-sitemap.xml'
          ? html(
              '<loc>http://a/wp-sitemap-posts-event-1.xml</loc><loc>http://a/wp-sitemap-taxonomies-topic-2.xml</loc><loc>http://a/wp-sitemap-users-1.xml</loc>',
            )
          : undefined,
      [...always, 'warning type-not-in-rest', 'warning taxonomy-not-in-rest'],
    ],
    [
      'tells a type in the sitemap of its SEO plugin',
      ({ url }) =>
        url.pathname === '/wp-sitemap.xml'
          ? html('', { status: 404 })
          : url.pathname === '/sitemap_index.xml'
            ? html(
                '<loc>http://a/post-sitemap.xml</loc><loc>http://a/event-sitemap2.xml</loc><loc>http://a/author-sitemap.xml</loc>',
              )
            : undefined,
      [...always, 'warning type-not-in-rest'],
    ],
    ['closes its types', but('wp/v2/types', restError(403, 'rest_forbidden')), [...always, 'warning types-closed']],
    [
      'strips X-WP-Total',
      ({ route, url }) => (route === 'wp/v2/posts' ? json([toPost(url)]) : undefined),
      [...always, 'warning totals-missing'],
    ],
    [
      'strips Link from pages',
      ({ route, url }) =>
        route === null && url.pathname !== '/wp-sitemap.xml'
          ? html('<link rel="https://api.w.org/" href="/wp-json/"><title>Home</title>')
          : undefined,
      [...always, 'note page-route-missing'],
    ],
    [
      'prints notices before JSON',
      ({ route, url }) =>
        route === 'wp/v2/posts'
          ? answer(notice + JSON.stringify([toPost(url)]), { headers: { 'x-wp-total': '1' } })
          : undefined,
      [...always, 'warning json-notices'],
    ],
    [
      'ignores _fields',
      ({ route }) =>
        route === 'wp/v2/posts'
          ? json([toPost(new URL('http://sick.test/'))], { headers: { 'x-wp-total': '1' } })
          : undefined,
      [...always, 'warning fields-ignored'],
    ],
    [
      'has a cache in front of REST',
      withHeaders({ 'cf-cache-status': 'HIT', age: '120' }),
      [...always, 'warning rest-cached'],
    ],
    ['starts sessions', withHeaders({ 'set-cookie': 'PHPSESSID=1; path=/' }), [...always, 'warning answers-private']],
    [
      'has Yoast SEO without its head in REST',
      ({ route, url }) => {
        if (route !== 'wp/v2/posts') return undefined;
        const { yoast_head_json: _, ...post } = { yoast_head_json: undefined, ...toPost(url) };
        return json([post], { headers: { 'x-wp-total': '1' } });
      },
      [...always, 'warning yoast-head-off'],
    ],
    ['has no SEO plugin', but('', json({ name: 'A', namespaces: ['wp/v2'] })), [...always, 'note seo-none']],
    [
      'knows itself by another name',
      but('', json({ name: 'A', home: 'https://www.example.org', namespaces: ['wp/v2', 'yoast/v1'] })),
      ['note other-home', ...always],
    ],
    [
      'fails at its posts',
      but('wp/v2/posts', restError(500, 'internal_server_error')),
      [...always, 'error route-failing'],
    ],
    ['hides its posts', but('wp/v2/posts', restError(401, 'rest_forbidden')), [...always, 'error posts-unreadable']],
    [
      'refuses the password',
      ({ request }) => (request.headers.has('authorization') ? restError(401, 'incorrect_password') : undefined),
      ['note menus-navigation', 'error password-wrong'],
      { account },
    ],
    [
      'never sees the password',
      ({ route }) =>
        route === 'wp/v2/users/me' || route === 'wp/v2/menu-locations'
          ? restError(401, 'rest_not_logged_in')
          : undefined,
      ['note menus-navigation', 'error password-ignored'],
      { account },
    ],
    [
      'takes no application passwords',
      ({ route }) => {
        if (route === '') return json({ name: 'A', namespaces: ['wp/v2', 'yoast/v1'], authentication: [] });
        const isOwn = route === 'wp/v2/users/me' || route === 'wp/v2/menu-locations';
        return isOwn ? restError(401, 'rest_not_logged_in') : undefined;
      },
      ['note menus-navigation', 'error passwords-off'],
      { account },
    ],
    ['fails at its menus', but('wp/v2/navigation', restError(500, 'internal_server_error')), ['error route-failing']],
    [
      'knows the user as a subscriber',
      ({ route }) =>
        route === 'wp/v2/users/me'
          ? json({ id: 2, roles: ['subscriber'], capabilities: { read: true } })
          : route === 'wp/v2/menu-locations'
            ? restError(403, 'rest_cannot_view')
            : undefined,
      ['note menus-navigation', 'warning account-weak'],
      { account },
    ],
  ])('that %s', async (_, sickness, complaints, given) => {
    const url = await start(sickSite(sickness));
    expect(await complaintsOf(url, given)).toEqual(complaints);
  });

  it.each([
    ['wp/v2/posts', /^1 posts took \d+ ms and .+ as a whole\.$/],
    ['wp/v2/users', /^GET wp\/v2\/users took \d+ ms with few fields\.$/],
  ])('that is slow at %s', async (slow, told) => {
    const url = await start(
      sickSite(({ route }, healthy) =>
        route === slow ? (socket, request) => setTimeout(() => healthy(socket, request), 300) : undefined,
      ),
    );
    const { findings } = await examineSite(url, { slowMs: 250 });
    // A busy machine may be slow elsewhere as well.
    const slowRoutes = findings.filter(({ id }) => id === 'slow-route').map(({ finding }) => finding);
    expect(slowRoutes).toContainEqual(expect.stringMatching(told));
  });

  it('that fails wherever the other checks do not look', async () => {
    const failing = ['wp/v2/pages', 'wp/v2/media', 'wp/v2/genre', 'wp/v2/comments'];
    const url = await start(
      sickSite(({ route }) =>
        failing.includes(route ?? '') ? html('<p>Critical error</p>', { status: 500 }) : undefined,
      ),
    );
    const { findings } = await examineSite(url);
    const named = findings.filter(({ id }) => id === 'route-failing').map(({ finding }) => finding);
    expect(named.toSorted()).toEqual(failing.map((route) => `GET ${route}: 500.`).toSorted());
    expect(findings.find(({ id }) => id === 'routes-asked')?.finding).toMatch(/^3 of 7 routes /);
  });

  it('that has more types than are asked for', async () => {
    const many = Object.fromEntries([...Array(40).keys()].map((n) => [`t${n}`, { slug: `t${n}`, rest_base: `t${n}` }]));
    const asked = new Set<string>();
    const types = sickSite(({ route }) => {
      if (/\/t\d+$/.test(route ?? '')) asked.add(route ?? '');
      return route === 'wp/v2/types' ? json(many) : undefined;
    });
    const { findings } = await examineSite(await start(types));
    expect(asked.size).toBe(15);
    expect(findings.find(({ id }) => id === 'routes-asked')?.finding).toContain('26 more were not asked');
  });

  it('that has no pretty permalinks', async () => {
    const healthy = sickSite();
    const url = await start((request) => {
      const { searchParams } = new URL(request.target, 'http://sick.test');
      const route = searchParams.get('rest_route');
      if (route === null) return html('<link rel="https://api.w.org/" href="/?rest_route=/"><title>Home</title>');
      searchParams.delete('rest_route');
      return healthy({ ...request, target: `/wp-json${route}?${searchParams}` });
    });
    expect(await complaintsOf(url)).toContain('note permalinks-plain');
  });

  it('whose clock is an hour late', async () => {
    const late = { date: new Date(Date.now() - 3_600_000).toUTCString() };
    const url = await start(
      sickSite(({ route }, healthy) => (socket, request) => {
        const fake = Object.create(socket, {
          write: {
            value: (chunk: string | Buffer) =>
              socket.write(chunk.toString('latin1').replace(/date: [^\r]+/, `date: ${late.date}`), 'latin1'),
          },
        });
        healthy(route === null ? socket : fake, request);
      }),
    );
    const { findings } = await examineSite(url);
    expect(findings.find(({ id }) => id === 'clock-skew')?.finding).toMatch(/is 3\d\d\d s behind/);
  });
});

describe('a site without a REST API', () => {
  it.each<[id: string, behaviour: Behaviour]>([
    ['rest-closed', restError(401, 'rest_login_required')],
    [
      'bot-challenge',
      html('<title>Just a moment...</title>', { status: 403, headers: { 'cf-mitigated': 'challenge' } }),
    ],
    ['password-wall', answer('', { status: 401, headers: { 'www-authenticate': 'Basic realm="Staging"' } })],
    ['login-wall', redirect('/wp-login.php?redirect_to=%2F')],
    [
      'maintenance',
      html('<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>', { status: 503 }),
    ],
    ['moved', redirect('https://elsewhere.example/')],
    ['site-failing', html('<h1>Error establishing a database connection</h1>', { status: 500 })],
    ['requests-limited', html('<h1>Slow down</h1>', { status: 429, headers: { 'retry-after': '30' } })],
    ['firewall', html('<h1>Forbidden</h1>', { status: 403 })],
    ['rest-hidden', html('<link href="/wp-content/themes/a/style.css" rel="stylesheet">')],
    ['no-wordpress', html('<h1>Hello</h1>')],
  ])('is an error with a name: %s', async (id, behaviour) => {
    const report = await examineSite(await start([behaviour]));
    expect(report.root).toBeNull();
    expect(report.findings.map((finding) => finding.id)).toEqual(['node-ok', id]);
    expect(report.findings.at(-1)).toMatchObject({ severity: 'error', finding: expect.stringContaining('127.0.0.1') });
  });

  it('may not be there, not answer, or have a bad certificate', async () => {
    expect(await complaintsOf(await findClosedOrigin())).toEqual(['error connection-refused']);
    expect(await complaintsOf('http://nowhere.invalid')).toEqual(['error no-such-host']);
    expect(await complaintsOf(await start([stall()]), { timeoutMs: 100 })).toEqual(['error no-answer']);
    expect(await complaintsOf(await start(sickSite(), 'expired'))).toEqual(['error tls-broken']);
  });
});

describe('a certificate', () => {
  it.each([
    ['ok certificate-ok', -20],
    ['warning certificate-ends', -10],
  ])('is %s before it ends', async (expected, days) => {
    const origin = await start(sickSite(), 'self-signed');
    const end = new Date('2126-01-01');
    const read = async (now: number) => {
      const root = { origin, path: '/wp-json/', style: 'path' } as const;
      await using examination = createExamination(
        { root, clue: 'address' },
        { ...circumstances, now: () => now },
        patient,
      );
      return certificateCheck.run(examination);
    };
    const [first] = await read(end.getTime());
    const [, ends = ''] = /ends on ([\d-]+)/.exec(first?.finding ?? '') ?? [];
    const findings = await read(Date.parse(ends) + days * 86_400_000);
    expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual([expected]);
  });
});

describe('the machine', () => {
  it.each([
    ['18.20.0', ['error node-old']],
    ['20.18.1', ['error node-old']],
    ['20.20.2', ['note node-unsupported']],
    ['24.1.0', []],
  ])('runs Node.js %s', async (nodeVersion, complaints) => {
    const given = { nodeVersion, now: () => Date.parse('2026-11-01') };
    expect(await complaintsOf(await findClosedOrigin(), given)).toEqual([...complaints, 'error connection-refused']);
  });

  it('has no Redis where one is set', async () => {
    const redis = parseRedisUrl((await findClosedOrigin()).replace('http:', 'redis:'));
    expect(redis).not.toBeNull();
    const complaints = await complaintsOf(await findClosedOrigin(), { redis });
    expect(complaints).toContain('warning redis-unreachable');
  });

  it('has a proxy that is not used', async () => {
    const complaints = await complaintsOf(await findClosedOrigin(), { proxies: ['HTTPS_PROXY'] });
    expect(complaints).toContain('note proxy-unused');
  });
});

describe('the table', () => {
  it('has a consequence for each finding, and a remedy where something is wrong', () => {
    for (const [id, { severity, consequence, remedy }] of Object.entries(meanings)) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(consequence).toMatch(/\.$/);
      expect(remedy === null).toBe(severity === 'ok');
    }
  });
});
