// `headgate warm` asks for each page of the sitemaps of a real site; what it asked is answered without WordPress then.

import { expect, inject, it, vi } from 'vitest';
import { warmCommand } from '../../src/cli/warm.ts';
import { usualOperation } from '../../src/cli/warm-operations.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { readSitemaps } from '../../src/wordpress/sitemap.ts';
import { openGateway } from '../support/gateway.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

it('warms what the sitemaps name', async () => {
  const { url } = inject('wordpress');
  const { logger, lines, takeErrors } = createRecordingLogger();
  const settings = { WORDPRESS_URL: url, HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  await using headgate = await startHeadgate(loadConfig({ ...settings, PORT: '0' }), logger);
  const said: string[] = [];
  const log = vi.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text)));
  const progress = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const args = { url, gateway: headgate.url, limit: '12', 'discovery-file': 'off' };
    await warmCommand.run(args, new AbortController().signal);
    expect(progress.mock.calls.map(([text]) => String(text)).join('')).toMatch(/12\/12/);
  } finally {
    log.mockRestore();
    progress.mockRestore();
  }
  expect(said).toEqual([`12 of 12 asked of ${headgate.url}/graphql are warm.`]);

  await using gateway = await openGateway(url);
  const { client, site } = gateway.parts;
  const addresses = await readSitemaps((target) => client.readPage({ method: 'GET', target }), site, 12);
  expect(new Set(addresses).size).toBe(12);
  for (const uri of addresses) {
    const response = await fetch(`${headgate.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: usualOperation, variables: { uri } }),
    });
    const { data } = await response.json();
    expect(data.nodeByUri, uri).not.toBeNull();
    expect(lines.findLast(({ msg }) => msg === 'operation')?.['cache'], uri).toBe('hit');
  }
  expect(takeErrors()).toEqual([]);
}, 180_000);
