// Owns a connection to Redis that comes back by itself: commands fail at once while it is away.

import { createClient, createCluster, createSentinel, RESP_TYPES } from '@redis/client';
import type { RedisAddress } from './redis-url.ts';

/** A command with its arguments. */
export type RedisCommand = readonly (string | Buffer)[];

/** How an attempt to connect fails: refused by a machine where nothing listens, so that nobody can be there, or otherwise. */
export type LinkFailure = 'refused' | 'other';

/** A connection to Redis. */
export interface RedisLink {
  /** Whether one server has all keys: what is asked about no key, some server of a cluster answers. */
  readonly isOneServer: boolean;
  /** Whether the first attempt to connect succeeds; there will be others. */
  readonly tried: Promise<boolean>;
  /** How attempts failed since this was asked last, `other` if one did; null where none did, and for several servers. */
  takeFailure(): LinkFailure | null;
  /** Sends a command about one key; texts of the reply are buffers. Rejects while there is no connection. */
  send(key: string, command: RedisCommand): Promise<unknown>;
  /** Values of several keys; null for those that are not there. Rejects while there is no connection. */
  getAll(keys: readonly string[]): Promise<readonly unknown[]>;
  /** Gives up a connection on which nothing comes any more, and makes a new one. */
  renew(): void;
  close(): void;
}

/** What a client of any kind can do. */
interface Client {
  connect(): Promise<unknown>;
  destroy(): void | Promise<void>;
  on(event: 'error' | 'connect' | 'ready', listener: (error: unknown) => void): unknown;
}

interface Connected {
  readonly client: Client;
  readonly send: (key: string, command: RedisCommand) => Promise<unknown>;
}

const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
const longestWaitMs = 1000;
/** So much is handed to the socket at a time; of what is more, a process that is busy would send a little a turn. */
const highWaterMark = 1024 * 1024;

/** Opens a connection; failures to connect are told, and it is tried again at most a second later. */
export function openRedisLink(address: RedisAddress, onError: (error: unknown) => void): RedisLink {
  let isClosed = false;
  let tell: (isConnected: boolean) => void = () => undefined;
  const tried = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  let failure: LinkFailure | null = null;
  let state: 'away' | 'reached' | 'ready' = 'away';
  let current = open();

  function open(): Connected {
    const made = connect(address);
    const become = (next: typeof state) => () => {
      if (current === made) state = next;
    };
    made.client.on('connect', become('reached'));
    made.client.on('ready', become('ready'));
    made.client.on('error', (error) => {
      // Of several servers another one may do.
      if (address.kind === 'single') tell(false);
      // What ends a connection is no attempt.
      if (current === made && state !== 'ready') fail(isRefused(error) ? 'refused' : 'other');
      become('away')();
      onError(error);
    });
    const isConnected = made.client.connect().then(() => tell(true));
    isConnected.catch((error: unknown) => {
      tell(false);
      onError(error);
      // A cluster or sentinels of which none was there: their clients do not try again by themselves.
      if (isClosed || current !== made || address.kind === 'single') return;
      setTimeout(() => {
        if (current === made) renew();
      }, longestWaitMs).unref();
    });
    return made;
  }

  function fail(how: LinkFailure): void {
    if (address.kind === 'single' && failure !== 'other') failure = how;
  }

  function drop({ client }: Connected): void {
    Promise.resolve()
      .then(() => client.destroy())
      .catch(() => undefined);
  }

  function renew(): void {
    if (isClosed) return;
    const old = current;
    if (state === 'reached') fail('other');
    state = 'away';
    current = open();
    drop(old);
  }

  return {
    isOneServer: address.kind !== 'cluster',
    tried,
    takeFailure() {
      const taken = failure;
      failure = null;
      return taken;
    },
    send: (key, command) => current.send(key, command),
    async getAll(keys) {
      // Keys of a cluster are on several servers; what is sent at the same time travels together.
      if (address.kind === 'cluster')
        return Promise.all(keys.map((key) => current.send(key, ['GET', key]).catch(toNull)));
      const values = await current.send(keys[0] ?? '', ['MGET', ...keys]);
      return Array.isArray(values) ? values : [];
    },
    renew,
    close() {
      isClosed = true;
      drop(current);
    },
  };
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

/** A key of another type than ours is as good as none. */
function toNull(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}

function connect({ kind, nodes, tls, username, password, database, name }: RedisAddress): Connected {
  const [first] = nodes;
  const shared = {
    connectTimeout: 2000,
    highWaterMark,
    reconnectStrategy: (retries: number) => Math.min(longestWaitMs, 50 * 2 ** retries) * (0.8 + 0.2 * Math.random()),
  };
  const socketOf = (node: object) => (tls ? { ...node, ...shared, tls: true as const } : { ...node, ...shared });
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  const options = { ...login, RESP: 2 as const, disableOfflineQueue: true, commandsQueueMaxLength: 10_000 };
  if (kind === 'cluster') {
    const client = createCluster({
      rootNodes: nodes.map((node) => ({ ...options, socket: socketOf(node) })),
      defaults: { ...options, socket: socketOf({}) },
      RESP: 2,
    });
    return { client, send: (key, command) => client.sendCommand(key, false, [...command], { typeMapping }) };
  }
  if (kind === 'sentinel') {
    const client = createSentinel({
      name,
      sentinelRootNodes: [...nodes],
      nodeClientOptions: { ...options, socket: socketOf({}) },
      RESP: 2,
      commandOptions: { typeMapping },
      scanInterval: 1000,
    });
    return { client, send: (_, command) => client.sendCommand(false, [...command]) };
  }
  const client = createClient({ ...options, database, socket: socketOf(first ?? {}) });
  return { client, send: (_, command) => client.sendCommand([...command], { typeMapping }) };
}
