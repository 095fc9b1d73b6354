// Owns the check of how long WordPress takes: for a list, with what the choice of fields saves, and for all that was read.

import { type Examination, isFailed, type Reading, toRows } from '../examination.ts';
import { defineCheck, type Finding } from '../finding.ts';

const lean = ['id', 'slug', 'title', 'link'];
const count = 10;

/** A list as a query would ask for it. */
export function leanPosts(examination: Examination): Promise<Reading> {
  return examination.read('wp/v2/posts', { per_page: count, _fields: lean });
}

/** Whether lists are quick. */
export const speedCheck = defineCheck({
  meanings: {
    'speed-ok': { severity: 'ok', consequence: 'What is not cached is answered in about this time.', remedy: null },
    'slow-route': {
      severity: 'warning',
      consequence: 'What is not cached takes this long, for each step of a query.',
      remedy:
        'Look for slow plugins (Query Monitor tells), an object cache and a current PHP; raise FRESH_SECONDS and STALE_SECONDS meanwhile.',
    },
    'posts-unreadable': {
      severity: 'error',
      consequence: 'Queries of posts are errors.',
      remedy: 'Ask for the address with curl on this machine, and look at the error log of WordPress.',
    },
    'fields-ignored': {
      severity: 'warning',
      consequence: 'Every request brings whole objects, content and SEO included: slow for WordPress, and large.',
      remedy: 'Find the plugin or the cache that drops the parameter _fields from requests.',
    },
  },
  async run(examination, found) {
    const few = await leanPosts(examination);
    const findings: Finding[] = [];
    let told = '';
    if (!isFailed(few)) {
      if (few.status !== 200 || !Array.isArray(few.json)) {
        const what = few.status === 200 ? 'something else than a list' : few.outcome;
        findings.push(found('posts-unreadable', `${few.label}: ${what}.`));
      } else {
        const whole = await examination.read('wp/v2/posts', { per_page: count });
        const rows = toRows(few.json);
        if (rows.some((row) => Object.keys(row).some((key) => !lean.includes(key) && !key.startsWith('_')))) {
          findings.push(found('fields-ignored', `${few.label} has fields that were not asked for.`));
        }
        told = `${rows.length} posts took ${print(few)} with four fields, and ${print(whole)} as a whole.`;
      }
    }
    const slow = findSlow(examination);
    if (told !== '' && !slow.has(few.label)) findings.push(found('speed-ok', told));
    for (const [label, times] of slow) {
      findings.push(found('slow-route', label === few.label && told !== '' ? told : `${label} took ${times}.`));
    }
    return findings;
  },
});

/** How long slow routes took, by label: with some fields, and as a whole, where they were read so. */
function findSlow({ readings, slowMs }: Examination): ReadonlyMap<string, string> {
  const answered = readings.filter((reading) => !isFailed(reading));
  const slow = new Set(answered.filter(({ ms }) => ms > slowMs).map(({ label }) => label));
  return new Map(
    [...slow].map((label) => {
      const times = [true, false].flatMap((isLean) => {
        const ms = answered.filter((one) => one.label === label && one.isLean === isLean).map((one) => one.ms);
        const how = isLean ? 'with few fields' : 'as a whole';
        return ms.length > 0 ? `${Math.round(Math.max(...ms))} ms ${how}` : [];
      });
      return [label, times.join(', and ')];
    }),
  );
}

function print({ ms, bytes }: Reading): string {
  return `${Math.round(ms)} ms and ${(bytes / 1024).toFixed(1)} KB`;
}
