// The steps of getting a WordPress, as events, and how they are shown to a person.

/** The steps in their order; those that were done at an earlier start are left out. */
export type DemoStep = 'download' | 'unpack' | 'install' | 'seed' | 'start';

/** One step has begun, goes on, or is done. */
export interface DemoEvent {
  readonly step: DemoStep;
  readonly state: 'begun' | 'running' | 'done';
  readonly text: string;
  readonly elapsedMs: number;
}

/** What happens on the way to a WordPress that runs. */
export type OnProgress = (event: DemoEvent) => void;

/** Runs one step and reports it; while it runs, once a second. A step that fails reports nothing more. */
export async function runStep<T>(
  step: DemoStep,
  text: string,
  onProgress: OnProgress | undefined,
  work: () => Promise<{ value: T; text: string }>,
): Promise<T> {
  const startedAt = performance.now();
  const report = (state: DemoEvent['state'], said: string) =>
    onProgress?.({ step, state, text: said, elapsedMs: performance.now() - startedAt });
  report('begun', text);
  const timer = setInterval(() => report('running', text), 1_000);
  try {
    const result = await work();
    report('done', result.text);
    return result.value;
  } finally {
    clearInterval(timer);
  }
}

/** Shows the steps on a stream: one live line on a terminal, plain lines elsewhere. */
export function createProgressPrinter(stream: { isTTY?: boolean; write(text: string): unknown }): OnProgress {
  return ({ step, state, text, elapsedMs }) => {
    const line = `${step.padEnd(8)} ${text}`;
    const seconds = `${(elapsedMs / 1_000).toFixed(1)} s`;
    if (state === 'done') {
      stream.write(`${stream.isTTY ? '\r\x1b[2K' : ''}  ${line}, ${seconds}\n`);
    } else if (stream.isTTY) {
      stream.write(`\r\x1b[2K  ${line} … ${Math.floor(elapsedMs / 1_000)} s`);
    } else if (state === 'begun') {
      stream.write(`  ${line} …\n`);
    } else if (Math.round(elapsedMs / 1_000) % 10 === 0) {
      stream.write(`  ${line} … ${Math.round(elapsedMs / 1_000)} s\n`);
    }
  };
}

/** A number of bytes for people: `64.2 MB`. */
export function printBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
