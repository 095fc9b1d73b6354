// Owns findings as text for people, worst first.

import { styleText } from 'node:util';
import { type Finding, type Severity, severities } from '../doctor/finding.ts';

const marks: Readonly<Record<Severity, readonly [mark: string, style: 'green' | 'blue' | 'yellow' | 'red']>> = {
  ok: ['✓', 'green'],
  note: ['i', 'blue'],
  warning: ['!', 'yellow'],
  error: ['✗', 'red'],
};

/** A block of lines for each finding; colours where the stream is a terminal that has them. */
export function printFindings(findings: readonly Finding[], stream: NodeJS.WriteStream): string {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const sorted = [...findings].sort((a, b) => rank(b) - rank(a));
  return sorted.map((finding) => printFinding(finding, stream)).join('');
}

function printFinding({ id, severity, finding, consequence, remedy }: Finding, stream: NodeJS.WriteStream): string {
  const [mark, style] = marks[severity];
  const lines = [`${styleText(style, mark, { stream })} ${finding} ${styleText('dim', id, { stream })}`];
  if (severity !== 'ok') lines.push(`  ${consequence}`);
  if (remedy !== null) lines.push(`  → ${remedy}`);
  return `${lines.join('\n')}\n`;
}
