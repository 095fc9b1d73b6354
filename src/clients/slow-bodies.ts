// Owns the time within which the body of a request is there: one look at all of them now and then, not a timer for each.

/** A request that is being read. */
export interface Receiving {
  /** Whether all of it came. */
  readonly complete: boolean;
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** Bodies that are on their way. */
export interface SlowBodies {
  /** Closes the connection of a request whose body is not there in time. */
  watch(request: Receiving): void;
  /** The body is there. */
  forget(request: Receiving): void;
}

const looksPerTimeout = 10;

/** A client that drips has no answer to wait for. What it needs of a timer does not keep the process alive. */
export function createSlowBodies(timeoutMs: number): SlowBodies {
  const since = new Map<Receiving, number>();
  /** Most bodies come with their headers, and are there before anybody looks. */
  let arriving: Receiving[] = [];
  let timer: NodeJS.Timeout | undefined;

  function sift(): void {
    const now = performance.now();
    const late = arriving.filter((request) => !request.complete && !request.destroyed);
    arriving = [];
    for (const request of late) {
      since.set(request, now);
      request.once('close', () => since.delete(request));
    }
    if (late.length > 0) timer ??= setInterval(look, timeoutMs / looksPerTimeout).unref();
  }

  function look(): void {
    const started = performance.now() - timeoutMs;
    for (const [request, at] of since) {
      // They stand in the order in which they came.
      if (at > started) break;
      since.delete(request);
      // What was read to its end, or given up, leaves its connection to the next request.
      if (!request.complete) request.destroy();
    }
    if (since.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch(request) {
      if (arriving.length === 0) setImmediate(sift);
      arriving.push(request);
    },
    forget(request) {
      if (since.size > 0) since.delete(request);
    },
  };
}
