// Owns what people are told of a site that cannot be used: what was found, and what would help.

import type { SiteReason } from '../errors.ts';
import { causeCode, isClosedCode, toUpstreamError, toWordPressFailure } from './failures.ts';
import { JsonError, parseJson } from './json.ts';
import { classifyPage } from './page.ts';
import type { Visit } from './visit.ts';

/** One thing that stood in the way, and how much it explains: the greatest weight is told. */
export interface Problem {
  readonly weight: number;
  readonly reason: SiteReason;
  readonly message: string;
  /** It may be gone later. */
  readonly isTemporary?: boolean;
}

const seconds = (ms: number) => `${ms / 1000} s`;

/** Why a visit did not lead to a REST API. */
export function describeVisit(visit: Visit): Problem {
  const { url, status, headers, elsewhere } = visit;
  const at = `${url.origin}${url.pathname}`;
  const text = new TextDecoder().decode(visit.body);
  const restCode = toWordPressFailure(readJson(visit.body))?.restCode;
  if (restCode !== undefined && (isClosedCode(restCode) || status === 401 || status === 403)) {
    return {
      weight: 9,
      reason: 'rest-closed',
      message: `The REST API at ${at} is closed to visitors (${status} ${restCode}). A security plugin usually does this: allow reading without login in its settings.`,
    };
  }
  const kind = restCode === undefined ? classifyPage(text, headers) : null;
  if (kind === 'challenge') {
    return {
      weight: 8,
      reason: 'bot-challenge',
      message: `${at} answered with a bot challenge (${status}). Let the gateway's address pass in the firewall of the site, such as Cloudflare.`,
    };
  }
  if (status === 401 && /^basic/i.test(headers.get('www-authenticate') ?? '')) {
    return {
      weight: 7,
      reason: 'password-wall',
      message: `${at} asks for a password before WordPress answers (401, Basic authentication of the web server). Exempt the REST API, or the gateway's address, from it.`,
    };
  }
  if (kind === 'maintenance') {
    const message = `${at} shows a maintenance page (${status}). Try again when the site is back.`;
    return { weight: 6, reason: 'maintenance', message, isTemporary: true };
  }
  if (elsewhere && /\/wp-login\.php$/.test(elsewhere.pathname)) return loginWall(at);
  if (elsewhere) {
    const target = `${elsewhere.origin}${elsewhere.pathname}`;
    const help =
      elsewhere.origin === url.origin ? 'The redirects do not end.' : 'If that is the site, give that address.';
    return {
      weight: 5,
      reason: 'moved',
      message: `${at} redirects to ${target}, and the gateway stays where it was sent. ${help}`,
    };
  }
  if (kind === 'login' || /\/wp-login\.php$/.test(url.pathname)) return loginWall(at);
  if (status === 429) {
    const after = headers.get('retry-after') ?? '';
    const wait = /^\d{1,6}$/.test(after) ? ` for ${after} s` : '';
    const message = `${at} answered 429: the gateway asks too often, and is to wait${wait}. Raise the limit for its address.`;
    return { weight: 3, reason: 'requests-limited', message, isTemporary: true };
  }
  if (status >= 500) {
    const message = `${at} answered ${status}. Try again when the site is well.`;
    return { weight: 3, reason: 'site-failing', message, isTemporary: true };
  }
  if (status === 403) {
    return {
      weight: 3,
      reason: 'firewall',
      message: `${at} refuses the gateway (403). A firewall or the host does this: allow its address.`,
    };
  }
  return describePage(visit, text);
}

/** Why a visit to the API of WordPress.com did not lead to a site there. */
export function describeHosted(visit: Visit): Problem {
  const { url, status } = visit;
  const name = /\/sites\/([^/]+)/.exec(url.pathname)?.[1] ?? url.pathname;
  if (status === 404) {
    return {
      weight: 9,
      reason: 'no-wordpress',
      message: `WordPress.com has no site ${name} (404). Check the spelling; of a site that is elsewhere, give its own address.`,
    };
  }
  if (status === 401 || status === 403) {
    return {
      weight: 9,
      reason: 'rest-closed',
      message: `WordPress.com does not show ${name} to visitors (${status}): the site is private, or not launched yet. Make it public in its settings.`,
    };
  }
  return describeVisit(visit);
}

