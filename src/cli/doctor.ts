// Owns `headgate doctor`: what a site gives and does not give, as text or JSON, and an exit code to go by.

import { loadConfig } from '../config/load-config.ts';
import { examine, type Report } from '../doctor/examine.ts';
import { type Severity, severities, worstOf } from '../doctor/finding.ts';
import { toCircumstances } from '../status/circumstances.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import type { Command } from './command.ts';
import { printFindings } from './print-findings.ts';

/** Exit code by the worst finding. */
const exitCodes: Readonly<Record<Severity, number>> = { ok: 0, note: 0, warning: 1, error: 2 };

/** `headgate doctor [url]` */
export const doctorCommand: Command = {
  name: 'headgate doctor',
  description:
    'Examine a site: what it gives, what it does not, and what would help. Exits with 1 for warnings, 2 for errors.',
  args: {
    ...siteArgument,
    json: { type: 'boolean', description: 'Print JSON: findings with id, severity, finding, consequence and remedy.' },
    ...settingArguments,
  },
  async run(args) {
    const config = loadConfig(undefined, toSettings(args));
    const tellsProgress = process.stderr.isTTY && !args['json'];
    const report = await examine({
      ...toCircumstances(config),
      site: config.wordpressUrl,
      timeoutMs: config.upstream.timeoutMs,
      ...(tellsProgress
        ? { onProgress: (done, all) => process.stderr.write(`\r\u001b[KLooking… ${done}/${all}`) }
        : {}),
    });
    if (tellsProgress) process.stderr.write('\r\u001b[K');
    const site = config.wordpressUrl;
    process.stdout.write(args['json'] ? printJson(site, report) : printText(site, report));
    process.exitCode = exitCodes[worstOf(report.findings)];
  },
};

function printJson(site: string, { root, requests, findings }: Report): string {
  return `${JSON.stringify({ site, root, requests, severity: worstOf(findings), findings }, null, 2)}\n`;
}

function printText(site: string, { requests, findings }: Report): string {
  const counts = severities.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity === 'ok' ? 'ok' : `${severity}${count === 1 ? '' : 's'}`}`;
  });
  const end = `${counts.reverse().join(', ')}; ${requests} requests. headgate explain <id> tells more.`;
  return `${site}\n\n${printFindings(findings, process.stdout)}\n${end}\n`;
}
