// Owns who a client is, as far as that can be told before anything is asked: its credentials, or the address it calls from.

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { type RequestHeaders, readHeader } from '../wordpress/credentials.ts';

/** What a client is told by. */
export interface Client {
  readonly headers: RequestHeaders;
  /** Address of the other end of its connection. */
  readonly address?: string | undefined;
}

/**
 * The address that a client calls from. Each proxy adds to `X-Forwarded-For` the address that it was called from; what
 * stands before those that the given number of proxies added, anybody could have written.
 */
export function toClientAddress({ headers, address = '' }: Client, proxies: number): string {
  const seen = (readHeader(headers, 'x-forwarded-for') ?? '').split(',').map((part) => toAddress(part.trim()));
  const own = toAddress(address) ?? '';
  if (proxies === 0 || seen.length === 0) return own;
  return seen[Math.max(0, seen.length - proxies)] ?? own;
}

/** By what a client is known: an IPv6 client has a whole network of addresses. */
export function toAddressKey(address: string): string {
  const plain = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  // Put together anew: as a piece of a header it would keep the whole header in memory.
  if (plain !== undefined) return `ip:${plain.split('.').join('.')}`;
  return `ip:${isIP(address) === 6 ? networkOf(address) : address}`;
}

/** By what a client without credentials is known; undefined where nobody tells its address. */
export function toClientKey(client: Client, proxies: number): string | undefined {
  const address = toClientAddress(client, proxies);
  return address === '' ? undefined : toAddressKey(address);
}

/** By what credentials are known: a hash, since whatever keeps keys would keep secrets. */
export function toSecretKey(credentials: string): string {
  return `key:${createHash('sha256').update(`rate ${credentials}`).digest('base64url')}`;
}

/** Without brackets, port and zone: `[::1]:80`, `192.0.2.1:80`, `fe80::1%eth0`. Undefined for what is no address. */
function toAddress(text: string): string | undefined {
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').toLowerCase();
  return isIP(address) === 0 ? undefined : address;
}

/** The first 64 bits: what one customer of a provider has. */
function networkOf(address: string): string {
  const [head = '', tail = ''] = address.split('::');
  const [first, last] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const missing = address.includes('::') ? 8 - (first?.length ?? 0) - (last?.length ?? 0) : 0;
  const groups = [...(first ?? []), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...(last ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
