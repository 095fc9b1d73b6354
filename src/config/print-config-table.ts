// Owns the table of all settings for the documentation, from the same declaration that reads them.

import { metaOf } from './declare-setting.ts';
import { environment } from './settings.ts';

/** A Markdown table of all settings. */
export function printConfigTable(): string {
  const rows = Object.entries(environment.shape).map(([name, schema]) => {
    const required = !schema.safeParse(undefined).success;
    const { data } = schema.safeParse(undefined);
    const fallback = typeof data === 'object' ? undefined : data;
    return [`\`${name}\``, required ? 'required' : printDefault(fallback), metaOf(schema)?.description ?? ''];
  });
  const lines = [['Variable', 'Default', 'What it does'], ['---', '---', '---'], ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function printDefault(value: string | number | undefined): string {
  if (value === undefined) return '';
  const number = typeof value === 'number' && value >= 1024 * 1024 && value % (1024 * 1024) === 0;
  return number ? `\`${value}\` (${value / 1024 / 1024} MiB)` : `\`${value}\``;
}
