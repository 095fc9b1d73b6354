// Owns the command line under test: built into a folder of its own, run as a process as people run it.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A process of the command line. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly output: { stdout: string; stderr: string };
  /** Its exit code, or the signal that ended it, once those that it started have ended as well. */
  readonly exit: Promise<number | string>;
}

/** How a process is run. */
export interface RunOptions {
  /** In a process group of its own, as a terminal runs it. */
  readonly ownGroup?: boolean;
  /** Where its standard output goes; otherwise what it wrote can be read. */
  readonly stdout?: number;
  /** Another program than the command line, which is given what it needs. */
  readonly program?: string;
}

/** A build of the sources as they are now. */
export interface BuiltCli extends Disposable {
  /** Where it is: a package of its own, with `dist/` in it. */
  readonly folder: string;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>, options?: RunOptions) => CliProcess;
}

/** Builds; `dist/` is left alone, since it may be in use. */
export function buildCli(): BuiltCli {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-cli-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  // Types are the concern of `npm run check`.
  const args = [tsc, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(folder, 'dist')];
  execFileSync(process.execPath, args, { cwd: root });
  execFileSync(process.execPath, [join(root, 'src/cli/build.js'), join(folder, 'dist/cli')], { cwd: root });
  // It takes longer to make than all else, and is the same.
  cpSync(join(root, 'dist/graphiql'), join(folder, 'dist/graphiql'), { recursive: true });
  const running = new Set<ChildProcess>();
  return {
    folder,
    run(args, env = {}, { ownGroup = false, stdout, program = join(folder, 'dist/cli/main.js') } = {}) {
      const child = spawn(process.execPath, [program, ...args], {
        // Nothing is kept in the cache folder of whoever runs the tests.
        env: { PATH: process.env['PATH'] ?? '', DISCOVERY_FILE: 'off', ...env },
        stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
        detached: ownGroup,
      });
      running.add(child);
      const output = { stdout: '', stderr: '' };
      child.stdout?.on('data', (chunk) => {
        output.stdout += chunk;
      });
      child.stderr?.on('data', (chunk) => {
        output.stderr += chunk;
      });
      const exit = new Promise<number | string>((resolve) => {
        child.on('close', (code, signal) => {
          running.delete(child);
          resolve(code ?? signal ?? 'unknown');
        });
      });
      return { child, output, exit };
    },
    [Symbol.dispose]() {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the line that says where a process listens. */
export function untilListening({ output }: CliProcess): Promise<string> {
  return vi.waitFor(
    () => {
      const url = /"url":"([^"]+)"/.exec(output.stdout)?.[1];
      if (url === undefined) throw new Error(`not listening: ${output.stdout}${output.stderr}`);
      return url;
    },
    { timeout: 90_000, interval: 20 },
  );
}
