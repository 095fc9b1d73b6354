// Owns random edits of a demo WordPress through its REST API, as editors make them, and what each one touches.

/** A generator of random numbers that a seed repeats (mulberry32). */
export function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit: number) => Math.floor(next() * limit),
    pick<Item>(items: readonly Item[]): Item {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}

export type Random = ReturnType<typeof createRandom>;

interface Edit {
  readonly kind: 'post' | 'term' | 'comment';
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly id: number;
  readonly status: string;
  readonly categories?: readonly number[];
  readonly tags?: readonly number[];
  /** What a comment is on. */
  readonly post?: number;
}

/** An edit that was made. */
export interface MadeEdit {
  /** What it touched, as purges name it: `post:103`. */
  readonly touched: string;
  /** Type of the route: `posts`, `tags`. */
  readonly type: string;
  readonly id: number;
  /** What the public saw of it; null where it saw nothing. */
  readonly before: Row | null;
  readonly after: Row | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What there is to edit. */
interface Content {
  readonly posts: readonly Row[];
  readonly pages: readonly Row[];
  readonly books: readonly Row[];
  readonly media: readonly Row[];
  readonly comments: readonly Row[];
}

const categories = [2, 3, 4, 5, 6, 7];
/** Tags that are renamed, and given to posts. */
export const tags: readonly number[] = [9, 10, 11, 12, 13];
const authors = [1, 2, 3, 5];
/** What gets comments. */
const commented = [138, 145, 132, 301];

/** Makes random edits, in one request where WordPress takes several together. */
export async function editAtRandom(
  url: string,
  authorization: string,
  random: Random,
  count: number,
): Promise<readonly MadeEdit[]> {
  const send = async (path: string, method = 'GET', body?: unknown) => {
    const response = await fetch(`${url}/wp-json/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // Gone already, by another edit of the round.
    if (response.status === 410) return null;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const rows = (route: string, status: string): Promise<Row[]> =>
    send(`wp/v2/${route}?per_page=100&status=${status}&_fields=id,status,categories,tags`);
  const content: Content = {
    posts: await rows('posts', 'publish,trash'),
    pages: await rows('pages', 'publish'),
    books: await rows('books', 'publish'),
    media: await rows('media', 'inherit'),
    comments: await rows('comments', 'approve'),
  };
  const edits = Array.from({ length: count }, (_, index) => randomEdit(random, content, index));
  const made: MadeEdit[] = [];
  const isSeen = ({ status }: Row) => status === 'publish';
  const shown = new Map(content.posts.filter(isSeen).map((row) => [row.id, row]));
  const note = ({ kind, path, body = {} }: Edit, row: Row) => {
    const [, type = ''] = /^\/wp\/v2\/(\w+)/.exec(path) ?? [];
    const before = type === 'posts' ? (shown.get(row.id) ?? null) : row;
    const after = type !== 'posts' || isSeen(row) ? row : null;
    if (after && type === 'posts') shown.set(row.id, after);
    else shown.delete(row.id);
    made.push({ touched: `${kind}:${row.id}`, type, id: row.id, before, after, body });
  };
  const together = edits.filter(
    ({ method, path }) => method === 'POST' && /^\/wp\/v2\/(posts|pages|books|categories|tags)/.test(path),
  );
  const { responses } = await send('batch/v1', 'POST', {
    requests: together.map(({ method, path, body }) => ({ method, path, body })),
  });
  for (const [index, edit] of together.entries()) {
    const { status, body } = responses[index];
    if (status >= 300) throw new Error(`${edit.path}: ${JSON.stringify(body)}`);
    note(edit, body);
  }
  for (const edit of edits) {
    if (together.includes(edit)) continue;
    const answer = await send(edit.path.slice(1), edit.method, edit.body);
    if (answer !== null) note(edit, answer.previous ?? answer);
  }
  return made;
}

function randomEdit(random: Random, content: Content, index: number): Edit {
  const shown = content.posts.filter(({ status }) => status === 'publish');
  // What is commented on stays: WordPress takes no comments for what is not shown.
  const removable = shown.filter(({ id }) => !commented.includes(id));
  const trashed = content.posts.filter(({ status }) => status === 'trash');
  const word = `${random.below(10 ** 6)}-${index}`;
  const post = (body: Edit['body'], id: number = random.pick(shown).id): Edit => ({
    ...{ kind: 'post', method: 'POST', path: `/wp/v2/posts/${id}` },
    ...(body ? { body } : {}),
  });
  const day = `20${20 + random.below(6)}-0${1 + random.below(9)}-1${random.below(10)}T1${random.below(10)}:00:00`;
  const edits: (() => Edit)[] = [
    () => post({ content: `<p>Words ${word}</p>` }),
    () => post({ content: `<p>Other words ${word}</p>` }),
    () => post({ title: `Title ${word}` }),
    () => post({ excerpt: `Excerpt ${word}` }),
    () => post({ slug: `slug-${word}` }),
    () => post({ date: day }),
    () => post({ author: random.pick(authors) }),
    () => post({ categories: [random.pick(categories), random.pick(categories)] }),
    () => post({ tags: [random.pick(tags)] }),
    () => post({ featured_media: random.pick(content.media).id }),
    () => post({ status: 'draft' }, random.pick(removable).id),
    () => ({
      ...{ kind: 'post', method: 'POST', path: '/wp/v2/posts' },
      body: { title: `New ${word}`, status: 'publish', categories: [random.pick(categories)], date: day },
    }),
    () => ({ kind: 'post', method: 'DELETE', path: `/wp/v2/posts/${random.pick(removable).id}` }),
    () =>
      trashed.length > 0 ? post({ status: 'publish' }, random.pick(trashed).id) : post({ title: `Title ${word}` }),
    () => ({
      ...{ kind: 'post', method: 'POST', path: `/wp/v2/pages/${random.pick(content.pages).id}` },
      body: { title: `Page ${word}` },
    }),
    () => ({
      ...{ kind: 'post', method: 'POST', path: `/wp/v2/books/${random.pick(content.books).id}` },
      body: { title: `Book ${word}` },
    }),
    () => ({
      ...{ kind: 'post', method: 'POST', path: `/wp/v2/media/${random.pick(content.media).id}` },
      body: { alt_text: `Alt ${word}`, title: `Image ${word}` },
    }),
    () => ({
      ...{ kind: 'term', method: 'POST', path: `/wp/v2/tags/${random.pick(tags)}` },
      body: { name: `Tag ${word}` },
    }),
    () => ({
      ...{ kind: 'comment', method: 'POST', path: '/wp/v2/comments' },
      body: { post: random.pick(commented), content: `Comment ${word}` },
    }),
    () => ({ kind: 'comment', method: 'DELETE', path: `/wp/v2/comments/${random.pick(content.comments).id}` }),
  ];
  return random.pick(edits)();
}
