// Owns post formats as terms: REST has no taxonomy of them, only the name that each post carries.

import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { ListSpec } from '../../loaders/list-spec.ts';
import { loadInParts } from '../../loaders/load-in-parts.ts';
import { comparable, type OwnSite, parseAddress } from '../../loaders/lookup.ts';
import { compareBy } from '../../loaders/order.ts';
import { onceForLists, onceForObjects, onceForTexts } from '../../long-lists.ts';
import { maxPerPage, type Resource, type TermResource } from '../../wordpress/resources.ts';
import type { Site } from '../../wordpress/rest.ts';
import { readList, readString, readValue } from '../read.ts';
import { parseGlobalId } from '../relay/ids.ts';
import { oncePerArgument } from './once-per-argument.ts';
import { toTermOrder } from './terms.ts';
import { type Where, whereOf } from './where.ts';

/** The taxonomy of formats. It has no route: its terms are made here. */
export const postFormats: TermResource = {
  kind: 'term',
  name: 'post_format',
  route: '',
  typeName: 'PostFormat',
  singular: 'postFormat',
  plural: 'postFormats',
  hierarchical: false,
  restBase: 'post_format',
  contentTypes: ['post'],
};

/** WordPress's formats; `standard` is no term there either. */
const formats = ['aside', 'audio', 'chat', 'gallery', 'image', 'link', 'quote', 'status', 'video'] as const;

/** Why the ids of formats are negative. */
export const formatIdReason =
  'A negative number of the gateway’s own, the same on every site: REST does not tell the id of a format.';

/** All formats, by name. */
export function allFormats(site: Site): Entity[] {
  return formats.map((format, index) => {
    const name = format.charAt(0).toUpperCase() + format.slice(1);
    const path = site.root.style === 'query' ? `?post_format=${format}` : `type/${format}/`;
    const data = { id: -1 - index, name, slug: `post-format-${format}`, link: `${site.home}/${path}` };
    return { resource: postFormats, id: data.id, data };
  });
}

/** A format as WordPress's database has it, where its slug is its name. */
export function toRow(format: Entity): Entity {
  return { ...format, data: { ...format.data, name: format.data['slug'] } };
}

/** The formats that some posts have: to WordPress there are no others. None where it cannot tell. */
export async function usedFormats(context: GatewayContext): Promise<Entity[]> {
  const { loaders, resources, site } = context;
  const posts = resources.get('post');
  if (!posts || !(await canFilter(context))) return [];
  const query = { format: formats, orderby: 'id', order: 'desc', per_page: maxPerPage };
  const { entities, total } = await loaders.list(posts, query, ['format']);
  const seen = new Set(entities.map(({ data }) => readString(data, 'format')));
  const isWhole = total !== null && total <= maxPerPage;
  const isUsed = async (term: Entity) =>
    seen.has(formatOf(term)) || (!isWhole && (await countPosts(term, context)) !== 0);
  const all = allFormats(site);
  const used = await Promise.all(all.map(isUsed));
  return all.filter((_, index) => used[index]);
}

/** The formats of a post, of which it has one or none. */
export function formatsOfPost(site: Site, post: Entity): Entity[] {
  const format = readString(post.data, 'format');
  return allFormats(site).filter((term) => formatOf(term) === format);
}

/** What posts call a format: `aside`. */
export function formatOf({ data }: Entity): string {
  return String(data['slug']).replace('post-format-', '');
}

/** The format that an id of any kind names. */
export function findFormat(own: OwnSite, id: string, idType: unknown): Entity | null {
  const wanted = id.toLowerCase();
  const address = idType === 'uri' ? parseAddress(own, id) : null;
  const { site } = own;
  const isWanted = (term: Entity): boolean => {
    const { slug, name, link } = term.data;
    if (idType === 'slug') return [slug, formatOf(term)].includes(wanted);
    if (idType === 'name') return String(name).toLowerCase() === wanted;
    if (idType !== 'uri') return term.id === idIn(id);
    if (address?.path) return address.path === comparable(site, String(link));
    return address?.query.get('post_format')?.replace('post-format-', '') === formatOf(term);
  };
  return allFormats(site).find(isWanted) ?? null;
}

/** The id in an id or a global id. */
function idIn(value: unknown): number {
  const text = String(value);
  return Number(parseGlobalId(text)?.id ?? text);
}

