// Owns the parent's end of a child process: it starts, it is asked, it is stopped.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A process of the bench. */
export interface Child extends AsyncDisposable {
  /** The answer to a question; the caller checks its form. */
  ask(name: string, value?: unknown): Promise<unknown>;
  /** The first message that the child sends of itself and that has this form. */
  told<Value>(schema: z.ZodType<Value>): Promise<Value>;
}

/** What a child runs with. */
export interface ChildOptions {
  /** Path of the program, from this file. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A module to load before the program, from this file. */
  readonly preload?: string;
}

const replySchema = z.object({ id: z.number(), result: z.unknown().optional(), error: z.string().optional() });

/** Starts a process. What it writes goes to the standard error of this one. */
export function startChild({ program, args = [], env = {}, preload }: ChildOptions): Child {
  const child = fork(toPath(program), [...args], {
    // Settings of whoever runs the bench are for another gateway.
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: preload === undefined ? [] : ['--import', new URL(preload, import.meta.url).href],
  });
  const messages: unknown[] = [];
  child.on('message', (message) => void messages.push(message));
  let asked = 0;
  return {
    async ask(name, value = null) {
      const id = ++asked;
      const reply = waitFor(child, messages, (message) => {
        const parsed = replySchema.safeParse(message);
        return parsed.success && parsed.data.id === id ? parsed.data : undefined;
      });
      child.send({ id, name, value });
      const { result, error } = await reply;
      if (error !== undefined) throw new Error(`${program}: ${name}: ${error}`);
      return result;
    },
    told: (schema) => waitFor(child, messages, (message) => schema.safeParse(message).data),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill();
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}

function toPath(program: string): string {
  return fileURLToPath(new URL(program, import.meta.url));
}

/** The first message, of those that came already or will come, that `read` makes something of. */
function waitFor<Value>(
  child: ChildProcess,
  messages: unknown[],
  read: (message: unknown) => Value | undefined,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const look = () => {
      for (const [index, message] of messages.entries()) {
        const value = read(message);
        if (value === undefined) continue;
        messages.splice(index, 1);
        finish();
        resolve(value);
        return;
      }
    };
    const fail = (code: unknown) => {
      finish();
      reject(new Error(`${child.spawnargs.at(-1)} has ended (${String(code)})`));
    };
    const finish = () => {
      child.off('message', look);
      child.off('exit', fail);
    };
    child.on('message', look);
    child.on('exit', fail);
    look();
  });
}
