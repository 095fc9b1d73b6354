// Owns what people read: the table of a run, and the same in Markdown with the circumstances.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import { quantile } from './quantile.ts';
import type { Finding, Outcome, Row, Scale } from './row.ts';

/** A row with what it found. */
export interface MeasuredRow {
  readonly row: Pick<Row, 'id' | 'title'>;
  readonly outcome: Outcome;
}

const headings = ['Row', 'What', 'Median', 'Min – max', 'Target', ''];

/** The lines of a row: one for each finding. */
export function toLines({ row, outcome }: MeasuredRow): string[][] {
  if ('missing' in outcome) return [[row.title, `not available: ${outcome.missing}`, '', '', '', '']];
  return outcome.findings.map((finding, index) => {
    const { what, values, unit } = finding;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const spread = values.length > 1 ? `${print(low)} – ${print(high)}` : '';
    const [target, verdict] = judge(finding);
    return [index === 0 ? row.title : '', what, `${print(quantile(values, 0.5))} ${unit}`, spread, target, verdict];
  });
}

/** The target in words, and whether the median meets it. */
function judge({ values, unit, target }: Finding): [string, string] {
  if (!target) return ['', ''];
  const median = quantile(values, 0.5);
  const [bound, isMet] =
    'atLeast' in target
      ? [`≥ ${print(target.atLeast)}`, median >= target.atLeast]
      : [`≤ ${print(target.atMost)}`, median <= target.atMost];
  return [`${bound} ${unit}`, isMet ? 'met' : 'not met'];
}

function print(value: number): string {
  if (Number.isInteger(value) || value >= 100) return String(Math.round(value));
  return value.toPrecision(value < 1 ? 2 : 3);
}

/** A table for a terminal. */
export function printTable(rows: readonly MeasuredRow[]): string {
  const lines = [headings, ...rows.flatMap(toLines)];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A file that says what was measured where. */
export function printMarkdown(rows: readonly MeasuredRow[], scale: Scale): string {
  const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const length = 'seconds' in scale.load ? `${scale.load.seconds} s` : `${scale.load.amount} requests`;
  return [
    '# Results',
    '',
    'Written by `npm run bench -- --write`; see [README.md](README.md) for what the rows mean.',
    '',
    `- ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
    `- ${versions()}`,
    `- ${scale.rounds} rounds of ${length} with ${scale.connections} connections; cold rows: ${scale.coldQueries} queries a round`,
    '',
    toRow(headings),
    toRow(headings.map(() => '---')),
    ...rows.flatMap(toLines).map(toRow),
    '',
  ].join('\n');
}

const manifestSchema = z.object({ version: z.string() });

function versions(): string {
  const names = ['graphql-yoga', 'graphql', 'undici', 'autocannon'];
  const versionOf = (path: string) =>
    manifestSchema.parse(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))).version;
  const own = `Headgate ${versionOf('../package.json')}`;
  return [own, ...names.map((name) => `${name} ${versionOf(`../node_modules/${name}/package.json`)}`)].join(', ');
}
