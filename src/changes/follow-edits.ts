// Owns what follows from a change: entities that change with it, and the tags of all that is no longer true.

import { addressKey, parseAddress, toUri } from '../loaders/lookup.ts';
import { countTag, entityTag, uriTag } from '../loaders/tags.ts';
import type { Resource, Resources, TermResource } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Change } from './change-stream.ts';
import { anyId, type Edit, type Facts, idsIn, toEdit } from './facts.ts';
import type { TypeState } from './type-state.ts';

/** What has to be forgotten, and what is told of it. */
export interface Purge {
  /** Null: everything. */
  readonly tags: readonly string[] | null;
  /** What happened to lists: of those with a tag of `tags`, only the ones that are concerned have to be forgotten. */
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
}

/** What following stands on. */
export interface FollowOptions {
  readonly site: Site;
  readonly resources: Resources;
  readonly states: ReadonlyMap<string, TypeState>;
}

/** What is told of it, and what becomes stale with it. */
interface Effect {
  readonly tags: string[];
  readonly edits: Edit[];
}

/** Follows edits that were noticed together; reads anew what changes with them, such as the addresses of children. */
export async function followEdits(noticed: readonly Edit[], options: FollowOptions): Promise<Purge> {
  const { resources } = options;
  const edits = await withDependents(noticed, options);
  const changes: Change[] = [];
  const all: Edit[] = [];
  const tags = new Set<string>();
  let isAll = false;
  for (const edit of edits) {
    const resource = resources.get(edit.type);
    const effect = effectOf(edit, resource, options);
    all.push(...effect.edits);
    for (const tag of effect.tags) tags.add(tag);
    isAll ||= edit.id === anyId && resource !== undefined;
    if (!edit.isTold) changes.push(...toChanges(edit, resource, effect, options.site));
  }
  return { tags: isAll ? null : [...tags], edits: all, changes };
}

/** The edits together with those that follow from them. */
async function withDependents(noticed: readonly Edit[], options: FollowOptions): Promise<Edit[]> {
  const all: Edit[] = [];
  const seen = new Set<string>();
  let round: readonly Edit[] = noticed;
  while (round.length > 0) {
    const next: Edit[] = [];
    for (const edit of round) {
      all.push(edit);
      for (const [type, ids] of dependentsOf(edit, options)) {
        const left = ids.filter((id) => !seen.has(`${type}:${id}`));
        for (const id of left) seen.add(`${type}:${id}`);
        const state = options.states.get(type);
        if (state && left.length > 0) next.push(...(await state.reread(left)));
      }
    }
    round = next;
  }
  return all;
}

/** What has to be looked at again: whether it is shown, and where, depends on something else. */
function dependentsOf({ type, id, before, after }: Edit, { resources, states }: FollowOptions): [string, number[]][] {
  const resource = resources.get(type);
  const hasMoved = !before || !after || before['link'] !== after['link'];
  if (!resource || id === anyId || !hasMoved || resource.kind === 'comment') return [];
  const slug = String(before?.['slug'] ?? '');
  const isConcerned = (facts: Facts): boolean => {
    if (resource.kind === 'content') return facts['parent'] === id;
    // Addresses may be made of terms and authors; what had a term that is gone has another one.
    const isOwn = idsIn(facts, resource.kind === 'term' ? resource.restBase : 'author').includes(id);
    return isOwn && (!after || (slug !== '' && String(facts['link']).includes(`/${slug}/`)));
  };
  return [...states.values()]
    .filter((state) => state.resource.kind === 'content')
    .map((state) => {
      const known = [...state.known.facts].filter(([, facts]) => isConcerned(facts)).map(([own]) => own);
      return [state.resource.name, [...known, ...(resource.kind === 'content' ? state.lostBelow(id) : [])]];
    });
}

function effectOf(edit: Edit, resource: Resource | undefined, options: FollowOptions): Effect {
  const effect: Effect = { tags: [edit.list], edits: [edit] };
  if (!resource || edit.id === anyId) return effect;
  effect.tags.push(entityTag(resource, edit.id), ...addressesOf(edit, resource, options));
  if (resource.kind === 'content') {
    addTerms(effect, edit, resource.taxonomies, options);
    addAuthors(effect, edit, options);
  }
  if (resource.kind === 'term') addContent(effect, edit, resource, options);
  return effect;
}

