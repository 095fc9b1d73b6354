// Owns the check of JSON that is not alone: notices of PHP before it, leftovers of plugins behind it.

import { defineCheck } from '../finding.ts';

/** Whether answers are JSON and nothing else. */
export const jsonCheck = defineCheck({
  meanings: {
    'json-ok': { severity: 'ok', consequence: 'Answers are read as they are.', remedy: null },
    'json-notices': {
      severity: 'warning',
      consequence:
        'The gateway finds the JSON; other clients do not, and notices tell paths of the server to everybody.',
      remedy: 'Set WP_DEBUG_DISPLAY to false in wp-config.php, and mend what the notice tells.',
    },
  },
  run({ readings }, found) {
    const odd = readings.find(({ oddities }) => oddities.length > 0);
    if (!odd) return [found('json-ok', 'Answers are JSON and nothing else.')];
    return [found('json-notices', `${odd.label} has ${odd.oddities.join(' and ')}.`)];
  },
});
