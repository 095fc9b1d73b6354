// Owns the check of permalinks.

import { defineCheck } from '../finding.ts';

/** Whether content has addresses of its own. */
export const permalinksCheck = defineCheck({
  atStart: true,
  meanings: {
    'permalinks-ok': { severity: 'ok', consequence: 'nodeByUri takes paths such as /about/.', remedy: null },
    'permalinks-plain': {
      severity: 'note',
      consequence: 'Every uri is of the form /?p=1, and front ends that make paths of uris have one page only.',
      remedy: 'Choose another structure than "Plain" in WordPress: Settings → Permalinks.',
    },
  },
  run({ root }, found) {
    if (root.style === 'query') return [found('permalinks-plain', 'The site has plain permalinks.')];
    return [found('permalinks-ok', 'Content has addresses of its own.')];
  },
});
