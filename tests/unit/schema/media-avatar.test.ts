// Owns the tests of avatars.

import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../../src/loaders/entity.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { planFields } from '../../../src/planner/needs.ts';
import { createBuilder } from '../../../src/schema/builder.ts';
import { avatarField, defineAvatar } from '../../../src/schema/media/avatar.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';

const hash = '3005d89bc1e2c7369844577e3ec5da11c142570b38e2015f7289d4cbc6744ff2';
const gravatar = `https://secure.gravatar.com/avatar/${hash}`;

/** As REST shows them, with other parameters than size where given. */
function urls(parameters = 'd=mm&r=g', base = gravatar) {
  return Object.fromEntries([24, 48, 96].map((size) => [size, `${base}?s=${size}&${parameters}`]));
}

async function ask(avatarUrls: unknown, avatar: string) {
  const resource = coreResources.get('user');
  if (!resource) throw new Error('no users');
  const entity: Entity = { resource, id: 9, data: { avatar_urls: avatarUrls } };
  const plans: (readonly string[])[] = [];
  const builder = createBuilder();
  defineAvatar(builder);
  builder.object('User', { fields: { avatar: avatarField('avatar_urls') } });
  builder.query({
    user: {
      type: 'User',
      resolve: (_source, _args, _context, info) => {
        plans.push(planFields(info, 'User'));
        return entity;
      },
    },
  });
  const source = `{ user { ${avatar} } }`;
  const contextValue = { trace: createTrace() };
  const { data, errors = [] } = await graphql({ schema: builder.build(), source, contextValue });
  const user: unknown = JSON.parse(JSON.stringify(data?.['user'] ?? null));
  return { user, needs: plans[0], errors: errors.map(({ path, message }) => `${path?.join('.')}: ${message}`) };
}

const all = 'default extraAttr forceDefault foundAvatar height isRestricted rating scheme size url width';

describe('avatar', () => {
  it('has the leaves of the recorded answers', async () => {
    expect((await ask(urls(), 'avatar(size: 48) { url size }')).user).toEqual({
      avatar: { url: `${gravatar}?s=48&d=mm&r=g`, size: 48 },
    });
    expect((await ask(urls(), 'avatar { url }')).user).toEqual({ avatar: { url: `${gravatar}?s=96&d=mm&r=g` } });
  });

  it('has what WordPress knows of it, and needs one REST field', async () => {
    expect(await ask(urls(), `avatar { ${all} }`)).toEqual({
      user: {
        avatar: {
          default: 'mm',
          extraAttr: null,
          forceDefault: false,
          foundAvatar: true,
          height: 96,
          isRestricted: false,
          rating: 'g',
          scheme: null,
          size: 96,
          url: `${gravatar}?s=96&d=mm&r=g`,
          width: 96,
        },
      },
      needs: ['avatar_urls'],
      errors: [],
    });
  });

  it.each([
    ['size: 512', 512, '?s=512&d=mm&r=g'],
    ['size: 1', 1, '?s=1&d=mm&r=g'],
    ['size: 0', 96, '?s=96&d=mm&r=g'],
    ['size: -40', 40, '?s=40&d=mm&r=g'],
    ['size: null', 96, '?s=96&d=mm&r=g'],
    ['rating: PG', 96, '?s=96&d=mm&r=pg'],
    ['forceDefault: true', 96, '?s=96&d=mm&f=y&r=g'],
    ['forceDefault: false', 96, '?s=96&d=mm&r=g'],
    ['size: 200, rating: X, forceDefault: true', 200, '?s=200&d=mm&f=y&r=x'],
  ])('takes %s', async (args, size, query) => {
    const { user } = await ask(urls(), `avatar(${args}) { size width height url }`);
    expect(user).toEqual({ avatar: { size, width: size, height: size, url: gravatar + query } });
  });

  it('says which rating and default it has', async () => {
    const { user } = await ask(urls(), 'avatar(rating: PG, forceDefault: true) { rating forceDefault }');
    expect(user).toEqual({ avatar: { rating: 'pg', forceDefault: true } });
    const encoded = await ask(urls('d=https%3A%2F%2Fx.example%2Fa.png&r=r'), 'avatar(size: 10) { default rating url }');
    expect(encoded.user).toEqual({
      avatar: {
        default: 'https://x.example/a.png',
        rating: 'r',
        url: `${gravatar}?s=10&d=https%3A%2F%2Fx.example%2Fa.png&r=r`,
      },
    });
  });

  it('keeps the order of parameters without a default and with initials', async () => {
    const plain = await ask(urls('r=g'), 'avatar(forceDefault: true) { url default }');
    expect(plain.user).toEqual({ avatar: { url: `${gravatar}?s=96&f=y&r=g`, default: null } });
    const initials = await ask(urls('d=initials&initials=LB'), 'avatar(rating: G) { url rating }');
    expect(initials.user).toEqual({
      avatar: { url: `${gravatar}?s=96&d=initials&r=g&initials=LB`, rating: 'g' },
    });
  });

  it('finds none where there is no e-mail address', async () => {
    const { user } = await ask(
      urls('d=mm&r=g', 'https://secure.gravatar.com/avatar/'),
      'avatar(size: 48) { foundAvatar url }',
    );
    expect(user).toEqual({
      avatar: { foundAvatar: false, url: 'https://secure.gravatar.com/avatar/?s=48&d=mm&r=g' },
    });
  });

  it('is the smallest picture that is large enough where a plugin keeps them on the site', async () => {
    const local = Object.fromEntries([24, 48, 96].map((size) => [size, `https://wordpress.example/me-${size}.png`]));
    const { user } = await ask(
      local,
      'avatar(size: 30) { url } exact: avatar(size: 24) { url } large: avatar(size: 500, rating: PG) { url size foundAvatar }',
    );
    expect(user).toEqual({
      avatar: { url: 'https://wordpress.example/me-48.png' },
      exact: { url: 'https://wordpress.example/me-24.png' },
      large: { url: 'https://wordpress.example/me-96.png', size: 500, foundAvatar: true },
    });
  });

  it.each([
    ['missing', undefined],
    ['[]', []],
    ['{}', {}],
  ])('is null where the addresses are %s: avatars are off', async (_case, value) => {
    expect(await ask(value, 'avatar { url }')).toMatchObject({ user: { avatar: null }, errors: [] });
  });

  it('has no address where WordPress has false, as for pingbacks', async () => {
    const { user, errors } = await ask({ 24: false, 48: false, 96: false }, 'avatar { url foundAvatar size default }');
    expect({ user, errors }).toEqual({
      user: { avatar: { url: null, foundAvatar: false, size: 96, default: null } },
      errors: [],
    });
  });

  it('is null with an error where the addresses are something else', async () => {
    expect(await ask('none', 'avatar { url }')).toMatchObject({
      user: { avatar: null },
      errors: ['user.avatar: avatar_urls is a string where an object was expected'],
    });
    expect(await ask({ 96: 5 }, 'avatar { url }')).toMatchObject({
      user: { avatar: null },
      errors: ['user.avatar: avatar_urls.96 is a number where a string was expected'],
    });
  });
});
