// Owns Hive Gateway as a contender: installed from npm into a folder of its own, started as its command line does.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findPort } from './servers.ts';

/** The version that is compared with. */
export const hiveVersion = '2.15.1';

/** A gateway that can be told to stop. */
export interface Contender extends AsyncDisposable {
  readonly url: string;
  /** Sends SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Installs it; `HIVE_FOLDER` names a folder where it is installed already. Returns the folder. */
export async function installHive(): Promise<string> {
  const given = process.env['HIVE_FOLDER'];
  if (given !== undefined) return given;
  const folder = await mkdtemp(join(tmpdir(), 'hive-gateway-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const name = `@graphql-hive/gateway@${hiveVersion}`;
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', name], { cwd: folder });
  return folder;
}

/** Starts it as a proxy of a GraphQL API, with a configuration if there is to be one. */
export async function startHive(folder: string, endpoint: string, config: string | null): Promise<Contender> {
  const port = await findPort();
  const bin = join(folder, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const args = [bin, 'proxy', endpoint, '--port', String(port), '--host', '127.0.0.1', '--polling', '1h'];
  if (config !== null) {
    const path = join(folder, `gateway-${port}.mjs`);
    await writeFile(path, config);
    args.push('--config-path', path);
  }
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', LOG_LEVEL: 'error' };
  return toContender(spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' }), port);
}

/** A process that answers GraphQL at a port; resolves when it does. */
export async function toContender(child: ReturnType<typeof spawn>, port: number): Promise<Contender> {
  const url = `http://127.0.0.1:${port}`;
  const gone = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await gone;
    clearTimeout(timer);
  };
  for (let waits = 0; waits < 600; waits += 1) {
    const response = await fetch(`${url}/graphql?query={__typename}`, {
      headers: { accept: 'application/json' },
    }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.ok) return { url, stop, [Symbol.asyncDispose]: stop };
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`${url} does not answer`);
}
