// Owns the one watcher of a process: none at first, and a new one where the site has become another.

import { type WatchWordPressOptions, type WordPressWatch, watchWordPress } from './watch-wordpress.ts';

/** A watcher that may not run yet: while it does not, what is said to it is lost, and nothing is found. */
export interface KeptWatch extends Omit<WordPressWatch, 'round'> {
  /** Watches the site of the moment, in place of what was watched before. */
  start(): void;
  /** The same, where one runs. */
  restart(): void;
  round(): Promise<void>;
}

/** A watcher to be started; its options are asked for at each start. */
export function keepWatching(toOptions: () => WatchWordPressOptions): KeptWatch {
  let running: WordPressWatch | undefined;
  let isStopped = false;

  function start(): void {
    const options = toOptions();
    if (options.intervalSeconds === 0 || isStopped) return;
    // What is known of a site that has other types now is no use.
    void running?.[Symbol.asyncDispose]();
    running = watchWordPress(options);
  }

  return {
    start,
    restart() {
      if (running) start();
    },
    asked: () => running?.asked(),
    look: async (changes) => (running ? running.look(changes) : null),
    typeOf: (kind, id) => running?.typeOf(kind, id),
    learn: (edits) => running?.learn(edits),
    round: async () => running?.round(),
    async [Symbol.asyncDispose]() {
      isStopped = true;
      await running?.[Symbol.asyncDispose]();
    },
  };
}