/** Those of some formats that `where` asks for, in its order. */
export async function filterFormats(
  some: readonly Entity[],
  given: unknown,
  context: GatewayContext,
): Promise<Entity[]> {
  const where = whereOf(given);
  if (where.number('parent') || where.number('childOf') || where.text('descriptionLike')) return [];
  const kept = await keepUsed(some.filter(keepOf(where)), where, context);
  const order = toTermOrder(where);
  return 'by' in order ? kept.sort(compareBy(order.by)) : kept;
}

const idSetOf = onceForLists((ids: readonly unknown[]) => new Set(ids.map(idIn)));
const toLower = onceForTexts((text) => text.toLowerCase());
const lowerSetOf = onceForLists((texts: readonly string[]) => new Set(texts.map(toLower)));

const keepOf = onceForObjects((where: Where): ((term: Entity) => boolean) => {
  const ids = (...names: string[]) =>
    names.map((name) => idSetOf(where.list(name) ?? [])).filter(({ size }) => size > 0);
  const included = ids('include', 'termTaxonomyId', 'termTaxonomId');
  const excluded = ids('exclude', 'excludeTree');
  const [slugs, names] = [lowerSetOf(where.texts('slug')), lowerSetOf(where.texts('name'))];
  const parts = [where.text('nameLike'), where.text('search')].map((part) => toLower(part ?? ''));
  return (term) => {
    const [name, slug] = [String(term.data['name']).toLowerCase(), String(term.data['slug'])];
    return (
      included.every((list) => list.has(term.id)) &&
      !excluded.some((list) => list.has(term.id)) &&
      (slugs.size === 0 || slugs.has(slug)) &&
      (names.size === 0 || names.has(name)) &&
      parts.every((part) => name.includes(part))
    );
  };
});

/** The formats of some posts. */
const formatsOfObjects = oncePerArgument(async (posts: Resource, objectIds: readonly unknown[], { loaders }) => {
  const found = await loadInParts(loaders.pace, objectIds.map(idIn), (id) => loaders.load(posts, id, ['format']));
  return new Set(found.map((post) => post && readString(post.data, 'format')));
});

/** Formats that some posts have: those named, or any. */
async function keepUsed(some: readonly Entity[], where: Where, context: GatewayContext): Promise<Entity[]> {
  const posts = context.resources.get('post');
  const objectIds = where.list('objectIds') ?? [];
  const needsCounts = where.value('hideEmpty') === true || where.text('orderby') === 'count';
  const [used, counts] = await Promise.all([
    posts && objectIds.length > 0 ? formatsOfObjects(posts, objectIds, context) : null,
    needsCounts ? Promise.all(some.map((term) => countPosts(term, context))) : [],
  ]);
  return some
    .map((term, index) => (needsCounts ? { ...term, data: { ...term.data, count: counts[index] ?? null } } : term))
    .filter((term) => used === null || used.has(formatOf(term)))
    .filter(({ data }) => where.value('hideEmpty') !== true || data['count'] !== 0);
}

/** How many posts have a format; null where WordPress cannot tell. */
export async function countPosts(term: Entity, context: GatewayContext): Promise<number | null> {
  const posts = context.resources.get('post');
  if (!posts || !(await canFilter(context))) return null;
  const query = { format: formatOf(term), per_page: 1, _fields: ['id'] };
  return (await context.loaders.count(posts, query)).total;
}

/** A list of posts with a format only. */
export async function withFormat(list: ListSpec, term: Entity, context: GatewayContext): Promise<ListSpec> {
  const format = formatOf(term);
  if (await canFilter(context)) {
    const siblings = { filter: 'format', path: 'format', takesMany: true, areLong: true };
    return { ...list, filters: { ...list.filters, format }, siblings };
  }
  const keep = { argument: 'format', fields: ['format'], test: ({ data }: Entity) => data['format'] === format };
  return { ...list, keep: [...list.keep, keep] };
}

/** Whether REST filters posts by their format: WordPress does since 6.7, and before it shows all posts instead. */
async function canFilter({ loaders, resources, logger }: GatewayContext): Promise<boolean> {
  const path = `routes./${resources.get('post')?.route}.endpoints`;
  try {
    const index = await loaders.object('', [path]);
    return readList(index, path).some((endpoint) => readValue(endpoint, 'args.format') !== null);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    logger.debug({ err: error }, 'WordPress did not tell whether it filters by format');
    return false;
  }
}
