// The metrics keep the conventions of Prometheus, and the dashboard asks for none that does not exist.

import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, printMetrics } from '../../src/metrics.ts';
import { type MetricFamily, readMetricFamilies } from '../support/print-reference.ts';

let families: MetricFamily[];

beforeAll(async () => {
  families = await readMetricFamilies();
});

describe('metrics', () => {
  it('are what promtool would let pass', () => {
    const complaints = families.flatMap(({ name, help, type }) => [
      ...(help === '' ? [`${name} has no help text`] : []),
      ...(type === 'counter' && !name.endsWith('_total') ? [`counter ${name} does not end in _total`] : []),
      ...(type !== 'counter' && name.endsWith('_total') ? [`${type} ${name} ends in _total`] : []),
      ...(/[A-Z]|:/.test(name) ? [`${name} has capitals or colons`] : []),
      ...(/_(?:gauge|counter|histogram|summary)(?:_|$)/.test(name) ? [`${name} has its type in its name`] : []),
      ...(/_(?:ms|milliseconds|minutes|hours|kb|kilobytes|mb|percent)(?:_|$)/.test(name)
        ? [`${name} is not in base units`]
        : []),
      ...(type !== 'histogram' && type !== 'summary' && /_(?:bucket|count|sum)$/.test(name)
        ? [`${name} ends as a part of a histogram`]
        : []),
    ]);
    expect(complaints).toEqual([]);
  });

  it('are few, and those of the gateway are told by their prefix', () => {
    const own = families.filter(({ name }) => name.startsWith('headgate_'));
    expect(own.length).toBeLessThanOrEqual(25);
    expect(families.filter((family) => !own.includes(family)).map(({ name }) => name.replace(/_.*/, ''))).not.toContain(
      'headgate',
    );
    expect([...new Set(families.map(({ name }) => name.replace(/_.*/, '')))].sort()).toEqual([
      'headgate',
      'nodejs',
      'process',
    ]);
    expect(families.map(({ name }) => name)).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it('have no label that may have any number of values', async () => {
    const metrics = createMetrics();
    for (let index = 0; index < 500; index += 1) metrics.asked(`/plugin/v1/${index}x`, 'ok', 0.1);
    const text = await printMetrics([await metrics.snapshot()]);
    const routes = text.match(/^headgate_upstream_requests_total\{.*$/gm) ?? [];
    expect(routes.length).toBeLessThanOrEqual(61);
    expect(text).toContain('headgate_upstream_requests_total{route="other",outcome="ok"} 440');
  });

  it('look at the queue and the store when somebody asks', () => {
    const names = families.map(({ name }) => name);
    for (const name of ['upstream_queue_requests', 'upstream_slots', 'response_store_bytes', 'cache_lookups_total']) {
      expect(names).toContain(`headgate_${name}`);
    }
  });

  it('add up over the processes of a gateway', async () => {
    const [first, second] = [createMetrics(), createMetrics()];
    for (const metrics of [first, second]) {
      metrics.answered('miss', 0, 0.003);
      metrics.asked('/wp/v2/posts', 'ok', 0.3);
    }
    const text = await printMetrics([await first.snapshot(), await second.snapshot()]);
    expect(text).toContain('headgate_operations_total{cache="miss"} 2');
    expect(text).toContain('headgate_upstream_requests_total{route="/wp/v2/posts",outcome="ok"} 2');
    expect(text).toContain('headgate_operation_duration_seconds_count 2');
    expect(text).toContain('headgate_upstream_request_duration_seconds_bucket{le="0.5"} 2');
  });
});

interface Panel {
  readonly title: string;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly { readonly expr: string }[];
}

describe('the dashboard', () => {
  it('asks for metrics and labels that exist, and shows each metric of the gateway', async () => {
    const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
      await readFile('docs/grafana-dashboard.json', 'utf8'),
    );
    const queries = dashboard.panels
      .flatMap((panel) => [panel, ...(panel.panels ?? [])])
      .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(10);
    const known = new Map(families.map((family) => [family.name, family]));
    const find = (name: string) => known.get(name) ?? known.get(name.replace(/_(?:bucket|sum|count)$/, ''));
    const asked = new Set<string>();
    for (const query of queries) {
      const names = query.match(/\b(?:headgate|nodejs|process)_\w+/g) ?? [];
      expect(names, query).not.toEqual([]);
      const labels = new Set(['le', 'instance', 'job']);
      for (const name of names) {
        const family = find(name);
        expect(family, `${name} in ${query}`).toBeDefined();
        if (family) asked.add(family.name);
        for (const label of family?.labels ?? []) labels.add(label);
      }
      const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
      const matched = [...query.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label);
      for (const label of [...grouped, ...matched]) expect([...labels], `${label} in ${query}`).toContain(label);
    }
    const own = families.map(({ name }) => name).filter((name) => name.startsWith('headgate_'));
    expect(own.filter((name) => !asked.has(name))).toEqual([]);
  });
});
