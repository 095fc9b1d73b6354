// Owns what is under way from one process to another: nobody who sends without end fills the memory of who passes it on.

import type { Kind, WorkerMessage } from './messages.ts';

/** Writes a message, and calls back once it has left this process or never will. */
type Write = (message: WorkerMessage, onLeft: () => void) => void;

/** How much may be under way before one of these, in bytes; all others are small, few, and needed. */
const mostBefore: { readonly [kind in Kind]?: number } = {
  // Who has not heard of a document is sent it again by its client.
  learn: 1024 * 1024,
  // More than documents may take: a flood of those makes no purge larger than it is.
  purge: 8 * 1024 * 1024,
};

const purgeOfAll: WorkerMessage = { headgate: 'purge', content: { tags: null } };

/**
 * Makes what sends over a line. Beyond what may be under way documents are dropped, and purges become one of everything,
 * which is sent when there is room again.
 */
export function createLink(write: Write): (message: WorkerMessage) => void {
  let bytesUnderWay = 0;
  let isPurgeDue = false;

  function put(message: WorkerMessage): void {
    const bytes = bytesOf(message);
    bytesUnderWay += bytes;
    write(message, () => {
      bytesUnderWay -= bytes;
      if (!isPurgeDue || !hasRoom(purgeOfAll)) return;
      isPurgeDue = false;
      put(purgeOfAll);
    });
  }

  const hasRoom = ({ headgate }: WorkerMessage) => bytesUnderWay <= (mostBefore[headgate] ?? Number.POSITIVE_INFINITY);

  return (message) => {
    if (hasRoom(message)) put(message);
    else if (message.headgate === 'purge') isPurgeDue = true;
  };
}

/** What has no bound is not written out once more to be counted: metrics are large, and come when somebody asks. */
function bytesOf({ headgate, content }: WorkerMessage): number {
  if (mostBefore[headgate] === undefined) return 0;
  return Buffer.byteLength(typeof content === 'string' ? content : JSON.stringify(content));
}
