// Owns what people are told of sites that cannot be used.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { SiteError } from '../../../src/errors.ts';
import { findRestRoot } from '../../../src/wordpress/find-root.ts';
import { describeFailure } from '../../../src/wordpress/site-problem.ts';
import {
  answer,
  type Behaviour,
  dripBody,
  findClosedOrigin,
  type HostileServer,
  hangUp,
  html,
  json,
  redirect,
  restError,
  stall,
  startHostileServer,
} from '../../support/hostile-server.ts';

const servers: HostileServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(behaviour: Behaviour, certificate?: string): Promise<string> {
  const read = (file: string) => readFileSync(new URL(`../../data/tls/${file}.pem`, import.meta.url), 'utf8');
  const tls = certificate === undefined ? undefined : { key: read('key'), cert: read(certificate) };
  const server = await startHostileServer([behaviour], tls);
  servers.push(server);
  return server.url;
}

async function refusalOf(given: string, timeoutMs = 5_000): Promise<string> {
  const error = await findRestRoot(given, { timeoutMs }).catch((reason: unknown) => reason);
  if (error instanceof SiteError) return error.message;
  throw error;
}

describe('a site that answers, but not as WordPress', () => {
  const rows: [name: string, behaviour: Behaviour, message: RegExp][] = [
    ['no WordPress', html('<h1>Hello</h1>'), /^No WordPress REST API was found at URL\/ \(200\)/],
    ['some other API', json({ hello: 'world' }), /^No WordPress REST API was found at URL\/ \(200\)/],
    ['WordPress without its REST API', html('<link href="/wp-content/a.css">'), /^URL\/ looks like WordPress, but/],
    ['WordPress without content in the API', json({ namespaces: ['oembed/1.0'] }), /^No WordPress REST API/],
    [
      'rest_login_required',
      restError(401, 'rest_login_required'),
      /closed to visitors \(401 rest_login_required\)\. A security plugin/,
    ],
    ['rest_not_logged_in', restError(401, 'rest_not_logged_in'), /closed to visitors \(401 rest_not_logged_in\)/],
    ['rest_disabled', restError(500, 'rest_disabled'), /closed to visitors \(500 rest_disabled\)/],
    ['Solid Security', restError(403, 'itsec_rest_api_access_restricted'), /closed to visitors \(403 itsec_rest_api/],
    ['some other plugin', restError(403, 'my_plugin_no'), /closed to visitors \(403 my_plugin_no\)/],
    [
      'a password wall',
      answer('', { status: 401, headers: { 'www-authenticate': 'Basic realm="Staging"' } }),
      /asks for a password before WordPress answers \(401, Basic/,
    ],
    [
      'maintenance',
      html('<h1>Briefly unavailable for scheduled maintenance.</h1>', { status: 503 }),
      /shows a maintenance page \(503\)/,
    ],
    [
      'a challenge',
      html('<title>Just a moment...</title>', { status: 403 }),
      /answered with a bot challenge \(403\)\. Let the gateway/,
    ],
    ['a firewall', html('<h1>Forbidden</h1>', { status: 403 }), /refuses the gateway \(403\)/],
    ['a failing server', html('<h1>Error</h1>', { status: 500 }), /answered 500\. Try again/],
    ['a login wall', redirect('/wp-login.php'), /leads to a login page/],
    ['a redirect without end', redirect('/again'), /redirects to URL\/again.*The redirects do not end/],
    [
      'a move',
      redirect('https://elsewhere.example/home?a=1'),
      /^URL\/ redirects to https:\/\/elsewhere\.example\/home, .*give that address/,
    ],
    [
      'WordPress.com',
      html('', { status: 404, headers: { 'host-header': 'WordPress.com' } }),
      /give https:\/\/public-api\.wordpress\.com\/wp\/v2\/sites\/127\.0\.0\.1$/,
    ],
    ['a server that hangs up', hangUp(), /^URL could not be read: other side closed/],
  ];

  it.each(rows)('%s', async (_name, behaviour, message) => {
    const url = await start(behaviour);
    expect((await refusalOf(url)).replaceAll(url, 'URL')).toMatch(message);
  });

  it('only where REST is closed, although the page is there', async () => {
    const closed = restError(401, 'rest_disabled');
    const server = await startHostileServer(({ target }) => (target === '/' ? html('<h1>Hi</h1>') : closed));
    servers.push(server);
    expect(await refusalOf(server.url)).toContain(`The REST API at ${server.url}/wp-json/ is closed to visitors`);
  });
});

describe('a site that does not answer', () => {
  it('refused', async () => {
    const url = await findClosedOrigin();
    expect(await refusalOf(url)).toMatch(/^127\.0\.0\.1:\d+ refuses connections\. Check the port/);
    expect(await refusalOf(url.replace('http://', ''))).toMatch(/^127\.0\.0\.1:\d+ refuses connections/);
  });

  it('unknown name', async () => {
    expect(await refusalOf('nowhere.invalid')).toMatch(/^The host name nowhere\.invalid/);
  });

  it.each([
    ['silence', stall()],
    ['a drip', dripBody()],
  ])('%s', async (_name, behaviour) => {
    expect(await refusalOf(await start(behaviour), 200)).toMatch(/is too slow: no answer within 0\.2 s/);
  });

  it('a certificate that is self-signed, also after a redirect to https', async () => {
    const url = await start(json({}), 'self-signed');
    const message =
      /^The TLS connection to 127\.0\.0\.1:\d+ failed: its certificate is self-signed .*NODE_EXTRA_CA_CERTS/;
    expect(await refusalOf(url)).toMatch(message);
    expect(await refusalOf(await start(redirect(`${url}/`)))).toMatch(message);
  });

  it('a bad certificate never leads to http', async () => {
    const url = await start(json({}), 'expired');
    expect(await refusalOf(url.replace('https://', ''))).toMatch(/its certificate has expired\. Renew it\./);
  });

  it('no TLS behind https', async () => {
    const url = await start(json({}));
    expect(await refusalOf(url.replace('http:', 'https:'))).toMatch(/does not speak TLS there/);
  });

  it('a certificate for another name', () => {
    const cause = Object.assign(new Error('altnames'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(describeFailure(new URL('https://a.org'), cause, 1)).toBe(
      'The TLS connection to a.org failed: its certificate is for another name than a.org. Give the name the certificate is for.',
    );
  });
});