/** Why no connection came about, or no answer. */
export function describeFailure(url: URL, cause: unknown, timeoutMs: number): string {
  const code = causeCode(cause);
  const error = toUpstreamError(url.origin, cause);
  if (code === 'ENOTFOUND') return `The host name ${url.hostname} does not exist (DNS). Check the spelling.`;
  if (code === 'EAI_AGAIN') return `The host name ${url.hostname} could not be looked up: DNS does not answer.`;
  if (code === 'ECONNREFUSED') {
    return `${url.host} refuses connections. Check the port, and that the web server runs and can be reached from here.`;
  }
  if (error.code === 'UPSTREAM_TIMEOUT') {
    const what = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'no connection' : `no answer within ${seconds(timeoutMs)}`;
    return `${url.origin} is too slow: ${what}. Check the address, and that no firewall drops the requests.`;
  }
  if (error.code === 'UPSTREAM_TLS')
    return `The TLS connection to ${url.host} failed: ${describeTls(url, code, error)}`;
  return `${url.origin} could not be read: ${error.message.slice(url.origin.length + 2)}.`;
}

/** The name of what {@link describeFailure} tells. */
export function reasonOfFailure(cause: unknown): SiteReason {
  const code = causeCode(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no-such-host';
  if (code === 'ECONNREFUSED') return 'connection-refused';
  const error = toUpstreamError('', cause);
  if (error.code === 'UPSTREAM_TIMEOUT') return 'no-answer';
  return error.code === 'UPSTREAM_TLS' ? 'tls-broken' : 'site-unreadable';
}

function describeTls(url: URL, code: string, error: Error): string {
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired. Renew it.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is for another name than ${url.hostname}. Give the name the certificate is for.`;
  }
  if (/SELF_SIGNED|UNABLE_TO/.test(code)) {
    return `its certificate is self-signed or its issuer is not known here (${code}). Set NODE_EXTRA_CA_CERTS to the issuer's certificate.`;
  }
  if (/WRONG_VERSION|PACKET_LENGTH|EPROTO/.test(code)) {
    return `it does not speak TLS there (${code}). Check the port, or give http://.`;
  }
  return `${error.message.slice(url.origin.length + 2)} (${code}).`;
}

function describePage({ url, headers, status }: Visit, text: string): Problem {
  const at = `${url.origin}${url.pathname}`;
  if (/wordpress\.com/i.test(headers.get('host-header') ?? '')) {
    return {
      weight: 2,
      reason: 'wordpress-com',
      message: `${url.host} is hosted at WordPress.com, which has its REST API elsewhere: give https://public-api.wordpress.com/wp/v2/sites/${url.hostname}`,
    };
  }
  const isWordPress = /wp-content\/|wp-includes\/|content="WordPress|\/\/api\.w\.org\//i.test(
    text + headers.get('link'),
  );
  if (isWordPress) {
    return {
      weight: 2,
      reason: 'rest-hidden',
      message: `${at} looks like WordPress, but its REST API was not found at /wp-json/ or ?rest_route=/. If a plugin or the web server hides it, allow it there; if it has another address, give that one.`,
    };
  }
  return {
    weight: 1,
    reason: 'no-wordpress',
    message: `No WordPress REST API was found at ${at} (${status}), nor at /wp-json/ or ?rest_route=/. Check that it is the address of a WordPress site.`,
  };
}

function loginWall(at: string): Problem {
  return {
    weight: 4,
    reason: 'login-wall',
    message: `${at} leads to a login page. Allow reading the REST API without login in the plugin that does this.`,
  };
}

function readJson(body: Buffer): unknown {
  try {
    return parseJson(body).value;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
