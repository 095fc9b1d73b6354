// Owns the page of all codes for the documentation, from the same tables that the program speaks from.

import { limitRefusals } from '../limits.ts';
import { type Explained, explainAll } from './explain.ts';

/** Markdown. */
export function printErrors(): string {
  const all = explainAll();
  const of = (kind: Explained['kind']) => all.filter((one) => one.kind === kind);
  return `${[
    '# Errors and findings',
    'Codes are stable, and the same everywhere: in `extensions.code` of GraphQL errors, in logs, and on this page.\n`headgate explain <code>` tells the same in a terminal. Printed by `npm run print`.',
    '## Error codes',
    printTable(
      ['Code', 'What it means', 'Likely cause', 'Remedy'],
      of('error').map(({ code, meaning, cause, remedy }) => [`\`${code}\``, meaning, cause ?? '', remedy ?? '']),
    ),
    '## Limits',
    'What `extensions.limit.name` names in an error with the code `LIMIT_EXCEEDED`, with the default values.',
    printTable(
      ['Name', 'What a client reads'],
      [...limitRefusals()].map(([name, refusal]) => [`\`${name}\``, refusal]),
    ),
    '## Findings of the doctor',
    '`headgate doctor` examines a site; `--json` has the same ids. It exits with 2 where there is an error, with 1 where\nthere is a warning, and else with 0.',
    printTable(
      ['Finding', 'Severity', 'Consequence', 'Remedy'],
      of('finding').map(({ code, meaning, consequence, remedy }) => [
        `\`${code}\``,
        /\((\w+)\)/.exec(meaning)?.[1] ?? '',
        consequence ?? '',
        remedy ?? '',
      ]),
    ),
  ].join('\n\n')}\n`;
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
