// The users of the demo site whose passwords are known, read from the prepared site.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One user and the ways to sign in. */
export interface DemoUser {
  readonly id: number;
  readonly username: string;
  readonly password: string;
  readonly applicationPassword: string;
  /** A ready `Authorization` header. */
  readonly authorization: string;
}

/** One user of each role. */
export interface DemoCredentials {
  readonly admin: DemoUser;
  readonly editor: DemoUser;
  readonly author: DemoUser;
  readonly subscriber: DemoUser;
}

/** Reads `credentials.json` of a prepared site. */
export async function loadCredentials(site: string): Promise<DemoCredentials> {
  const parsed: unknown = JSON.parse(await readFile(join(site, 'credentials.json'), 'utf8'));
  const users = isRecord(parsed) && isRecord(parsed['users']) ? parsed['users'] : {};
  const user = (role: string): DemoUser => {
    const found = users[role];
    if (!isRecord(found)) throw new TypeError(`credentials.json has no ${role}`);
    const { id, username, password, applicationPassword } = found;
    if (typeof id !== 'number' || typeof username !== 'string') throw new TypeError(`${role} is not a user`);
    if (typeof password !== 'string' || typeof applicationPassword !== 'string') {
      throw new TypeError(`${role} has no password`);
    }
    const authorization = `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`;
    return { id, username, password, applicationPassword, authorization };
  };
  return { admin: user('admin'), editor: user('editor'), author: user('author'), subscriber: user('subscriber') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
