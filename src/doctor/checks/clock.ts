// Owns the check of clocks.

import { defineCheck } from '../finding.ts';

const tolerableSeconds = 60;

/** Whether WordPress and the gateway agree on the time. */
export const clockCheck = defineCheck({
  meanings: {
    'clock-ok': { severity: 'ok', consequence: 'Times of the site are those of the gateway.', remedy: null },
    'clock-skew': {
      severity: 'warning',
      consequence: 'What changed lately is found too late or twice, and scheduled content appears at the wrong time.',
      remedy: 'Synchronise the clocks of both machines (NTP).',
    },
  },
  run({ readings, now }, found) {
    const offsets = readings.flatMap(({ headers }) => {
      // The date of a kept answer is that of its making.
      const isKept = Number(headers.get('age') ?? 0) > 0;
      const date = Date.parse(headers.get('date') ?? '');
      return isKept || Number.isNaN(date) ? [] : [Math.round((date - now()) / 1000)];
    });
    const offset = offsets.sort((a, b) => Math.abs(a) - Math.abs(b)).at(0);
    if (offset === undefined) return [];
    if (Math.abs(offset) <= tolerableSeconds) return [found('clock-ok', `The clocks differ by ${Math.abs(offset)} s.`)];
    const way = offset > 0 ? 'ahead of' : 'behind';
    return [found('clock-skew', `The clock of the site is ${Math.abs(offset)} s ${way} the one of the gateway.`)];
  },
});
