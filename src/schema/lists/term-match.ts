// Owns REST's filters on terms, checked here: for terms that content names itself, which need no list request of their own.

import type { Keep, ListSpec } from '../../loaders/list-spec.ts';
import { decodeUri } from '../../loaders/lookup.ts';
import { onceForLists, onceForTexts } from '../../long-lists.ts';
import { readInt, readString, readText } from '../read.ts';
import { idSetOf } from './id-lists.ts';
import { toPlain } from './same-text.ts';

/** The conditions on the terms of a list: those that REST would check, and those that it cannot. */
export function termConditions({ filters, keep }: ListSpec): readonly Keep[] {
  const conditions: Keep[] = [...keep];
  const add = (argument: string, fields: Keep['fields'], test: Keep['test']) =>
    conditions.push({ argument, fields, test });
  const ids = (name: string) => idSetOf(filters[name]);
  const [include, exclude, parents] = [ids('include'), ids('exclude'), ids('parent')];
  if (filters['include'] !== undefined) add('include', [], ({ id }) => include.has(id));
  if (exclude.size > 0) add('exclude', [], ({ id }) => !exclude.has(id));
  if (parents.size > 0) add('parent', ['parent'], ({ data }) => parents.has(readInt(data, 'parent') ?? 0));
  if (filters['hide_empty'] === true) add('hideEmpty', ['count'], ({ data }) => (readInt(data, 'count') ?? 0) > 0);
  const { slug } = filters;
  const slugs = slugSetOf(typeof slug === 'object' ? slug : [slug ?? []].flat().map(String));
  if (slugs.size > 0) add('slug', ['slug'], ({ data }) => slugs.has(comparableSlug(readString(data, 'slug') ?? '')));
  const { search } = filters;
  if (typeof search === 'string') {
    const part = toPlain(search);
    add('search', ['name', 'slug'], ({ data }) =>
      [readText(data, 'name'), decodeUri(readString(data, 'slug') ?? '')].some((text) =>
        toPlain(text ?? '').includes(part),
      ),
    );
  }
  return conditions;
}

const slugSetOf = onceForLists(
  (slugs: readonly (string | number)[]) => new Set(slugs.map((slug) => comparableSlug(String(slug)))),
);

const comparableSlug = onceForTexts((slug) => decodeUri(slug).toLowerCase());
