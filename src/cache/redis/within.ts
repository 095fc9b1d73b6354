// Owns waiting for a reply for so long and no longer.

/** Nothing came in time. */
export class LateReply extends Error {}

/**
 * What a reply brings; rejects with a {@link LateReply} where it takes longer. A process that was busy all the while finds
 * what has come meanwhile first: it is not Redis that was late.
 */
export async function within<Value>(reply: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = () => reject(new LateReply(`no reply within ${ms} ms`));
    timer = setTimeout(() => setImmediate(give), ms);
  });
  return Promise.race([reply, late]).finally(() => clearTimeout(timer));
}
