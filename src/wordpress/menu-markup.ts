// Owns reading of menus from HTML: what WordPress prints for `wp_nav_menu` and for navigation blocks.

import { Parser } from 'htmlparser2';
import { UpstreamError } from '../errors.ts';
import { createGiveWay } from '../give-way.ts';

/** A menu as a page shows it. */
export interface MarkupMenu {
  /** From its id or its container's class: `menu-{slug}`, `menu-{slug}-container`. */
  readonly slug: string | null;
  /** Words of the ids and classes of the list and of what is around it: themes name places in them. */
  readonly words: ReadonlySet<string>;
  /** The part of the page that it is in. */
  readonly area: 'header' | 'footer' | null;
  readonly items: readonly MarkupItem[];
}

/** An item as a page shows it. Texts are plain; '' where there is none. */
export interface MarkupItem {
  /** From `menu-item-{id}`; navigation blocks have none. */
  readonly id: number | null;
  readonly parent: MarkupItem | null;
  readonly label: string;
  readonly description: string;
  /** Attributes of its link. */
  readonly link: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
  /** From `menu-item-type-…` and `menu-item-object-…`; navigation blocks have them only where they were a menu once. */
  readonly type: string | null;
  readonly object: string | null;
}

/** Which text of an item is open. */
type Part = 'text' | 'label' | 'description' | null;

interface Draft {
  readonly parent: Draft | null;
  /** The element around all items of its menu. */
  readonly list: Frame;
  readonly classes: readonly string[];
  readonly elementId: string;
  link: Readonly<Record<string, string>> | null;
  text: string;
  label: string;
  description: string;
}

interface Frame {
  readonly name: string;
  readonly id: string;
  readonly classes: readonly string[];
  readonly role: string;
  readonly parent: Frame | null;
  /** The item and the part of it that text here belongs to. */
  readonly item: Draft | null;
  readonly part: Part;
}

/** No site has more; what was left out of one that does would be missing in silence. */
const most = {
  items: 5000,
  menus: 200,
  /** No browser nests deeper, and the parser's time grows with the square of it. */
  levels: 512,
  characters: 2 * 1024 * 1024,
  /** Of the names of an element, or of a text of an item. */
  ofOne: 16 * 1024,
};
/** Of what is around a list; a word of hundreds of characters names no place either. */
const [maxNames, maxNameLength] = [200, 200];
/** Takes a few milliseconds, whatever is in it. */
const chunkLength = 8 * 1024;
const silent = new Set(['script', 'style', 'svg', 'noscript', 'template']);

/** Reads the menus of a page or of a part of one, in its order; a copy of a menu for small screens counts once. */
export type MenuParser = (html: string) => Promise<readonly MarkupMenu[]>;

/**
 * A parser that gives way to all else while it reads. Rejects with an `UpstreamError` for more than menus need, in one
 * part or in all that it is given together.
 */
export function createMenuParser(giveWay = createGiveWay()): MenuParser {
  let characters = 0;
  let items = 0;
  return async (html) => {
    characters += html.length;
    refuseBeyond(most.characters, characters, 'characters');
    const drafts = await readDrafts(html, giveWay, () => {
      items += 1;
      refuseBeyond(most.items, items, 'items');
    });
    return toMenus(drafts, giveWay);
  };
}

function refuseBeyond(max: number, count: number, what: string): void {
  if (count > max) throw new UpstreamError('UPSTREAM_TOO_LARGE', `menus in HTML: more than ${max} ${what}`);
}

/** The items of each list, as they are written. */
async function readDrafts(
  html: string,
  giveWay: () => Promise<void>,
  countItem: () => void,
): Promise<ReadonlyMap<Frame, readonly Draft[]>> {
  const root: Frame = { name: '', id: '', classes: [], role: '', parent: null, item: null, part: null };
  const menus = new Map<Frame, Draft[]>();
  let top = root;
  let depth = 0;

  function open(name: string, attributes: Readonly<Record<string, string>>): Frame {
    const { id = '', class: classText = '', role = '' } = attributes;
    refuseBeyond(most.ofOne, id.length + classText.length, 'characters in the names of an element');
    const classes = splitWords(classText);
    const frame = { name, id, classes, role, parent: top };
    if (name === 'li' && isItem(classes)) {
      countItem();
      const list = top.item?.list ?? listAround(top, classes);
      const texts = { text: '', label: '', description: '' };
      const item: Draft = { parent: top.item, list, classes, elementId: frame.id, link: null, ...texts };
      const items = menus.get(list) ?? [];
      menus.set(list, items);
      refuseBeyond(most.menus, menus.size, 'lists');
      items.push(item);
      return { ...frame, item, part: null };
    }
    const { item } = top;
    let part = silent.has(name) || classes.includes('screen-reader-text') ? null : top.part;
    if (item && name === 'a' && item.link === null) {
      item.link = attributes;
      part = 'text';
    }
    if (classes.includes('wp-block-navigation-item__label')) part = 'label';
    if (classes.includes('wp-block-navigation-item__description') || classes.includes('menu-item-description')) {
      part = 'description';
    }
    return { ...frame, item, part };
  }

  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth += 1;
      refuseBeyond(most.levels, depth, 'levels');
      top = open(name, attributes);
    },
    ontext: (text) => {
      if (!top.item || !top.part) return;
      top.item[top.part] += text;
      refuseBeyond(most.ofOne, top.item[top.part].length, 'characters in an item');
    },
    onclosetag: () => {
      depth -= 1;
      top = top.parent ?? root;
    },
  });
  for (let start = 0; start < html.length; start += chunkLength) {
    parser.write(html.slice(start, start + chunkLength));
    await giveWay();
  }
  parser.end();
  return menus;
}

