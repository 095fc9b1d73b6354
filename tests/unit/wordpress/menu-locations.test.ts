// Names of menu locations: what WordPress tells, what the configuration names, and what is assumed.

import { describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../../src/errors.ts';
import { loadMenuLocations, toLocationValue, usualMenuLocations } from '../../../src/wordpress/menu-locations.ts';
import type { RestRequest } from '../../../src/wordpress/rest.ts';

function upstream(body: unknown) {
  const sent: RestRequest[] = [];
  return {
    sent,
    request: async (request: RestRequest) => {
      sent.push(request);
      if (body instanceof Error) throw body;
      return { status: 200, body, total: null, bytes: 0, cacheable: true };
    },
  };
}

const authorization = 'Basic secret';

describe('loadMenuLocations', () => {
  it('takes what the theme registers', async () => {
    const client = upstream({ primary: { name: 'primary', menu: 1 }, 'menu-2': { name: 'menu-2', menu: 0 } });
    expect(await loadMenuLocations(client, { authorization, named: ['footer'] })).toEqual({
      names: ['footer', 'primary', 'menu-2'],
      isComplete: true,
    });
    expect(client.sent).toEqual([{ route: 'wp/v2/menu-locations', authorization }]);
  });

  it('asks nothing without credentials', async () => {
    const client = upstream({});
    expect(await loadMenuLocations(client, {})).toEqual(usualMenuLocations);
    expect(await loadMenuLocations(client, { named: ['header'] })).toEqual({ names: ['header'], isComplete: false });
    expect(client.sent).toEqual([]);
  });

  it.each([
    ['the theme registers none', []],
    ['WordPress refuses', new UpstreamError('UPSTREAM_FORBIDDEN', 'GET /wp/v2/menu-locations: 403')],
    ['WordPress is down', new UpstreamError('UPSTREAM_TIMEOUT', 'GET /wp/v2/menu-locations: no answer')],
  ])('takes any where %s', async (_, body) => {
    expect(await loadMenuLocations(upstream(body), { authorization })).toEqual(usualMenuLocations);
  });

  it.each([
    ['WordPress refuses', new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 403', { restCode: 'rest_forbidden' }), 0],
    ['a firewall forbids it', new UpstreamError('UPSTREAM_FORBIDDEN', 'GET: 403', { kind: 'html' }), 1],
    ['WordPress is down', new UpstreamError('UPSTREAM_TIMEOUT', 'GET /wp/v2/menu-locations: no answer'), 1],
    ['something else comes', { name: 'Site', routes: {} }, 1],
    ['rows come', [{ id: 1 }], 1],
    ['an object without any comes', {}, 1],
  ])('has them as before where %s', async (_, body, failures) => {
    const before = { names: ['primary', 'menu-2'], isComplete: true };
    const onFailed = vi.fn();
    const asked = { authorization, named: ['footer'] };
    expect(await loadMenuLocations(upstream(body), asked, { before, onFailed })).toEqual({
      names: ['footer', 'primary', 'menu-2'],
      isComplete: true,
    });
    expect(onFailed).toHaveBeenCalledTimes(failures);
    expect(await loadMenuLocations(upstream([]), { authorization }, { before })).toEqual(usualMenuLocations);
  });
});

it.each([
  ['primary', 'PRIMARY'],
  ['menu-1', 'MENU_1'],
  ['Top Links', 'TOP_LINKS'],
  ['2nd', '_2ND'],
  ['menü', 'MEN_'],
])('%s is %s in GraphQL', (name, value) => {
  expect(toLocationValue(name)).toBe(value);
});

it('makes the value of a long name once', () => {
  const toUpper = vi.spyOn(String.prototype, 'toUpperCase');
  const name = 'é'.repeat(1000);
  const value = toLocationValue(name);
  expect(value).toBe('_'.repeat(1000));
  expect(toLocationValue(name)).toBe(value);
  expect(toUpper).toHaveBeenCalledTimes(1);
  toUpper.mockRestore();
});
