// Owns how long the tests of this folder take: a few seconds in the suite, minutes where a person runs their command.

/** The short one in the suite, the long one of `npm run <command>`. */
export function scaleOf<Scale>(command: string, short: Scale, long: Scale): Scale {
  return process.env['npm_lifecycle_event'] === command ? long : short;
}

/** Tells what a long form measured. */
export function report(command: string, figures: Readonly<Record<string, string | number>>): void {
  if (process.env['npm_lifecycle_event'] !== command) return;
  const lines = Object.entries(figures).map(([what, value]) => `| ${what} | ${value} |`);
  process.stdout.write(`\n| ${command} | |\n| --- | --- |\n${lines.join('\n')}\n\n`);
}

/**
 * Whether a long form goes on, asked with how much of it is done: it says how far it is every ten seconds, and has so many
 * minutes. A short one always does.
 */
export function createPace(command: string, what: string, total: number, minutes: number): (done: number) => boolean {
  if (process.env['npm_lifecycle_event'] !== command) return () => true;
  // Tests may let time pass faster.
  const startedAt = Date.now();
  let toldAt = startedAt;
  return (done) => {
    const now = Date.now();
    if (now - toldAt > 10_000) {
      toldAt = now;
      process.stdout.write(`${what}: ${done} of ${total}\n`);
    }
    return now - startedAt < 60_000 * minutes;
  };
}

/** Numbers from 0 to 1 that are the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of some things. */
export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Runs a task so many times, some at once, as long as it may go on; gives how often it ran. */
export async function repeat(
  times: number,
  atOnce: number,
  task: (index: number) => Promise<void>,
  goesOn: (done: number) => boolean = () => true,
): Promise<number> {
  let next = 0;
  const run = async () => {
    while (next < times && goesOn(next)) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return next;
}

/** Median and 99th percentile of times in ms, to report. */
export function latencies(what: string, times: readonly number[]): Record<string, string> {
  const sorted = [...times].sort((a, b) => a - b);
  const below = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);
  return { [`${what}: median, ms`]: below(0.5), [`${what}: 99th percentile, ms`]: below(0.99) };
}

/** What the process takes of memory: at the first look, and by how much more at most. */
export function watchMemory(): { look(): void; figures(): Record<string, string> } {
  const megabytes = () => process.memoryUsage.rss() / 1e6;
  const before = megabytes();
  let most = before;
  return {
    look() {
      most = Math.max(most, megabytes());
    },
    figures: () => ({
      'resident at the start, MB': before.toFixed(0),
      'grown by at most, MB': (most - before).toFixed(0),
    }),
  };
}
