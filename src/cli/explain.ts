// Owns `headgate explain`: what a code means, where it comes from and what would help.

import { type Explained, explain, explainAll } from '../explain/explain.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** `headgate explain <code>` */
export const explainCommand: Command = {
  name: 'headgate explain',
  description: 'Tell what an error code, a finding, a limit or a setting means; without one, list them all.',
  args: {
    code: { type: 'positional', required: false, description: 'As in UPSTREAM_TIMEOUT, users-blocked, depth or PORT.' },
    json: { type: 'boolean', description: 'Print JSON.' },
  },
  run(args) {
    if (typeof args['code'] !== 'string') {
      const all = explainAll();
      process.stdout.write(args['json'] ? `${JSON.stringify(all)}\n` : printAll(all));
      return;
    }
    const explained = explain(args['code']);
    if ('nearest' in explained) {
      const guess = explained.nearest === null ? '' : ` Did you mean ${explained.nearest}?`;
      throw new UsageError(`"${args['code']}" is no code.${guess} headgate explain lists all of them.`);
    }
    process.stdout.write(args['json'] ? `${JSON.stringify(explained)}\n` : printExplained(explained));
  },
};

const headings: Readonly<Record<Explained['kind'], string>> = {
  error: 'Error codes',
  finding: 'Findings of the doctor',
  limit: 'Limits',
  setting: 'Settings',
};

function printAll(all: readonly Explained[]): string {
  const width = Math.max(...all.map(({ code }) => code.length));
  const groups = Object.entries(headings).map(([kind, heading]) => {
    const rows = all.filter((one) => one.kind === kind);
    // Of a finding it is what it leads to that tells what it is.
    const lines = rows.map(({ code, meaning, consequence }) => `  ${code.padEnd(width)}  ${consequence ?? meaning}`);
    return `${heading}\n${lines.join('\n')}\n`;
  });
  return groups.join('\n');
}

function printExplained({ code, kind, meaning, cause, consequence, remedy }: Explained): string {
  const rows = Object.entries({ Cause: cause, Consequence: consequence, Remedy: remedy ?? undefined });
  const told = rows.flatMap(([name, text]) => (text === undefined ? [] : [`${`${name}:`.padEnd(13)}${text}`]));
  return [`${code} (${kind})`, meaning, ...(told.length > 0 ? ['', ...told] : [])].join('\n').concat('\n');
}
