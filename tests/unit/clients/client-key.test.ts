// Who a client is: no header that it writes itself may make it another one, but for proxies that are known to be there.

import { describe, expect, it } from 'vitest';
import { toAddressKey, toClientAddress, toSecretKey } from '../../../src/clients/client-key.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const client = (forwarded: string | undefined, address: string | undefined = '10.0.0.1') => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  address,
});

describe('the address', () => {
  it.each([
    ['nobody before', '1.1.1.1, 2.2.2.2', 0, '10.0.0.1'],
    ['one proxy', '1.1.1.1, 2.2.2.2', 1, '2.2.2.2'],
    ['two proxies', '1.1.1.1, 2.2.2.2', 2, '1.1.1.1'],
    ['more proxies than addresses', '1.1.1.1, 2.2.2.2', 5, '1.1.1.1'],
    ['a proxy that tells nothing', undefined, 1, '10.0.0.1'],
    ['a proxy that tells no address', 'unknown', 1, '10.0.0.1'],
    ['an address with a port', '1.1.1.1, 2.2.2.2:443', 1, '2.2.2.2'],
    ['an IPv6 address with a port', '[2001:DB8::1]:443', 1, '2001:db8::1'],
    ['an address with a zone', 'fe80::1%eth0', 1, 'fe80::1'],
    ['nonsense', '<script>, ::::, 999.1.1.1', 1, '10.0.0.1'],
  ])('behind %s', (_name, forwarded, proxies, address) => {
    expect(toClientAddress(client(forwarded), proxies)).toBe(address);
  });

  it('is nothing where nobody knows it', () => {
    expect(toClientAddress({ headers: {} }, 0)).toBe('');
  });
});

describe('the key of an address', () => {
  it.each([
    ['192.0.2.1', 'ip:192.0.2.1'],
    ['::ffff:192.0.2.1', 'ip:192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', 'ip:2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', 'ip:2001:db8:1:2::/64'],
    ['::1', 'ip:0:0:0:0::/64'],
    ['2001:db8::', 'ip:2001:db8:0:0::/64'],
    ['', 'ip:'],
  ])('%s', (address, key) => {
    expect(toAddressKey(address)).toBe(key);
  });

  it('does not keep the header that it stood in', () => {
    const before = heapAfterCollection();
    const keys = Array.from({ length: 2000 }, (_, index) => {
      const forwarded = Buffer.from(`${'x'.repeat(15_000)}, 203.0.113.${100 + (index % 100)}`).toString('latin1');
      return toAddressKey(toClientAddress(client(forwarded), 1));
    });
    expect(heapAfterCollection() - before).toBeLessThan(5_000_000);
    expect(keys[0]).toBe('ip:203.0.113.100');
  });
});

describe('the key of credentials', () => {
  it('is another one for each, and does not hold them', () => {
    const keys = ['Basic YTpi', 'Bearer YTpi', 'key YTpi'].map(toSecretKey);
    expect(new Set(keys).size).toBe(3);
    expect(keys.join()).not.toContain('YTpi');
    expect(toSecretKey('Basic YTpi')).toBe(keys[0]);
  });
});
