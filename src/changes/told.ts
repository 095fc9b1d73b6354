// Owns what a webhook says, in the words of WordPress: what changed, before it is known what of that is shown here.

import type { ChangeAction } from './change-stream.ts';

/** Something that changed, as WordPress knows it. */
export interface ToldItem {
  readonly kind: 'content' | 'term' | 'comment' | 'user' | 'menu' | 'settings';
  /** Name of its type or taxonomy: `post`, `category`; null where the sender did not say. */
  readonly type: string | null;
  /** Null where it is not one entity, or the sender did not say. */
  readonly id: number | null;
  readonly action: ChangeAction;
  /** Its addresses, now and before, whole or below the home. */
  readonly links: readonly string[];
  /** Terms that count or show it otherwise now; null where the sender did not say. */
  readonly terms: readonly { readonly taxonomy: string; readonly id: number }[] | null;
  /** Users who show it, now and before. */
  readonly authors: readonly number[];
  /** Content that shows it: what a comment is on, what a file is attached to. */
  readonly content: readonly number[];
}

/** What a webhook says. */
export interface Told {
  /** Whether nothing is true any more. */
  readonly everything: boolean;
  /** Tags by name. */
  readonly tags: readonly string[];
  /** Addresses whose content changed. */
  readonly uris: readonly string[];
  /** Entities by tag: `post:12`. */
  readonly ids: readonly string[];
  readonly items: readonly ToldItem[];
}

/** Says nothing. */
export const nothingTold: Told = { everything: false, tags: [], uris: [], ids: [], items: [] };

/** An item of which only this is known. */
export function toToldItem(
  item: Pick<ToldItem, 'kind' | 'type' | 'id' | 'action'> & Partial<Omit<ToldItem, 'kind' | 'type' | 'id' | 'action'>>,
): ToldItem {
  return { links: [], terms: null, authors: [], content: [], ...item };
}
