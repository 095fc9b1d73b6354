// Owns the check of routes that fail while others answer.

import { isFailed } from '../examination.ts';
import { defineCheck } from '../finding.ts';

/** Routes without an answer, or with one that says that WordPress failed. */
export const failuresCheck = defineCheck({
  atStart: true,
  meanings: {
    'route-failing': {
      severity: 'error',
      consequence: 'What comes from that route is null with an error, or what it was before.',
      remedy: 'Look at the error log of WordPress and its host; a plugin that fails there may be switched off.',
    },
  },
  run({ readings }, found) {
    // A route is read with different fields for different checks.
    const failed = new Map(readings.filter(isFailed).map(({ label, outcome }) => [label, outcome]));
    return [...failed].map(([label, outcome]) => found('route-failing', `${label}: ${outcome}.`));
  },
});
