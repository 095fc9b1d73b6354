// Owns telling people how far something is: a bar where they watch, a line now and then where they do not.

/** Where progress is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how many of some things are done. */
export interface Progress {
  step(): void;
  end(): void;
}

const width = 30;

/** Starts at none. */
export function createProgress(total: number, output: ProgressOutput): Progress {
  let done = 0;
  let told = 0;
  const bar = () => {
    const share = total === 0 ? 1 : done / total;
    const filled = Math.round(width * share);
    return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${total}`;
  };
  return {
    step() {
      done += 1;
      if (output.isTTY) output.write(`\r${bar()}`);
      // A tenth at a time is enough for a log.
      else if (Math.floor((10 * done) / total) > told) {
        told = Math.floor((10 * done) / total);
        output.write(`${done}/${total}\n`);
      }
    },
    end: () => void (output.isTTY && output.write('\n')),
  };
}