/** The element that holds the menu of an item at the top. */
function listAround(above: Frame, classes: readonly string[]): Frame {
  // A navigation block may break its items into several lists.
  const names = classes.includes('wp-block-navigation-item') ? [['nav'], ['ul', 'ol']] : [['ul', 'ol']];
  for (const wanted of names) {
    for (let at: Frame | null = above; at; at = at.parent) if (wanted.includes(at.name)) return at;
  }
  let root = above;
  while (root.parent) root = root.parent;
  return root;
}

function isItem(classes: readonly string[]): boolean {
  return classes.includes('menu-item') || classes.includes('wp-block-navigation-item');
}

async function toMenus(
  lists: ReadonlyMap<Frame, readonly Draft[]>,
  giveWay: () => Promise<void>,
): Promise<readonly MarkupMenu[]> {
  const known = new Map<string, MarkupMenu & { readonly words: Set<string> }>();
  for (const [list, drafts] of lists) {
    const items = new Map<Draft, MarkupItem>();
    for (const draft of drafts) {
      items.set(draft, toItem(draft, draft.parent && (items.get(draft.parent) ?? null)));
      await giveWay();
    }
    const menu = { ...describe(list), items: [...items.values()] };
    const key = JSON.stringify(menu.items.map(({ label, link }) => [label, link['href']]));
    const first = known.get(key);
    if (first) for (const word of menu.words) first.words.add(word);
    else known.set(key, menu);
    await giveWay();
  }
  return [...known.values()];
}

/** What a list, and what is around it, says of its menu. */
function describe(list: Frame): Pick<MarkupMenu, 'slug' | 'area'> & { readonly words: Set<string> } {
  const around: Frame[] = [];
  for (let at: Frame | null = list; at && at.name !== 'body'; at = at.parent) around.push(at);
  const names: string[] = [];
  for (const { id, classes } of around) if (names.length < maxNames) names.push(id, ...classes.slice(0, maxNames));
  const container = names.map((name) => /^menu-(.+)-container$/.exec(name)?.[1]).find(Boolean);
  const isFooter = around.some(({ name, role }) => name === 'footer' || role === 'contentinfo');
  const isHeader = around.some(({ name, role }) => name === 'header' || role === 'banner');
  return {
    slug: container ?? (/^menu-(?!item)(.+)$/.exec(list.id)?.[1] || list.id || null),
    words: new Set(names.flatMap(toWords)),
    area: isFooter ? 'footer' : isHeader ? 'header' : null,
  };
}

function toItem(draft: Draft, parent: MarkupItem | null): MarkupItem {
  const { classes, elementId } = draft;
  const after = (prefix: string) => classes.find((name) => name.startsWith(prefix))?.slice(prefix.length) || null;
  const id = /(?:^|\s)menu-item-(\d{1,9})(?:\s|$)/.exec([elementId, ...classes].join(' '))?.[1];
  return {
    id: id === undefined ? null : Number(id),
    parent,
    label: collapse(draft.label) || collapse(draft.text),
    description: collapse(draft.description),
    link: draft.link ?? {},
    classes: classes.filter((name) => !generated.test(name)),
    type: after('menu-item-type-'),
    object: after('menu-item-object-'),
  };
}

/** Classes that WordPress gives items by itself. */
const generated =
  /^(?:menu-item(?:-.*)?|current[-_].*|page[-_]item(?:-.*)?|wp-block-.*|has-child|open-on-.*|has-.+-size)$/;

/** The words of a name such as `primary-menu` or `siteNav`, in lower case. */
export function toWords(name: string): string[] {
  return name
    .slice(0, maxNameLength)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
