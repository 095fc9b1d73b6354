// Owns the connections that were handed to a worker which dies before it takes them: Node.js forgets them, and never closes them.

import type { ChildProcess, Serializable } from 'node:child_process';

/**
 * Has what a worker was handed and did not take closed when it dies, so that clients may ask again. What it took, or refused
 * and another one got, is left alone. Node.js keeps a connection until the worker acknowledges it: by what they tell each
 * other one knows which; where that is told in another way, nothing is done.
 */
export function closeUntaken(worker: ChildProcess): void {
  const handed = new Map<unknown, () => void>();
  const { send } = worker;
  if (!send) return;
  worker.send = (message: Serializable, ...rest: readonly unknown[]) => {
    const { act, seq }: { act?: unknown; seq?: unknown } = Object(message);
    const [connection] = rest;
    if (act === 'newconn' && isClosable(connection)) handed.set(seq, () => connection.close());
    return Reflect.apply(send, worker, [message, ...rest]);
  };
  worker.on('internalMessage', (message: unknown) => {
    const { ack }: { ack?: unknown } = Object(message);
    handed.delete(ack);
  });
  // Once its line has ended as well: what it said at last may be read after its exit.
  worker.once('close', () => {
    for (const close of handed.values()) close();
  });
}

function isClosable(value: unknown): value is { close(): void } {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
