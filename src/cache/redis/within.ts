// Owns waiting for a reply for so long and no longer.

/** Nothing came in time. */
export class LateReply extends Error {}

/**
 * What a reply brings; rejects with a {@link LateReply} where it takes longer. A process that is busy sends late, and finds
 * what has come meanwhile first: it is not Redis that was late.
 */
export async function within<Value>(reply: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let sending: NodeJS.Immediate | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = () => reject(new LateReply(`no reply within ${ms} ms`));
    sending = setImmediate(() => {
      timer = setTimeout(() => setImmediate(give), ms);
    });
  });
  return Promise.race([reply, late]).finally(() => {
    clearImmediate(sending);
    clearTimeout(timer);
  });
}
