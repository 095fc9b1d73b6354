// Owns pages of reference that are printed from the program: its metrics, and its commands.

import type { ArgsDef } from 'citty';
import type { Command } from '../../src/cli/command.ts';
import { createMetrics, printMetrics } from '../../src/metrics.ts';

/** A metric with all its samples. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  /** Names of the labels of its samples. */
  readonly labels: ReadonlySet<string>;
}

/** The metrics of a process in which each of them has happened. */
export async function readMetricFamilies(): Promise<MetricFamily[]> {
  const metrics = createMetrics();
  metrics.answered('miss', 1, 0.02);
  metrics.failed('UPSTREAM_TIMEOUT');
  metrics.limited('depth');
  metrics.asked('/wp/v2/posts', 'ok', 0.1);
  metrics.watchQueue(() => ({ waiting: 3, active: 2, slots: 4 }));
  metrics.watchStore(() => ({ answers: 7, bytes: 7000 }));
  return parseFamilies(await printMetrics([await metrics.snapshot()]));
}

/** Reads the exposition format as far as rules about names need it. */
function parseFamilies(text: string): MetricFamily[] {
  const families = new Map<string, { help: string; type: string; labels: Set<string> }>();
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind !== undefined) {
      const family = families.get(name) ?? { help: '', type: '', labels: new Set<string>() };
      families.set(name, { ...family, ...(kind === 'HELP' ? { help: rest } : { type: rest }) });
      continue;
    }
    const [, sample = '', labels = ''] = /^([a-z_:\d]+)(?:\{(.*)\})? \S+$/i.exec(line) ?? [];
    const family = families.get(sample) ?? families.get(sample.replace(/_(?:bucket|sum|count)$/, ''));
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) family?.labels.add(label);
  }
  return [...families].map(([name, family]) => ({ name, ...family }));
}

/** Markdown of all metrics. */
export async function printMetricsPage(): Promise<string> {
  const families = await readMetricFamilies();
  const rows = families
    .filter(({ name }) => name.startsWith('headgate_'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, help }) => {
      const own = [...labels].filter((label) => label !== 'le').map((label) => `\`${label}\``);
      return [`\`${name}\``, type, own.join(', '), help];
    });
  return `${[
    '# Metrics',
    'What `/metrics` tells Prometheus; with `WORKERS` the sum over all processes. Printed by `npm run print`. A\n[dashboard](grafana-dashboard.json) for Grafana shows all of them: [how to see it run](observability.md).',
    printTable(['Metric', 'Type', 'Labels', 'What it counts'], rows),
    'Beside them there is what [prom-client](https://github.com/siimon/prom-client) tells of each process of Node.js:\n`nodejs_eventloop_lag_*_seconds` (how late the process is with its work), `nodejs_heap_*`, `nodejs_gc_duration_seconds`,\n`process_cpu_*`, `process_resident_memory_bytes`, and others that depend on the system.',
  ].join('\n\n')}\n`;
}

/** Markdown of all commands. Flags that are settings are in the table of settings. */
export function printCommandsPage(commands: readonly Command[], settings: ArgsDef): string {
  const sections = commands.map(({ name, description, args }) => {
    const own = Object.entries(args).filter(([flag]) => !(flag in settings));
    const rows = own.map(([flag, argument]) => [
      argument.type === 'positional' ? `\`[${flag}]\`` : `\`--${flag}\``,
      argument.description ?? '',
    ]);
    const takesSettings = Object.keys(args).some((flag) => flag in settings);
    return [
      `## \`${name}\``,
      description,
      ...(rows.length > 0 ? [printTable(['Argument', 'What it does'], rows)] : []),
      ...(takesSettings ? ['Takes the flags of all settings as well.'] : []),
    ].join('\n\n');
  });
  return `${[
    '# Commands',
    'Each [setting](../README.md#configure) is a flag: `PORT=8080` is `--port 8080`. `headgate <command> --help` lists them, and\n`headgate <url>` is short for `headgate start <url>`. Printed by `npm run print`.',
    ...sections,
  ].join('\n\n')}\n`;
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
