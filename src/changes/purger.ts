// Owns making a change take effect: what it makes stale is dropped here, the other processes are told, and all who listen.

import { setTimeout as delay } from 'node:timers/promises';
import { type Gone, noneGone } from '../cache/old.ts';
import type { ResponseStore } from '../cache/response-store.ts';
import type { Written } from '../loaders/write.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import { createConcerns } from './concerns.ts';
import type { Edit } from './facts.ts';
import type { Purge } from './follow-edits.ts';
import { goneOf, parseGone } from './gone.ts';
import { toWrittenChange } from './written-change.ts';

/** What purging stands on. */
export interface PurgerOptions {
  readonly store: ResponseStore;
  readonly stream: ChangeStream;
  readonly site: () => Site;
  readonly resources: () => Resources;
  /** Forgets what answers are made of, null: all of it; what is not gone stays for when WordPress fails. */
  readonly forget: (tags: readonly string[] | null, gone: Gone) => void;
  /** Told of each purge, with how many answers it dropped. */
  readonly onDropped: (answers: number, scope: 'tags' | 'everything') => void;
  /** Tells the other processes of the gateway. */
  readonly tell: (purge: { readonly tags: readonly string[] | null; readonly details?: unknown }) => void;
  /** Looks at entities that somebody told of; null where nobody here can. */
  readonly look: (changes: readonly Change[]) => Promise<Purge | null>;
  /** How long a webhook waits for WordPress to say what it is about. */
  readonly patienceMs?: number;
  /** Remembers what another process noticed, so that it is not noticed here as well. */
  readonly learn: (edits: readonly Edit[]) => void;
  /** Called with all tags that were purged, wherever that was noticed. */
  readonly onTags: (tags: readonly string[] | null) => void | Promise<void>;
}

/** The one place through which everything is purged. */
export interface Purger {
  /** All that is kept here may be otherwise by now: none of it is used unless WordPress fails. Tells nobody. */
  doubt(): void;
  /** Purges what the watcher noticed. */
  purge(purge: Purge): Promise<void>;
  /** Purges by tags alone: all that has one of them. */
  purgeTags(tags: readonly string[] | null): void;
  /** Purges what somebody told of, as precisely as it can be known in a moment, and tells it on. */
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
  /** What is gone, as entries of a map, or `all`. */
  readonly gone: unknown;
}

type Said = Pick<Details, 'edits' | 'changes'>;

/** A purger of one process. */
export function createPurger(options: PurgerOptions): Purger {
  const { store, stream, site, resources, forget, onDropped, tell, onTags, look, learn, patienceMs = 3000 } = options;

  function drop(tags: readonly string[] | null, edits: readonly Edit[] | null, gone: Gone): void {
    forget(tags, gone);
    if (tags === null) onDropped(store.clear(gone), 'everything');
    else onDropped(store.purge(tags, { isConcerned: edits ? createConcerns(edits) : undefined, gone }), 'tags');
  }

  async function spread(
    tags: readonly string[] | null,
    { edits, changes }: Said,
    gone: Gone = goneOf(tags, edits),
  ): Promise<void> {
    drop(tags, edits, gone);
    const details: Details = { edits, changes, gone: gone === 'all' ? gone : [...gone] };
    tell({ tags, details });
    await onTags(tags);
    stream.publish({ changes, isOwn: true });
  }

  async function tellItems(items: readonly Change[]): Promise<void> {
    const tags = tagsOf(items);
    const looking = look(items);
    const looked = await Promise.race([looking, delay(patienceMs, null, { ref: false })]);
    if (!looked || tags === null) {
      await spread(tags, { edits: null, changes: items });
      void looking.then((late) => late && spreadOthers(late, items));
      return;
    }
    const changes = looked.changes.map((change): Change => ({ ...change, source: 'webhook' }));
    const all = looked.tags && [...new Set([...tags, ...looked.tags])];
    await spread(all, { edits: looked.edits, changes });
  }

  async function tellDoubtful(change: Change): Promise<void> {
    const looked = isOfEntity(change) ? await look([change]) : null;
    if (!looked) return spread(change.tags, { edits: null, changes: [change] });
    const { tags, edits, changes } = looked;
    await spread(tags, { edits, changes: changes.map((one): Change => ({ ...one, source: change.source })) });
  }

  /** Takes in what was told, so that nobody tells it again, and purges what follows from it. */
  async function followTold(changes: readonly Change[]): Promise<void> {
    const items = changes.filter(isOfEntity);
    const looked = items.length > 0 ? await look(items) : null;
    if (looked) await spreadOthers(looked, items);
  }

  async function spreadOthers({ tags, edits, changes }: Purge, told: readonly Change[]): Promise<void> {
    const isTold = (change: Change) => told.some(({ type, id }) => type === change.type && id === change.id);
    await spread(tags, { edits, changes: changes.filter((change) => !isTold(change)) });
  }

  return {
    doubt: () => drop(null, null, noneGone),
    purge: ({ tags, edits, changes }) => spread(tags, { edits, changes }),
    purgeTags: (tags) => void spread(tags, { edits: null, changes: [] }),
    async told(changes) {
      const items = changes.filter(isOfEntity);
      const rest = changes.filter((change) => !isOfEntity(change));
      if (rest.length > 0) await spread(tagsOf(rest), { edits: null, changes: rest });
      if (items.length > 0) await tellItems(items);
    },
    async written(tags, written) {
      const change = toWrittenChange(written, tags, site(), resources());
      // Whether the public saw what it does not see now, only the watcher knows.
      const isDoubtful = change?.action === 'deleted';
      const isShown = change !== null && !isDoubtful && !hasPassword(written);
      const said = { edits: null, changes: change && !isDoubtful ? [change] : [] };
      await spread(tags, said, isShown ? noneGone : 'all');
      if (change) void (isDoubtful ? tellDoubtful(change) : followTold([change]));
    },
    hear({ tags, details }) {
      const told = isDetails(details) ? details : { edits: null, changes: [], gone: 'all' };
      drop(tags, told.edits, parseGone(told.gone));
      void onTags(tags);
      stream.publish({ changes: told.changes, isOwn: false });
      if (told.edits) learn(told.edits);
      else void followTold(told.changes);
    },
  };
}

function isOfEntity({ type, id, tags }: Change): boolean {
  return type !== null && id !== null && tags !== null;
}

/** What has a password from now on was open before. */
function hasPassword({ row }: Written): boolean {
  return typeof row?.['password'] === 'string' && row['password'] !== '';
}

function tagsOf(changes: readonly Change[]): readonly string[] | null {
  if (changes.some(({ tags }) => tags === null)) return null;
  return [...new Set(changes.flatMap(({ tags }) => tags ?? []))];
}

function isDetails(value: unknown): value is Details {
  return typeof value === 'object' && value !== null && 'edits' in value && 'changes' in value && 'gone' in value;
}
