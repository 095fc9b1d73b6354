// Owns what it means where a site cannot be served at all, by the reasons of the search for its REST API.

import type { SiteReason } from '../errors.ts';
import type { Meaning } from './finding.ts';

const consequence = 'The gateway has nothing to read: it does not start, or serves what it kept of the site.';

/** Every reason is an error. */
export const siteFailures: Readonly<Record<SiteReason, Meaning>> = {
  'rest-closed': fail('Allow reading the REST API without login in the security plugin that closes it.'),
  'bot-challenge': fail(
    'Let the address of the gateway pass in the firewall in front of the site, such as Cloudflare’s.',
  ),
  'password-wall': fail('Exempt the REST API, or the address of the gateway, from the password of the web server.'),
  'login-wall': fail('Allow reading the REST API without login in the plugin that asks for it.'),
  maintenance: fail('Wait until the site is back; a file .maintenance that an update left behind may be deleted.'),
  moved: fail('Give the address where the site is now, if that is the site.'),
  'site-failing': fail('Look at the error log of the site and its host; try again when the site is well.'),
  'requests-limited': fail(
    'Raise the limit of requests for the address of the gateway, in the firewall, the host or the plugin that counts them.',
  ),
  firewall: fail('Allow the address of the gateway in the firewall of the site or its host.'),
  'rest-hidden': fail(
    'Find the plugin or the rule of the web server that hides the REST API; or give its own address.',
  ),
  'wordpress-com': fail('Give the address of the REST API at public-api.wordpress.com that the finding names.'),
  'no-wordpress': fail('Check the address: it must be that of a WordPress site, one of its pages, or its REST API.'),
  'no-such-host': fail('Check the spelling of the host name, and the DNS of the machine the gateway runs on.'),
  'connection-refused': fail('Check the port, and that the web server runs and can be reached from this machine.'),
  'no-answer': fail(
    'Check the address and that no firewall drops requests; a slow site may need UPSTREAM_TIMEOUT_SECONDS.',
  ),
  'tls-broken': fail('Renew or complete the certificate; for an issuer of your own set NODE_EXTRA_CA_CERTS.'),
  'site-unreadable': fail('Open the address with a browser or curl on this machine, and compare.'),
};

function fail(remedy: string): Meaning {
  return { severity: 'error', consequence, remedy };
}
