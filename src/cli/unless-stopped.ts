// Owns what a start does when it is told to stop: it waits for nothing more.

/**
 * What comes of a promise; null where `stop` is aborted before. What was begun is left as it is: a process that ends takes
 * it along, and half a start has nothing to save.
 */
export async function unlessStopped<Result>(stop: AbortSignal, promise: Promise<Result>): Promise<Result | null> {
  const over = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    if (stop.aborted) resolve(null);
    stop.addEventListener('abort', () => resolve(null), { signal: over.signal });
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    over.abort();
  }
}
