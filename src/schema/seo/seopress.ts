// Owns the source SEOPress: a route gives what it knows of a post or term; the rest is derived from the content.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import type { Entity } from '../../loaders/entity.ts';
import { decodeText } from '../read.ts';
import { completeHead, derivedNeeds, deriveParts } from './derived.ts';
import { createExtraReads } from './extra-reads.ts';
import type { SeoSource } from './source.ts';

/** Parts that the route gives of anything; derived ones stand in where a text is empty. */
const own = new Set(['title', 'description', 'robots', 'og_title', 'og_description', 'twitter_title']);
for (const part of ['twitter_description', 'twitter_image']) own.add(part);

/** Heads from `seopress/v1/posts/{id}` and `terms/{id}`: a request for each entity. */
export function createSeopressSource(): SeoSource {
  const readExtra = createExtraReads<RestObject>();
  return {
    needs: (parts, kind) =>
      kind === 'user'
        ? []
        : derivedNeeds(
            parts.filter((part) => !own.has(part)),
            kind,
          ),
    async readHead(entity, parts, context) {
      const route = routeOf(entity);
      const said = route && (await readExtra(context, route, () => context.loaders.object(route, members)));
      if (!said) return null;
      const known = toJson(said);
      const derived = await deriveParts(
        entity,
        parts.filter((part) => known[part] === undefined),
        context,
      );
      return completeHead('SEOPRESS', { ...derived, ...known }, parts, context);
    },
  };
}

const members = ['title', 'description', 'canonical', 'og', 'twitter', 'robots'];

function routeOf({ resource, id }: Entity): string | null {
  if (resource.kind === 'content') return `seopress/v1/posts/${id}`;
  return resource.kind === 'term' ? `seopress/v1/terms/${id}` : null;
}

function toJson(said: RestObject): RestObject {
  const [og, twitter] = [toObject(said['og']), toObject(said['twitter'])];
  const [title, description] = [toText(said['title']), toText(said['description'])];
  const texts = {
    title,
    description,
    canonical: toText(said['canonical']),
    // As in its own pages, what is not written for Open Graph is that of search engines.
    og_title: toText(og['title']) || title,
    og_description: toText(og['description']) || description,
    twitter_title: toText(twitter['title']),
    twitter_description: toText(twitter['description']),
    twitter_image: toText(twitter['image']),
  };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    robots: toRobots(toObject(said['robots'])),
    ...(toText(og['image']) === '' ? {} : { og_image: [toImage(og)], twitter_card: 'summary_large_image' }),
  };
}

const robotsNames = { noarchive: 'noarchive', nosnippet: 'nosnippet', noimageindex: 'noimageindex' };

function toRobots(robots: RestObject): RestObject {
  const isSet = (name: string) => /^(?:true|1|yes)$/.test(String(robots[name]));
  return {
    index: isSet('noindex') ? 'noindex' : 'index',
    follow: isSet('nofollow') ? 'nofollow' : 'follow',
    ...Object.fromEntries(Object.entries(robotsNames).filter(([name]) => isSet(name))),
  };
}

function toImage(og: RestObject): RestObject {
  const id = Number(og['attachment_id']);
  return {
    ...(Number.isSafeInteger(id) && id > 0 ? { id } : {}),
    url: toText(og['image']),
    width: toText(og['image_width']),
    height: toText(og['image_height']),
  };
}

function toObject(value: unknown): RestObject {
  return isRestObject(value) ? value : {};
}

function toText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? decodeText(value).trim() : '';
}
