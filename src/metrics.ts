// Owns the metrics of the process: counters that cost an addition, and their form for Prometheus.

import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { countLostLines } from './log.ts';

/** Where an answer came from; `none`: it is kept for nobody. */
export type AnswerSource = 'hit' | 'stale' | 'miss' | 'none';

/** What became of a webhook that came: it purged, it had come before, or it was refused. */
export type WebhookHeard = 'taken' | 'known' | 'refused';

/** What became of a webhook that was sent. */
export type WebhookTold = 'delivered' | 'retried' | 'refused' | 'failed';

/** Where a part of an answer may be kept. */
export type CacheTier = 'memory' | 'redis';

/** Requests to WordPress at this moment. */
export interface QueueState {
  /** Requests that wait for a slot. */
  readonly waiting: number;
  /** Requests that have one. */
  readonly active: number;
  /** How many may have one. */
  readonly slots: number;
}

/** What a store of answers holds at this moment. */
export interface StoreState {
  readonly answers: number;
  /** Memory that they are reckoned to take. */
  readonly bytes: number;
}

/** Counts what is asked of WordPress. */
export interface UpstreamMetrics {
  /**
   * WordPress was sent a request, or tried again: its route without ids, `ok` or the code of the error or `left` where
   * nobody waited any more and it was not gone on with, and how long it took.
   */
  asked(route: string, outcome: string, seconds: number): void;
  /** Where to look how many requests wait. */
  watchQueue(look: () => QueueState): void;
}

/** Counts what the gateway does. */
export interface Metrics extends UpstreamMetrics {
  /** An operation was answered, after so long. */
  answered(source: AnswerSource, errors: number, seconds: number): void;
  /** An answer had an error with this code. */
  failed(code: string): void;
  /** Parts of answers were looked up: so many were known, so many not. */
  lookedUp(tier: CacheTier, hits: number, misses: number): void;
  /** Where to look what the store of answers holds. */
  watchStore(look: () => StoreState): void;
  /** A stale answer was served, because it is made anew or because WordPress fails. */
  servedStale(reason: 'revalidation' | 'outage'): void;
  /** A client asked for more than the limit of this name. */
  limited(limit: string): void;
  /** Work was turned away, since the process has too much of it. */
  turnedAway(): void;
  /** A connection was closed since its client did not take its answers. */
  untaken(): void;
  /** An error reached the process that nobody had expected. */
  unhandled(): void;
  /** A purge, by tags or of everything, dropped so many answers. */
  purged(answers: number, scope: 'tags' | 'everything'): void;
  /** A webhook came. */
  heard(result: WebhookHeard): void;
  /** A webhook was sent, or is to be sent again. */
  told(result: WebhookTold): void;
  /** So many clients more or less follow changes. */
  following(difference: 1 | -1): void;
  /** Redis is in use, or not any more. */
  sharing(isUsable: boolean): void;
  /** As other processes can take it in. */
  snapshot(): Promise<object[]>;
}

const labels = ['cache', 'code', 'limit', 'reason', 'result', 'scope', 'tier'] as const;
type Label = (typeof labels)[number];

