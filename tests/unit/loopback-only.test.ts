// No test reaches beyond this machine, however it tries.

import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { logger } = createRecordingLogger();

it.each(['203.0.113.7', '2001:db8::7'])('a connection to %s fails at once', async (host) => {
  const error = await new Promise((resolve) => connect({ host, port: 80 }).once('error', resolve));
  expect(error).toMatchObject({ code: 'EPERM' });
});

it('and so do a name, and the client', async () => {
  const error = await new Promise((resolve) => connect({ host: 'wordpress.example', port: 80 }).once('error', resolve));
  expect(error).toMatchObject({ code: 'ENOTFOUND' });
  for (const origin of ['http://203.0.113.7', 'https://203.0.113.7', 'http://wordpress.example']) {
    await using client = createClient({ origin, path: '/wp-json/', style: 'path' }, { logger, random: () => 0 });
    await expect(client.request({ route: 'wp/v2/posts' })).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/EPERM|ENOTFOUND/) },
    });
  }
});

it('this machine is reached, by name as well', async () => {
  expect((await lookup('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/);
  const server = createServer((_request, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  for (const host of ['127.0.0.1', 'localhost']) {
    expect(await (await fetch(`http://${host}:${port}`)).text()).toBe('here');
  }
  server.closeAllConnections();
  server.close();
});
