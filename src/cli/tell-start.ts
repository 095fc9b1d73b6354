// Owns what people in a terminal are told at a start: where the gateway is, and what its site does not give.

import { styleText } from 'node:util';
import { decodeHTMLStrict } from 'entities';
import type { Config } from '../config/load-config.ts';
import { examine } from '../doctor/examine.ts';
import type { Headgate } from '../index.ts';
import { toCircumstances } from '../status/circumstances.ts';
import { printFindings } from './print-findings.ts';

/** Writes to stderr: stdout is for logs. */
export async function tellStart({ url, site, gateway }: Headgate, config: Config): Promise<void> {
  const stream = process.stderr;
  const strong = (text: string) => styleText('bold', text, { stream });
  const what = gateway.graphiql ? 'GraphiQL and the GraphQL API' : 'The GraphQL API';
  const name = site.name ? `${decodeHTMLStrict(site.name)} (${site.home})` : site.home;
  stream.write(`\n${what} of ${name}:\n${strong(`${url}/graphql`)}\n\n`);
  const { findings } = await examine({
    ...toCircumstances(config),
    site: { root: site.root, clue: 'address' },
    timeoutMs: config.upstream.timeoutMs,
    atStart: true,
  });
  const missing = findings.filter(({ severity }) => severity !== 'ok');
  if (missing.length === 0) {
    stream.write('The site gives everything that the gateway can show.\n\n');
    return;
  }
  const more = `headgate doctor ${config.wordpressUrl}`;
  stream.write(`${strong('What this site does not give, and what would help')}\n\n`);
  stream.write(`${printFindings(missing, stream)}\n${styleText('dim', `${more} looks closer.`, { stream })}\n\n`);
}