/** Media type of what {@link printMetrics} prints. */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Routes that are told apart: a site's plugins have any number of them. */
const maxRoutes = 60;
/** Of prom-client's metrics, those that change with each connection and tell nobody anything. */
const noise = ['handles', 'requests', 'resources'].flatMap((name) => [
  `nodejs_active_${name}`,
  `nodejs_active_${name}_total`,
]);
const secondsOfUpstream = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const secondsOfOperations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of this process, with those of Node.js. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of noise) registry.removeSingleMetric(name);
  const answers: Record<AnswerSource, number> = { hit: 0, stale: 0, miss: 0, none: 0 };
  const stale = { revalidation: 0, outage: 0 };
  const beyond = new Map<string, number>();
  const heard: Record<WebhookHeard, number> = { taken: 0, known: 0, refused: 0 };
  const told: Record<WebhookTold, number> = { delivered: 0, retried: 0, refused: 0, failed: 0 };
  const failures = new Map<string, number>();
  const looks: Record<CacheTier, { hit: number; miss: number }> = {
    memory: { hit: 0, miss: 0 },
    redis: { hit: 0, miss: 0 },
  };
  const purges = { tags: 0, everything: 0 };
  const routes = new Set<string>();
  let [withErrors, dropped, followers] = [0, 0, 0];
  let [turnedAway, untaken, unhandled] = [0, 0, 0];
  let lookAtQueue = (): QueueState => ({ waiting: 0, active: 0, slots: 0 });
  let lookAtStore = (): StoreState => ({ answers: 0, bytes: 0 });

  /** A counter that is read off when somebody asks: the way of an answer is too short for labels. */
  const counter = (name: string, help: string, fill: (counter: Counter<Label>) => void) =>
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  counter('headgate_operations_total', 'Operations that were answered, by where the answer came from.', (total) => {
    for (const [cache, count] of Object.entries(answers)) total.inc({ cache }, count);
  });
  counter('headgate_operations_with_errors_total', 'Operations whose answer had errors.', (total) => {
    total.inc(withErrors);
  });
  counter('headgate_stale_answers_total', 'Answers that were stale, by why they were served.', (total) => {
    for (const [reason, count] of Object.entries(stale)) total.inc({ reason }, count);
  });
  counter('headgate_limits_exceeded_total', 'Errors of clients that asked for more than a limit.', (total) => {
    for (const [limit, count] of beyond) total.inc({ limit }, count);
  });
  const operationSeconds = new Histogram({
    name: 'headgate_operation_duration_seconds',
    help: 'How long operations took whose answer had to be made.',
    buckets: secondsOfOperations,
    registers: [registry],
  });
  counter('headgate_graphql_errors_total', 'Errors in answers, by their code.', (total) => {
    for (const [code, count] of failures) total.inc({ code }, count);
  });
  const upstreamTotal = new Counter({
    name: 'headgate_upstream_requests_total',
    help: 'Requests that WordPress was sent, by route and by what became of them: ok, left or the code of an error.',
    labelNames: ['route', 'outcome'],
    registers: [registry],
  });
  const upstreamSeconds = new Histogram({
    name: 'headgate_upstream_request_duration_seconds',
    help: 'How long WordPress took for a request.',
    buckets: secondsOfUpstream,
    registers: [registry],
  });
  gauge('headgate_upstream_queue_requests', 'Requests that wait for a slot.', () => lookAtQueue().waiting);
  gauge('headgate_upstream_active_requests', 'Requests that WordPress is working on.', () => lookAtQueue().active);
  gauge('headgate_upstream_slots', 'How many requests WordPress gets at the same time.', () => lookAtQueue().slots);
  counter('headgate_cache_lookups_total', 'Parts of answers that were looked up, by tier and result.', (total) => {
    for (const [tier, counts] of Object.entries(looks)) {
      for (const [result, count] of Object.entries(counts)) total.inc({ tier, result }, count);
    }
  });
  gauge('headgate_response_store_answers', 'Whole answers that are kept.', () => lookAtStore().answers);
  gauge('headgate_response_store_bytes', 'Memory that they are reckoned to take.', () => lookAtStore().bytes);
  counter('headgate_purges_total', 'Purges, by tags or of everything.', (total) => {
    for (const [scope, count] of Object.entries(purges)) total.inc({ scope }, count);
  });
  counter('headgate_purged_answers_total', 'Answers that a purge dropped.', (total) => total.inc(dropped));
  counter('headgate_webhooks_received_total', 'Webhooks that came, by what became of them.', (total) => {
    for (const [result, count] of Object.entries(heard)) total.inc({ result }, count);
  });
  counter('headgate_webhooks_sent_total', 'Attempts to send webhooks, by what became of them.', (total) => {
    for (const [result, count] of Object.entries(told)) total.inc({ result }, count);
  });
  gauge('headgate_subscriptions', 'Clients that follow changes.', () => followers);
  counter('headgate_turned_away_total', 'Operations that were not run since there were too many.', (total) => {
    total.inc(turnedAway);
  });
  counter('headgate_untaken_answers_total', 'Clients cut off since they did not take their answers.', (total) => {
    total.inc(untaken);
  });
  counter('headgate_unhandled_errors_total', 'Errors that nobody had expected.', (total) => total.inc(unhandled));
  counter('headgate_log_lines_lost_total', 'Lines of the log that could not be written.', (total) => {
    total.inc(countLostLines());
  });
  let isSharing = 0;
  gauge('headgate_redis_usable', 'Processes that share what they know through Redis at this moment.', () => isSharing);

  return {
    answered(source, errors, seconds) {
      answers[source] += 1;
      if (errors > 0) withErrors += 1;
      if (source === 'miss' || source === 'none') operationSeconds.observe(seconds);
    },
    failed: (code) => void failures.set(code, (failures.get(code) ?? 0) + 1),
    asked(route, outcome, seconds) {
      if (routes.size < maxRoutes) routes.add(route);
      upstreamTotal.inc({ route: routes.has(route) ? route : 'other', outcome });
      upstreamSeconds.observe(seconds);
    },
    watchQueue(look) {
      lookAtQueue = look;
    },
    lookedUp(tier, hits, misses) {
      looks[tier].hit += hits;
      looks[tier].miss += misses;
    },
    watchStore(look) {
      lookAtStore = look;
    },
    servedStale(reason) {
      stale[reason] += 1;
    },
    limited: (limit) => void beyond.set(limit, (beyond.get(limit) ?? 0) + 1),
    turnedAway() {
      turnedAway += 1;
    },
    untaken() {
      untaken += 1;
    },
    unhandled() {
      unhandled += 1;
    },
    purged(count, scope) {
      purges[scope] += 1;
      dropped += count;
    },
    heard(result) {
      heard[result] += 1;
    },
    told(result) {
      told[result] += 1;
    },
    following(difference) {
      followers += difference;
    },
    sharing(isUsable) {
      isSharing = Number(isUsable);
    },
    snapshot: () => registry.getMetricsAsJSON(),
  };
}

/** The metrics of one or more processes as one text (Prometheus exposition format 0.0.4). */
export function printMetrics(snapshots: readonly (readonly object[])[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}
