// Owns the form of what is kept in Redis and in snapshots: versioned, compact, and nothing where it is damaged.

import { crc32, inflateRawSync } from 'node:zlib';
import { compress } from '../compress.ts';
import type { Times } from '../times.ts';
import { parseId } from './stream-entries.ts';

/** Something kept: a value, until when it may be used, and what purges it. */
export interface Kept {
  readonly value: unknown;
  /** In ms of this process's clock. */
  readonly times: Times;
  readonly tags: readonly string[];
}

/** What was known when something was kept. */
export interface Stamp {
  /** Which life of the purge log it belongs to. */
  readonly epoch: string;
  /** The last purge that was known, by its id in the log. */
  readonly seen: string;
}

/** Changes with the form: what another release kept counts as nothing, under keys of its own. */
export const entryVersion = 3;

const plain = 0x6a;
const deflated = 0x7a;
/** What comes before the text: version, form, checksum. */
const [checksumAt, textAt] = [2, 6];
/** Below that compressing gains nothing. */
const minDeflatedBytes = 512;
/** A bound of what a small value may become. */
const maxBytes = 64 * 1024 * 1024;

/** From this process's clock to that of its machine. */
function machineOffset(): number {
  return Date.now() - performance.now();
}

/** Bytes of something that is kept by a key, with times of the clock that this process's is so many ms behind. */
export async function printEntry(
  key: string,
  { value, times, tags }: Kept,
  { epoch, seen }: Stamp,
  offset: number,
): Promise<Buffer> {
  const text = Buffer.from(JSON.stringify([epoch, seen, tags, toShared(times, offset), value]));
  const isLong = text.length >= minDeflatedBytes;
  const body = isLong ? await compress(text, 'deflate-raw') : text;
  const head = Buffer.alloc(textAt);
  head.set([entryVersion, isLong ? deflated : plain]);
  head.writeUInt32BE(checksumOf(key, body), checksumAt);
  return Buffer.concat([head, body]);
}

/** Reads it; undefined for what is damaged, of another form, or of another key. */
export function parseEntry(key: string, bytes: unknown, offset?: number): (Kept & Stamp) | undefined {
  if (!Buffer.isBuffer(bytes) || bytes[0] !== entryVersion || bytes.length < textAt) return undefined;
  const body = bytes.subarray(textAt);
  if (bytes.readUInt32BE(checksumAt) !== checksumOf(key, body)) return undefined;
  try {
    const text = bytes[1] === deflated ? inflateRawSync(body, { maxOutputLength: maxBytes }) : body;
    const parsed: unknown = JSON.parse(text.toString());
    if (!Array.isArray(parsed)) return undefined;
    const [epoch, last, tags, given, value]: unknown[] = parsed;
    const [seen, times] = [parseId(last), fromShared(given, offset)];
    if (typeof epoch !== 'string' || seen === undefined || !isTexts(tags) || !times) return undefined;
    return { epoch, seen, tags, times, value };
  } catch {
    return undefined;
  }
}

/**
 * Damaged text may still be JSON. Against accidents a CRC is surer than a hash of its length, since no run of up to 32
 * wrong bits escapes it, and costs less; whoever writes to Redis on purpose can make either.
 */
function checksumOf(key: string, body: Buffer): number {
  return crc32(body, crc32(key));
}

/** Comes after the times of what was purged. */
const purged = 1;

/** Times of another clock, that of the machine unless told, in ms. */
export function toShared(
  { storedAt, freshUntil, staleUntil, errorUntil, isPurged }: Times,
  offset = machineOffset(),
): number[] {
  const times = [storedAt, freshUntil, staleUntil, errorUntil].map((time) => Math.round(time + offset));
  return isPurged ? [...times, purged] : times;
}

/** Times of this process's clock; undefined for what are none. A clock that goes before makes nothing younger than now. */
export function fromShared(given: unknown, offset = machineOffset()): Times | undefined {
  if (!Array.isArray(given) || !given.every((time) => typeof time === 'number')) return undefined;
  const [storedAt, freshUntil, staleUntil, errorUntil] = given.slice(0, 4).map((time) => time - offset);
  if (storedAt === undefined || freshUntil === undefined || staleUntil === undefined || errorUntil === undefined) {
    return undefined;
  }
  const ahead = Math.max(0, storedAt - performance.now());
  return {
    storedAt: storedAt - ahead,
    freshUntil: freshUntil - ahead,
    staleUntil: staleUntil - ahead,
    errorUntil: errorUntil - ahead,
    ...(given[4] === purged ? { isPurged: true } : {}),
  };
}

/** Whether something is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
