// Owns the check of TLS: whether there is any, and how long its certificate lasts.

import { readCertificateEnd } from '../../wordpress/certificate.ts';
import { defineCheck } from '../finding.ts';

const soonDays = 14;
const dayMs = 24 * 60 * 60 * 1000;

/** The certificate of the site. */
export const certificateCheck = defineCheck({
  meanings: {
    'certificate-ok': { severity: 'ok', consequence: 'The connection is encrypted.', remedy: null },
    'certificate-ends': {
      severity: 'warning',
      consequence: 'From that day on the gateway cannot read the site, and serves what it kept.',
      remedy: 'Renew the certificate, and see why that did not happen by itself.',
    },
    'no-tls': {
      severity: 'note',
      consequence: 'Anybody on the way reads and changes what the gateway gets, credentials of clients included.',
      remedy: 'Give the address with https://, if the gateway does not reach the site by a network of its own.',
    },
  },
  async run({ root, now }, found) {
    const { protocol, host, hostname } = new URL(root.origin);
    if (protocol === 'http:') {
      const isOwnMachine = /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
      return isOwnMachine ? [] : [found('no-tls', `${root.origin} is read without TLS.`)];
    }
    const end = await readCertificateEnd(root.origin);
    if (end === null) return [];
    const days = Math.floor((end.getTime() - now()) / dayMs);
    const told = `The certificate of ${host} ends on ${end.toISOString().slice(0, 10)}, in ${days} days.`;
    return [days < soonDays ? found('certificate-ends', told) : found('certificate-ok', told)];
  },
});
