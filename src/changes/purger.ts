// Owns making a change take effect: what it makes stale is dropped here, the other processes are told, and all who listen.

import type { ResponseStore } from '../cache/response-store.ts';
import type { Written } from '../loaders/write.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import { createConcerns } from './concerns.ts';
import type { Edit } from './facts.ts';
import type { Purge } from './follow-edits.ts';
import { toWrittenChange } from './written-change.ts';

/** What purging stands on. */
export interface PurgerOptions {
  readonly store: ResponseStore;
  readonly stream: ChangeStream;
  readonly site: () => Site;
  readonly resources: () => Resources;
  /** Forgets what answers are made of; null: all of it. */
  readonly forget: (tags: readonly string[] | null) => void;
  /** Told of each purge, with how many answers it dropped. */
  readonly onDropped: (answers: number, scope: 'tags' | 'everything') => void;
  /** Tells the other processes of the gateway. */
  readonly tell: (purge: { readonly tags: readonly string[] | null; readonly details?: unknown }) => void;
  /** Called with all tags that were purged, wherever that was noticed. */
  readonly onTags: (tags: readonly string[] | null) => void | Promise<void>;
}

/** The one place through which everything is purged. */
export interface Purger {
  /** Drops by tags what is kept here, and tells nobody. */
  drop(tags: readonly string[] | null): void;
  /** Purges what the watcher noticed. */
  purge(purge: Purge): Promise<void>;
  /** Purges by tags alone: all that has one of them. */
  purgeTags(tags: readonly string[] | null): void;
  /** Purges what somebody told of, and tells it on. */
  told(changes: readonly Change[]): Promise<void>;
  /** Purges what a write through the gateway touched. */
  written(tags: readonly string[], written: Written): Promise<void>;
  /** Takes in what another process purged. */
  hear(purge: { readonly tags: readonly string[] | null; readonly details?: unknown }): void;
}

/** What processes tell each other beside tags. Both ends are of one release. */
interface Details {
  readonly edits: readonly Edit[] | null;
  readonly changes: readonly Change[];
}

/** A purger of one process. */
export function createPurger(options: PurgerOptions): Purger {
  const { store, stream, site, resources, forget, onDropped, tell, onTags } = options;

  function dropWith(tags: readonly string[] | null, edits: readonly Edit[] | null): void {
    forget(tags && withCounted(tags));
    if (tags === null) onDropped(store.clear(), 'everything');
    else onDropped(store.purge(tags, edits ? createConcerns(edits) : undefined), 'tags');
  }

  async function spread(tags: readonly string[] | null, { edits, changes }: Details): Promise<void> {
    dropWith(tags, edits);
    tell({ tags, details: { edits, changes } });
    await onTags(tags);
    stream.publish({ changes, isOwn: true });
  }

  return {
    drop: (tags) => dropWith(tags, null),
    purge: ({ tags, edits, changes }) => spread(tags, { edits, changes }),
    purgeTags: (tags) => void spread(tags, { edits: null, changes: [] }),
    async told(changes) {
      if (changes.length === 0) return;
      const isAll = changes.some(({ tags }) => tags === null);
      const tags = isAll ? null : [...new Set(changes.flatMap((change) => change.tags ?? []))];
      await spread(tags, { edits: null, changes });
    },
    async written(tags, written) {
      const change = toWrittenChange(written, tags, site(), resources());
      await spread(tags, { edits: null, changes: change ? [change] : [] });
    },
    hear({ tags, details }) {
      const told = isDetails(details) ? details : { edits: null, changes: [] };
      dropWith(tags, told.edits);
      void onTags(tags);
      stream.publish({ changes: told.changes, isOwn: false });
    },
  };
}

/** Answers may show a term without how many have it; what they are made of has both in one. */
function withCounted(tags: readonly string[]): string[] {
  return [...new Set(tags.flatMap((tag) => (tag.endsWith(':count') ? [tag, tag.slice(0, -':count'.length)] : [tag])))];
}

function isDetails(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && 'edits' in value && 'changes' in value;
}
