// Owns the check of what is between the gateway and WordPress: caches that keep old answers, and answers that may not be kept.

import { isForEverybody } from '../../wordpress/read-answer.ts';
import type { Reading } from '../examination.ts';
import { defineCheck, type Finding } from '../finding.ts';

/** Headers in which caches say whether they had the answer. */
const told = [
  'cf-cache-status',
  'x-cache',
  'x-cache-status',
  'x-proxy-cache',
  'x-litespeed-cache',
  'x-kinsta-cache',
  'x-nginx-cache',
  'x-fastcgi-cache',
  'x-wp-cf-super-cache',
  'x-ac',
  'x-vercel-cache',
];

/** Names of what answers, by a header and what is in it. */
const between: readonly (readonly [name: string, header: string, value: RegExp])[] = [
  ['Cloudflare', 'server', /cloudflare/i],
  ['Fastly', 'x-served-by', /cache-/i],
  ['CloudFront', 'via', /cloudfront/i],
  ['Varnish', 'via', /varnish/i],
  ['Varnish', 'x-varnish', /\d/],
  ['LiteSpeed', 'server', /litespeed/i],
  ['Akamai', 'server', /akamai/i],
  ['Sucuri', 'server', /sucuri/i],
  ['WP Engine', 'x-powered-by', /wp engine/i],
  ['Kinsta', 'x-kinsta-cache', /./],
];

/** Caches in between. */
export const cachesCheck = defineCheck({
  meanings: {
    'in-between': {
      severity: 'ok',
      consequence: 'None, as long as it does not keep answers of the REST API.',
      remedy: null,
    },
    'rest-cached': {
      severity: 'warning',
      consequence:
        'What is published shows up only after that cache let go of it, whatever the gateway does, and where a webhook told of it before that, up to FRESH_SECONDS later.',
      remedy: 'Leave /wp-json/ out of that cache, or have it purged with each publication.',
    },
    'answers-private': {
      severity: 'warning',
      consequence:
        'Answers look made for one visitor: the gateway keeps none of them, and WordPress is asked each time.',
      remedy: 'Find the plugin that starts a session or sets a cookie in requests of the REST API.',
    },
  },
  run({ readings }, found) {
    const findings: Finding[] = [];
    const open = readings.filter(({ label, status }) => status === 200 && !label.endsWith('/me'));
    const names = new Set(
      open.flatMap(({ headers }) =>
        between.filter(([, name, value]) => value.test(headers.get(name) ?? '')).map(([name]) => name),
      ),
    );
    if (names.size > 0) findings.push(found('in-between', `Answers come through ${[...names].join(', ')}.`));
    const kept = open.flatMap((reading) => sayWhyKept(reading) ?? []).at(0);
    if (kept !== undefined) findings.push(found('rest-cached', kept));
    // What WordPress answers its own users is private, and should be.
    const single = open.find(({ headers, isOwn }) => !isOwn && !isForEverybody(headers));
    if (single)
      findings.push(
        found(
          'answers-private',
          `${single.label} ${single.headers.has('set-cookie') ? 'sets a cookie' : 'says that it is private'}.`,
        ),
      );
    return findings;
  },
});

function sayWhyKept({ label, headers }: Reading): string | null {
  const age = Number(headers.get('age') ?? 0);
  const says = told.find((name) => /\b(?:hit|stale|updating|revalidated)\b/i.test(headers.get(name) ?? ''));
  if (age <= 0 && says === undefined) return null;
  const seen = [
    ...(says === undefined ? [] : [`${says}: ${headers.get(says)}`]),
    ...(age > 0 ? [`age: ${age} s`] : []),
  ];
  return `${label} came from a cache (${seen.join(', ')}).`;
}
