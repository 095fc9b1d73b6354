// Owns the signals that end the program. It listens to them before it loads anything: to a process with the id 1, as in a
// container, the kernel gives none that it does not listen to, and who stops the container waits ten seconds.

import { constants } from 'node:os';
import { isPrimary } from '../workers/run-workers.ts';

const names = ['SIGTERM', 'SIGINT'] as const;

/**
 * Aborts at the first SIGTERM or SIGINT; the second one ends the process at once, and its workers with it. A worker listens
 * to its primary alone, which sends SIGTERM once: terminals and supervisors signal each process, which is no second time.
 */
export function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    // Who asks twice does not want to wait.
    if (controller.signal.aborted && isPrimary()) process.exit(1);
    controller.abort();
  };
  const ignore = () => {};
  for (const name of names) process.on(name, name === 'SIGINT' && !isPrimary() ? ignore : stop);
  return controller.signal;
}

/** Has signals end the process at once, as they end any other one whatever its id; so what this gives never aborts. */
export function endAtSignals(): AbortSignal {
  if (process.pid === 1) {
    for (const name of names) process.on(name, () => process.exit(128 + constants.signals[name]));
  }
  return new AbortController().signal;
}
