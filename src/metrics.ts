// Owns the metrics of the process: counters that cost an addition, and their form for Prometheus.

import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Where an answer came from; `none`: it is kept for nobody. */
export type AnswerSource = 'hit' | 'stale' | 'miss' | 'none';

/** What became of a webhook that came: it purged, it had come before, or it was refused. */
export type WebhookHeard = 'taken' | 'known' | 'refused';

/** What became of a webhook that was sent. */
export type WebhookTold = 'delivered' | 'retried' | 'refused' | 'failed';

/** Counts what the gateway does. */
export interface Metrics {
  /** An operation was answered. */
  answered(source: AnswerSource, errors: number): void;
  /** A stale answer was served, because it is made anew or because WordPress fails. */
  servedStale(reason: 'revalidation' | 'outage'): void;
  /** A client asked for more than the limit of this name. */
  limited(limit: string): void;
  /** Work was turned away, since the process has too much of it. */
  turnedAway(): void;
  /** An error reached the process that nobody had expected. */
  unhandled(): void;
  /** WordPress was asked this often. */
  asked(requests: number): void;
  /** So many answers were dropped by a purge. */
  purged(answers: number): void;
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

/** Media type of what {@link printMetrics} prints. */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Metrics of this process, with those of Node.js. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answers: Record<AnswerSource, number> = { hit: 0, stale: 0, miss: 0, none: 0 };
  const stale = { revalidation: 0, outage: 0 };
  const beyond = new Map<string, number>();
  const heard: Record<WebhookHeard, number> = { taken: 0, known: 0, refused: 0 };
  const told: Record<WebhookTold, number> = { delivered: 0, retried: 0, refused: 0, failed: 0 };
  let [withErrors, requests, dropped, followers] = [0, 0, 0, 0];
  let [turnedAway, unhandled] = [0, 0];

  /** A counter that is read off when somebody asks: the way of an answer is too short for labels. */
  const counter = (
    name: string,
    help: string,
    fill: (counter: Counter<'cache' | 'limit' | 'reason' | 'result'>) => void,
  ) =>
    new Counter({
      name,
      help,
      labelNames: ['cache', 'limit', 'reason', 'result'],
      registers: [registry],
      collect() {
        this.reset();
        fill(this);
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
  counter('headgate_upstream_requests_total', 'Requests that WordPress was sent.', (total) => total.inc(requests));
  counter('headgate_purged_answers_total', 'Answers that a purge dropped.', (total) => total.inc(dropped));
  counter('headgate_webhooks_received_total', 'Webhooks that came, by what became of them.', (total) => {
    for (const [result, count] of Object.entries(heard)) total.inc({ result }, count);
  });
  counter('headgate_webhooks_sent_total', 'Attempts to send webhooks, by what became of them.', (total) => {
    for (const [result, count] of Object.entries(told)) total.inc({ result }, count);
  });
  new Gauge({
    name: 'headgate_subscriptions',
    help: 'Clients that follow changes.',
    registers: [registry],
    collect() {
      this.set(followers);
    },
  });

  counter('headgate_turned_away_total', 'Operations that were not run since there were too many.', (total) => {
    total.inc(turnedAway);
  });
  counter('headgate_unhandled_errors_total', 'Errors that nobody had expected.', (total) => total.inc(unhandled));
  let isSharing = 0;
  new Gauge({
    name: 'headgate_redis_usable',
    help: 'Processes that share what they know through Redis at this moment.',
    registers: [registry],
    collect() {
      this.set(isSharing);
    },
  });

  return {
    answered(source, errors) {
      answers[source] += 1;
      if (errors > 0) withErrors += 1;
    },
    servedStale(reason) {
      stale[reason] += 1;
    },
    limited: (limit) => void beyond.set(limit, (beyond.get(limit) ?? 0) + 1),
    turnedAway() {
      turnedAway += 1;
    },
    unhandled() {
      unhandled += 1;
    },
    asked(count) {
      requests += count;
    },
    purged(count) {
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
