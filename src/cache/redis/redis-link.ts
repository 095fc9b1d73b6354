// Owns a connection to Redis that comes back by itself: commands fail at once while it is away.

import type { Duplex } from 'node:stream';
import { createClient, createCluster, createSentinel, ErrorReply, RESP_TYPES } from '@redis/client';
import type { RedisAddress } from './redis-url.ts';

/** A command with its arguments. */
export type RedisCommand = readonly (string | Buffer)[];

/** The command that keeps a value for some ms; `how` are options of SET, such as `NX`. */
export function toSet(key: string, value: Buffer | string, ttlMs: number, ...how: string[]): RedisCommand {
  return ['SET', key, value, ...how, 'PX', String(ttlMs)];
}

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
  /**
   * Sends a command about one key; texts of the reply are buffers. Rejects while there is no connection: by what Redis
   * says, where it is there and lets nobody in.
   */
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
/** So long a connection may take to come into use; longer, nothing may ever come of it, or something without end. */
const patienceMs = 3000;
/** No reply is as long as this. */
const maxReplyBytes = 128 * 1024 * 1024;
/** So many lines may be short: a page of the log has a quarter, and bytes that are no text have a line in 256. */
const maxShortLines = 2 ** 16;
const shortLineBytes = 64;

/**
 * Opens a connection; failures to connect are told, and it is tried again at most a second later. It is told as well where
 * a write is refused, as replicas do.
 */
export function openRedisLink(
  address: RedisAddress,
  onError: (error: unknown) => void,
  onReadOnly = () => {},
): RedisLink {
  let isClosed = false;
  let replies = 0;
  let tell: (isConnected: boolean) => void = () => undefined;
  const tried = new Promise<boolean>((resolve) => {
    tell = resolve;
  });
  let failure: LinkFailure | null = null;
  /** Why one that is there lets nobody in. */
  let refusal: ErrorReply | null = null;
  let state: 'away' | 'reached' | 'ready' = 'away';
  let current = open();

  function open(): Connected {
    const made = connect(address, () => replies);
    const become = (next: typeof state) => () => {
      if (current === made) state = next;
    };
    const renewThis = () => {
      if (current === made) renew();
    };
    let patience = setTimeout(renewThis, patienceMs).unref();
    const settle = () => clearTimeout(patience);
    made.client.on('connect', () => {
      become('reached')();
      // Of several servers this says that one was found.
      if (address.kind !== 'single') return;
      settle();
      patience = setTimeout(renewThis, patienceMs).unref();
    });
    made.client.on('ready', () => {
      become('ready')();
      if (current === made) refusal = null;
      settle();
    });
    made.client.on('error', (error) => {
      // Of several servers another one may do.
      if (address.kind === 'single') {
        tell(false);
        settle();
      }
      if (current === made) refusal = error instanceof ErrorReply ? error : null;
      // What ends a connection is no attempt.
      if (current === made && state !== 'ready') fail(isRefused(error) ? 'refused' : 'other');
      become('away')();
      onError(error);
    });
    const isConnected = made.client.connect().then(() => tell(true));
    isConnected.finally(settle).catch((error: unknown) => {
      tell(false);
      onError(error);
      // A cluster or sentinels of which none was there: their clients do not try again by themselves.
      if (address.kind !== 'single') setTimeout(renewThis, longestWaitMs).unref();
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

  async function send(key: string, command: RedisCommand): Promise<unknown> {
    try {
      const reply = await current.send(key, command);
      replies += 1;
      return reply;
    } catch (error) {
      if (error instanceof ErrorReply) {
        replies += 1;
        if (error.message.startsWith('READONLY')) onReadOnly();
      }
      throw refusal ?? error;
    }
  }

  return {
    isOneServer: address.kind !== 'cluster',
    tried,
    takeFailure() {
      const taken = failure;
      failure = null;
      return taken;
    },
    send,
    async getAll(keys) {
      // Keys of a cluster are on several servers; what is sent at the same time travels together.
      if (address.kind === 'cluster') return Promise.all(keys.map((key) => send(key, ['GET', key]).catch(toNull)));
      const values = await send(keys[0] ?? '', ['MGET', ...keys]);
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

/**
 * Ends a connection on which more comes than any reply has: a reply without end would be kept until there is no memory, and
 * short lines without end, each a value, take much longer than their bytes.
 */
function bound(socket: Duplex, countReplies: () => number): void {
  let [replies, bytes, lines] = [countReplies(), 0, 0];
  socket.on('data', (chunk: Buffer) => {
    if (replies !== countReplies()) [replies, bytes, lines] = [countReplies(), 0, 0];
    bytes += chunk.length;
    lines += countLines(chunk);
    const areShort = lines > maxShortLines && bytes < shortLineBytes * lines;
    if (areShort || bytes > maxReplyBytes) socket.destroy(new Error(`Redis has sent ${bytes} bytes that are no reply`));
  });
}

function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function connect(
  { kind, nodes, tls, username, password, database, name }: RedisAddress,
  countReplies: () => number,
): Connected {
  const [first] = nodes;
  const shared = {
    connectTimeout: 2000,
    highWaterMark,
    // An option of all streams, which the client hands on to its sockets; of TLS, which says who is there, to none.
    construct(this: Duplex, done: () => void) {
      bound(this, countReplies);
      done();
    },
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
