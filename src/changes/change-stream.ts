// Owns the one stream of changes: what became different in WordPress, whoever noticed, for all who tell it on.

/** What happened, as clients see it: what is published appears, what is trashed or unpublished disappears. */
export type ChangeAction = 'created' | 'updated' | 'deleted';

/** Who noticed a change; `call`: the program that runs the gateway. */
export type ChangeSource = 'watcher' | 'write' | 'webhook' | 'call';

/** Something that became different in WordPress. */
export interface Change {
  /** GraphQL type of it, such as `Post`, `MediaItem`, `Category`, `Comment`, `Menu`; null where it is not known. */
  readonly type: string | null;
  /** WordPress's id of it; null where the change is of no single entity, or its id is not known. */
  readonly id: number | null;
  readonly action: ChangeAction;
  /** What it makes stale, as `loaders/tags.ts` names it: `post:12`, `list:post`, `uri:/about/`; null: everything. */
  readonly tags: readonly string[] | null;
  /** Its address below the site's home, such as `/about/`, where it is known: the last one, of what is gone. */
  readonly uri?: string;
  readonly source: ChangeSource;
}

/** Changes that were noticed together, such as by one request of the watcher. */
export interface Changes {
  readonly changes: readonly Change[];
  /** Whether this process noticed them; others were told by another process of the same gateway. */
  readonly isOwn: boolean;
}

/** What listens to a stream; it must not throw. */
export type ChangeListener = (changes: Changes) => void;

/** The stream of one process. Whoever publishes has purged before: a listener that reads anew reads what is true. */
export interface ChangeStream {
  /** Tells all listeners, in the order in which they came. */
  publish(changes: Changes): void;
  /** Listens until the returned function is called, or the signal is aborted. */
  subscribe(listener: ChangeListener, signal?: AbortSignal): () => void;
  /** How many listen. */
  readonly listeners: number;
}

/** A stream with nobody listening. */
export function createChangeStream(): ChangeStream {
  const listeners = new Set<ChangeListener>();
  return {
    publish(changes) {
      if (changes.changes.length === 0) return;
      for (const listener of [...listeners]) listener(changes);
    },
    subscribe(listener, signal) {
      // One of its own each time: the same function may listen twice.
      const own: ChangeListener = (changes) => listener(changes);
      const stop = () => {
        listeners.delete(own);
        signal?.removeEventListener('abort', stop);
      };
      if (signal?.aborted) return stop;
      listeners.add(own);
      signal?.addEventListener('abort', stop, { once: true });
      return stop;
    },
    get listeners() {
      return listeners.size;
    },
  };
}
