// Owns `headgate warm`: it asks a running gateway what its clients will ask, so that they need not wait.

import { loadConfig } from '../config/load-config.ts';
import { ConfigError } from '../errors.ts';
import { connectSite } from '../index.ts';
import { createLimits } from '../limits.ts';
import { createLogger } from '../log.ts';
import { readSitemaps } from '../wordpress/sitemap.ts';
import { settingArguments, siteArgument, toSettings } from './arguments.ts';
import { askGateway } from './ask-gateway.ts';
import type { Command } from './command.ts';
import { createProgress } from './progress.ts';
import { planOperations, readDocuments, usualOperation } from './warm-operations.ts';

/** A gateway answers within its own limits; what it has to wait for before and after takes no longer. */
const graceSeconds = 30;

/** `headgate warm [url]` */
export const warmCommand: Command = {
  name: 'headgate warm',
  description: 'Fill the cache of a running gateway.',
  args: {
    ...siteArgument,
    gateway: { type: 'string', description: 'Address of the gateway; http://localhost:PORT unless given.' },
    operations: {
      type: 'string',
      description:
        'File or folder of GraphQL documents; those with a variable $uri are asked for each page of the sitemap.',
    },
    parallel: { type: 'string', default: '2', description: 'How many are asked at the same time.' },
    limit: { type: 'string', default: '1000', description: 'How many pages of the sitemap are asked for at most.' },
    ...settingArguments,
  },
  async run(args) {
    const config = loadConfig(undefined, toSettings(args));
    const [parallel, limit] = [toCount('parallel', args['parallel'] ?? '2'), toCount('limit', args['limit'] ?? '1000')];
    const gateway = toEndpoint(String(args['gateway'] ?? `http://localhost:${config.server.port}`));
    const { operations: file } = args;
    const documents = typeof file === 'string' ? readDocuments(file) : [usualOperation];
    const addresses = documents.some((text) => text.includes('$uri')) ? await readAddresses(config, limit) : [];
    const { operations, leftOut } = planOperations(documents, addresses);
    if (leftOut > 0) console.error(`${leftOut} left out: no query, or one that needs other variables than $uri.`);
    const { length } = operations;
    const limits = createLimits(config.limits);
    const progress = createProgress(length, process.stderr);
    const { failed, why, notAsked } = await askGateway(gateway, operations, {
      parallel,
      timeoutMs: 1000 * (limits.max('seconds') + graceSeconds),
      maxBytes: 4 * limits.max('resultBytes'),
      onStep: progress.step,
    });
    progress.end();
    console.error(`${length - failed - notAsked} of ${length} asked of ${gateway} are warm.`);
    if (failed === 0) return;
    console.error(`${failed} failed; the first one: ${why}`);
    if (notAsked > 0) console.error(`The gateway does not answer: the other ${notAsked} were not asked.`);
    process.exit(1);
  },
};

async function readAddresses(config: Parameters<typeof connectSite>[0], limit: number): Promise<string[]> {
  const connection = await connectSite(config, createLogger('silent'));
  try {
    const read = (target: string) => connection.client.readPage({ method: 'GET', target });
    const addresses = await readSitemaps(read, connection.served.site, limit);
    if (addresses.length === 0) console.error('The site has no sitemap: nothing is asked by address.');
    return addresses;
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

function toEndpoint(gateway: string): string {
  if (!URL.canParse(gateway) || !/^https?:$/.test(new URL(gateway).protocol)) {
    throw new ConfigError(`--gateway is "${gateway}"; it must be an http(s) address such as http://localhost:4000.`);
  }
  const url = new URL(gateway);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

function toCount(name: string, value: string | true): number {
  const count = Number(value);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConfigError(`--${name} is "${value}"; it must be a whole number from 1 on.`);
}
