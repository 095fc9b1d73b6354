// Owns the table of REST resources: everything the loaders know of a type of content, a taxonomy or the users is a row here.

import type { CustomFields } from './field-shape.ts';

/** What a content type offers beyond being content. */
export type Support =
  | 'title'
  | 'editor'
  | 'excerpt'
  | 'author'
  | 'thumbnail'
  | 'comments'
  | 'revisions'
  | 'trackbacks'
  | 'page-attributes';

interface ResourceRow {
  /**
   * WordPress's own name: `post`, `page`, `attachment`, `category`, `post_tag`, `user`. Where a site has another thing of
   * that name, a post type or taxonomy has its kind before it: `taxonomy:event`; see {@link ownName}.
   */
  readonly name: string;
  /** Route below the REST root. */
  readonly route: string;
  /** GraphQL type. */
  readonly typeName: string;
  /** Root field for one, and for many. */
  readonly singular: string;
  readonly plural: string;
  /** Name for people, as the site's language has it; only where discovery told, as all that follows. */
  readonly label?: string;
  readonly description?: string;
  readonly customFields?: CustomFields;
  /** The site does not show it in REST. */
  readonly isHidden?: boolean;
}

/** A type of content: posts, pages, media, and custom post types. */
export interface ContentResource extends ResourceRow {
  readonly kind: 'content';
  readonly hierarchical: boolean;
  readonly supports: ReadonlySet<Support>;
  /** Names of its taxonomies. */
  readonly taxonomies: readonly string[];
  readonly icon?: string | null;
  /** Files or slugs of the templates it may have, beside the default. */
  readonly templates?: readonly string[];
  /** Of media: names of the sizes in which the site keeps images. */
  readonly imageSizes?: readonly string[];
  /** Where its archive is below the home, a path or a query (`?post_type=book`); null where it has none. */
  readonly archive?: string | null;
}

/** A taxonomy: its terms are the entities. */
export interface TermResource extends ResourceRow {
  readonly kind: 'term';
  readonly hierarchical: boolean;
  /** The field and filter by which content names its terms: the taxonomy's `rest_base`. */
  readonly restBase: string;
  /** Names of the types of content it classifies. */
  readonly contentTypes: readonly string[];
}

/** The users. */
export interface UserResource extends ResourceRow {
  readonly kind: 'user';
}

/** The comments. */
export interface CommentResource extends ResourceRow {
  readonly kind: 'comment';
}

/** A row of the table. */
export type Resource = ContentResource | TermResource | UserResource | CommentResource;

/** The rows of one site, by WordPress's name. */
export type Resources = ReadonlyMap<string, Resource>;

/** What stands before a name that something else has: no name of WordPress has a colon in it. */
const kindPrefixes = { content: 'type:', term: 'taxonomy:' } as const;

/** The name of a row whose own name something else of the site has. */
export function nameBesideTwin(kind: keyof typeof kindPrefixes, own: string): string {
  return `${kindPrefixes[kind]}${own}`;
}

/** What WordPress itself calls the row of a name. */
export function ownName(name: string): string {
  return name.replace(/^(?:type|taxonomy):/, '');
}

/** The type of content or the taxonomy that WordPress calls so. */
export function findByOwnName(
  resources: Resources,
  kind: keyof typeof kindPrefixes,
  own: string,
): Resource | undefined {
  const row = resources.get(own);
  return row?.kind === kind ? row : resources.get(nameBesideTwin(kind, own));
}

/** WordPress's own limit of `per_page` and the most ids one `include` can bring. */
export const maxPerPage = 100;

/** First part of a global id (`base64("post:12")`): WPGraphQL has one for all content, one for all terms. */
export function globalIdPrefix(resource: Resource): 'post' | 'term' | 'user' | 'comment' {
  return resource.kind === 'content' ? 'post' : resource.kind;
}

/**
 * Key of an entity in every cache. Ids are unique among all content and among all terms, yet the type is part of it:
 * that an id is no post does not mean that it is no page.
 */
export function entityKey({ name }: Resource, id: number): string {
  return `${name}:${id}`;
}

const rows: readonly Resource[] = [
  {
    kind: 'content',
    name: 'post',
    route: 'wp/v2/posts',
    typeName: 'Post',
    singular: 'post',
    plural: 'posts',
    hierarchical: false,
    supports: new Set(['title', 'editor', 'excerpt', 'author', 'thumbnail', 'comments', 'revisions', 'trackbacks']),
    taxonomies: ['category', 'post_tag'],
  },
  {
    kind: 'content',
    name: 'page',
    route: 'wp/v2/pages',
    typeName: 'Page',
    singular: 'page',
    plural: 'pages',
    hierarchical: true,
    supports: new Set(['title', 'editor', 'author', 'thumbnail', 'comments', 'revisions', 'page-attributes']),
    taxonomies: [],
  },
  {
    kind: 'content',
    name: 'attachment',
    route: 'wp/v2/media',
    typeName: 'MediaItem',
    singular: 'mediaItem',
    plural: 'mediaItems',
    hierarchical: true,
    supports: new Set(['title', 'author', 'comments']),
    taxonomies: [],
  },
  {
    kind: 'term',
    name: 'category',
    route: 'wp/v2/categories',
    typeName: 'Category',
    singular: 'category',
    plural: 'categories',
    hierarchical: true,
    restBase: 'categories',
    contentTypes: ['post'],
  },
  {
    kind: 'term',
    name: 'post_tag',
    route: 'wp/v2/tags',
    typeName: 'Tag',
    singular: 'tag',
    plural: 'tags',
    hierarchical: false,
    restBase: 'tags',
    contentTypes: ['post'],
  },
  { kind: 'user', name: 'user', route: 'wp/v2/users', typeName: 'User', singular: 'user', plural: 'users' },
  {
    kind: 'comment',
    name: 'comment',
    route: 'wp/v2/comments',
    typeName: 'Comment',
    singular: 'comment',
    plural: 'comments',
  },
];

/** The rows that every WordPress has. */
export const coreResources: Resources = new Map(rows.map((row) => [row.name, row]));
