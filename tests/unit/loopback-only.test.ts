// No test reaches beyond this machine, however it tries.

import { execFile } from 'node:child_process';
import { lookup } from 'node:dns';
import * as promises from 'node:dns/promises';
import { createServer } from 'node:http';
import { connect, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createClient } from '../../src/wordpress/client.ts';
import { createFetchFile } from '../../src/wordpress/fetch-file.ts';
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

it.each([[['192.0.2.2']], [['192.0.2.2', '2001:db8::2']]])('and so does a name that leads to %j', async (found) => {
  const lookup: LookupFunction = (_host, _options, done) =>
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  const options = { host: 'localhost', port: 80, lookup, autoSelectFamily: true };
  const error = await new Promise((resolve) => connect(options).once('error', resolve));
  expect(error).toMatchObject({ code: 'EPERM' });
  const fetchFile = createFetchFile({ allowedHosts: ['files.example'], resolve: async () => found });
  await expect(fetchFile('http://files.example/a.png')).rejects.toMatchObject({ cause: { code: 'EPERM' } });
});

it('nobody is asked for a name, in whatever way', async () => {
  const resolver = new promises.Resolver();
  const host = 'wordpress.example';
  const errors = await Promise.all([
    new Promise((resolve) => lookup(host, resolve)),
    ...[promises.lookup(host), promises.resolve4(host), promises.reverse('192.0.2.2'), resolver.resolveMx(host)].map(
      (asked) => asked.catch((error: unknown) => error),
    ),
  ]);
  const refusal = (syscall: string, name = host) =>
    expect.objectContaining({ message: `${syscall} ENOTFOUND ${name}` });
  expect(errors).toEqual([
    ...[refusal('getaddrinfo'), refusal('getaddrinfo'), refusal('resolve4')],
    ...[refusal('reverse', '192.0.2.2'), refusal('resolveMx')],
  ]);
});

it.each([
  ['without an environment', {}],
  ['with options of its own', { NODE_OPTIONS: '--max-old-space-size=64' }],
])('a process %s is held as well, and what it spawns', async (_name, env) => {
  const reach = `require('net').connect(80, '192.0.2.2').on('error', ({ code }) => console.log(code));`;
  const spawn = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(reach)}], { stdio: 'inherit' });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', reach + spawn], { env });
  expect(stdout).toBe('EPERM\nEPERM\n');
});

it('this machine is reached, by name as well', async () => {
  expect((await promises.lookup('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/);
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