function addressesOf({ id, before, after }: Edit, resource: Resource, options: FollowOptions): string[] {
  const links = [before?.['link'], after?.['link']].filter((link) => typeof link === 'string');
  // A comment has its place below an address, and none of its own.
  if (resource.kind === 'comment' || (before && after && before['link'] === after['link'])) return [];
  const names = { content: ['p', 'page_id', 'attachment_id'], term: ['cat'], user: ['author'], comment: [] };
  const queries = names[resource.kind].map((name) => `?${name}=${id}`);
  return [...links.map((link) => keyOfLink(options, link)), ...queries].map(uriTag);
}

function keyOfLink(options: FollowOptions, link: string): string {
  const address = parseAddress(options, link);
  return address ? addressKey(address) : link;
}

/** How many have a term changes with those that have it. */
function addTerms(
  effect: Effect,
  { before, after }: Edit,
  taxonomies: readonly string[],
  options: FollowOptions,
): void {
  for (const taxonomy of taxonomies.flatMap((name) => options.resources.get(name) ?? [])) {
    if (taxonomy.kind !== 'term') continue;
    const [was, is] = [idsIn(before, taxonomy.restBase), idsIn(after, taxonomy.restBase)];
    const other =
      before && after
        ? [...was.filter((id) => !is.includes(id)), ...is.filter((id) => !was.includes(id))]
        : [...was, ...is];
    for (const id of other) {
      const { count: _, ...facts }: Facts = options.states.get(taxonomy.name)?.known.facts.get(id) ?? {};
      const known = Object.keys(facts).length > 0 ? facts : undefined;
      effect.edits.push(toEdit(taxonomy, id, known, known));
      effect.tags.push(countTag(taxonomy, id), toEdit(taxonomy, id, known, known).list);
    }
  }
}

/** Authors are public as long as something of theirs is. */
function addAuthors(effect: Effect, { before, after }: Edit, { resources, states }: FollowOptions): void {
  const users = resources.get('user');
  const [was, is] = [before?.['author'], after?.['author']];
  if (!users || (before && after && was === is)) return;
  const content = [...states.values()].filter(
    ({ resource }) => resource.kind === 'content' && resource.name !== 'attachment',
  );
  const countOf = (author: unknown) =>
    content.reduce(
      (sum, { known }) => sum + [...known.facts.values()].filter((facts) => facts['author'] === author).length,
      0,
    );
  const isKnown = content.every(({ known }) => known.isComplete);
  const hasGone = typeof was === 'number' && (!isKnown || countOf(was) === 0);
  const hasCome = typeof is === 'number' && (!isKnown || countOf(is) <= 1);
  for (const id of [...(hasGone ? [was] : []), ...(hasCome ? [is] : [])]) {
    const edit = toEdit(users, id, undefined, undefined);
    effect.edits.push(edit);
    effect.tags.push(entityTag(users, id), edit.list);
  }
}

/** A term in another place takes its content to other lists: those of all terms above it. */
function addContent(
  effect: Effect,
  { before, after }: Edit,
  { contentTypes }: TermResource,
  options: FollowOptions,
): void {
  if (!before || !after || before['parent'] === after['parent']) return;
  for (const resource of contentTypes.flatMap((name) => options.resources.get(name) ?? [])) {
    const edit = toEdit(resource, anyId, undefined, undefined);
    effect.edits.push(edit);
    effect.tags.push(edit.list);
  }
}

/** The change, and with it the address that is not the entity's any more: front ends may have kept a page there. */
function toChanges(
  { type, id, before, after }: Edit,
  resource: Resource | undefined,
  { tags }: Effect,
  site: Site,
): Change[] {
  const uriOf = (facts: Facts | null | undefined) =>
    typeof facts?.['link'] === 'string' ? toUri(site, facts['link']) : null;
  const [was, is] = [uriOf(before), uriOf(after)];
  const uri = after ? is : was;
  const isAll = id === anyId && resource !== undefined;
  const change: Change = {
    type: resource?.typeName ?? type,
    id: id === anyId ? null : id,
    action: after === null ? 'deleted' : before === null ? 'created' : 'updated',
    tags: isAll ? null : [...new Set(tags)],
    source: 'watcher',
    ...(uri === null ? {} : { uri }),
  };
  const hasMoved = was !== null && is !== null && was !== is && resource?.kind !== 'comment';
  return hasMoved ? [change, { ...change, uri: was }] : [change];
}
