// Owns the check of users: security plugins like to hide them.

import { isFailed, toRows } from '../examination.ts';
import { defineCheck } from '../finding.ts';

/** Whether authors can be read. */
export const usersCheck = defineCheck({
  atStart: true,
  meanings: {
    'users-shown': { severity: 'ok', consequence: 'Authors of content have names, pictures and pages.', remedy: null },
    'users-blocked': {
      severity: 'warning',
      consequence:
        'users is an error; author { node } has what SEO metadata tells of its name, and otherwise its id only.',
      remedy: 'Allow GET /wp/v2/users in the security plugin or the firewall that closes it.',
    },
    'users-none': {
      severity: 'note',
      consequence: 'users is empty. WordPress shows those only who have published something.',
      remedy: 'Nothing, if nobody has; else look for a plugin that hides authors.',
    },
  },
  async run(examination, found) {
    const reading = await examination.read('wp/v2/users', { per_page: 1, _fields: ['id', 'name'] });
    const { status, json, label, outcome } = reading;
    if (isFailed(reading)) return [];
    if (status !== 200 || !Array.isArray(json)) {
      const what = status === 200 ? 'something else than a list' : outcome;
      return [found('users-blocked', `Users are hidden from visitors (${label}: ${what}).`)];
    }
    return toRows(json).length > 0
      ? [found('users-shown', 'Users are shown.')]
      : [found('users-none', 'No user is shown.')];
  },
});
