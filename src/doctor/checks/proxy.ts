// Owns the check of proxies that the machine is told to use, and the gateway does not.

import { defineMachineCheck } from '../finding.ts';

/** Proxies for requests to the site. */
export const proxyCheck = defineMachineCheck({
  meanings: {
    'proxy-unused': {
      severity: 'note',
      consequence: 'The gateway connects to the site itself; where only the proxy may, it gets no answer.',
      remedy: 'Allow connections from the gateway to the site.',
    },
  },
  run({ proxies }, found) {
    if (proxies.length === 0) return [];
    return [
      found('proxy-unused', `The environment names a proxy (${proxies.join(', ')}), which the gateway does not use.`),
    ];
  },
});
