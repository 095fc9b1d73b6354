// Owns `headgate explain`: what a code means, where it comes from and what would help.

import { type Explained, explain } from '../explain/explain.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** `headgate explain <code>` */
export const explainCommand: Command = {
  name: 'headgate explain',
  description: 'Tell what an error code, a finding, a limit or a setting means.',
  args: {
    code: { type: 'positional', required: false, description: 'As in UPSTREAM_TIMEOUT, users-blocked, depth or PORT.' },
    json: { type: 'boolean', description: 'Print JSON.' },
  },
  run(args) {
    if (typeof args['code'] !== 'string')
      throw new UsageError('Say which code, as in headgate explain UPSTREAM_TIMEOUT.');
    const explained = explain(args['code']);
    if ('nearest' in explained) {
      const guess = explained.nearest === null ? '' : ` Did you mean ${explained.nearest}?`;
      throw new UsageError(`"${args['code']}" is no code.${guess} docs/errors.md has all of them.`);
    }
    process.stdout.write(args['json'] ? `${JSON.stringify(explained)}\n` : printExplained(explained));
  },
};

function printExplained({ code, kind, meaning, cause, consequence, remedy }: Explained): string {
  const rows = Object.entries({ Cause: cause, Consequence: consequence, Remedy: remedy ?? undefined });
  const told = rows.flatMap(([name, text]) => (text === undefined ? [] : [`${`${name}:`.padEnd(13)}${text}`]));
  return [`${code} (${kind})`, meaning, ...(told.length > 0 ? ['', ...told] : [])].join('\n').concat('\n');
}
