// Owns avatars: the pictures of users and of those who comment, mostly kept by Gravatar.

import type { RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { readObject } from './image.ts';

const defaultSize = 96;

interface Avatar {
  readonly url: string | null;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly default: string | null;
  readonly forceDefault: boolean;
  readonly rating: string | null;
  readonly foundAvatar: boolean;
  readonly isRestricted: false;
}

/** Declares Avatar and AvatarRatingEnum. */
export function defineAvatar(builder: Builder): void {
  builder.enum(
    'AvatarRatingEnum',
    { G: 'G', PG: 'PG', R: 'R', X: 'X' },
    'For whom a picture is suitable: G is for all.',
  );
  builder.object<Avatar>('Avatar', {
    description: 'The picture of a person.',
    fields: {
      default: { type: 'String', description: 'What Gravatar shows for who has no picture, such as `mm`.' },
      extraAttr: { type: 'String', description: 'Always null: HTML attributes are for PHP themes.' },
      forceDefault: { type: 'Boolean', description: 'Whether the default picture is shown for everybody.' },
      foundAvatar: { type: 'Boolean', description: 'Whether there is an e-mail address or a picture to look for.' },
      height: { type: 'Int', description: 'Height in pixels.' },
      isRestricted: { type: 'Boolean', description: 'Whether parts are hidden from the viewer.' },
      rating: { type: 'String', description: 'Up to which rating pictures are shown: `g`, `pg`, `r` or `x`.' },
      scheme: { type: 'String', description: 'Always null: the address has its own scheme.' },
      size: { type: 'Int', description: 'Width and height in pixels.' },
      url: { type: 'String', description: 'Address of the picture.' },
      width: { type: 'Int', description: 'Width in pixels.' },
    },
  });
}

/** The field `avatar` of an entity whose addresses of pictures are in a REST field. Null where the site shows none. */
export function avatarField(
  path: 'avatar_urls' | 'author_avatar_urls',
): FieldDeclaration<{ readonly data: RestObject }> {
  return {
    type: 'Avatar',
    description: 'The picture of the person. Null if the site shows no pictures.',
    args: {
      forceDefault: { type: 'Boolean', description: 'Show the default picture, whoever it is.' },
      rating: { type: 'AvatarRatingEnum', description: 'Show pictures up to this rating.' },
      size: { type: 'Int', default: defaultSize, description: 'Width and height in pixels.' },
    },
    needs: [path],
    resolve: ({ data }, { size, rating, forceDefault }) =>
      readAvatar(data, path, {
        size: Math.abs(Number(size)) || defaultSize,
        rating: typeof rating === 'string' ? rating.toLowerCase() : null,
        forceDefault: forceDefault === true,
      }),
  };
}

interface AvatarOptions {
  readonly size: number;
  readonly rating: string | null;
  readonly forceDefault: boolean;
}

function readAvatar(data: RestObject, path: string, options: AvatarOptions): Avatar | null {
  const urls = readObject(data, path);
  if (!urls) return null;
  const { size, forceDefault } = options;
  const source = urlFor(urls, size, path);
  const query = new URLSearchParams(source?.replace(/^[^?]*/, ''));
  // Pictures that a plugin keeps on the site itself have no parameters: they come as they are.
  const url = source && query.has('s') ? withParameters(source, options) : source;
  return {
    url,
    size,
    width: size,
    height: size,
    default: query.get('d') || null,
    forceDefault,
    rating: options.rating ?? (query.get('r') || null),
    foundAvatar: url !== null && !/\bgravatar\.com\/avatar\/?(?:\?|$)/.test(url),
    isRestricted: false,
  };
}

/** The smallest picture that is large enough, or the largest. WordPress has `false` where a comment can have none. */
function urlFor(urls: RestObject, size: number, path: string): string | null {
  const entries = Object.entries(urls).sort(([one], [other]) => Number(one) - Number(other));
  const [key, url] = entries.find(([known]) => Number(known) >= size) ?? entries.at(-1) ?? [];
  if (url === null || url === undefined || url === false || url === '') return null;
  if (typeof url !== 'string') throw new FieldError(`${path}.${key}`, 'a string', url);
  return url;
}

/** An address with other parameters, in the order in which WordPress writes them: s, d, f, r. */
function withParameters(url: string, { size, rating, forceDefault }: AvatarOptions): string {
  const start = url.indexOf('?') + 1;
  const parameters = url.slice(start).split('&');
  const set = (name: string, value: string, before: string) => {
    const index = parameters.findIndex((parameter) => parameter.startsWith(`${name}=`));
    const next = parameters.findIndex((parameter) => parameter.startsWith(`${before}=`));
    if (index !== -1) parameters[index] = `${name}=${value}`;
    else parameters.splice(next === -1 ? parameters.length : next, 0, `${name}=${value}`);
  };
  set('s', String(size), 's');
  if (rating) set('r', rating, 'initials');
  if (forceDefault) set('f', 'y', 'r');
  return url.slice(0, start) + parameters.join('&');
}
