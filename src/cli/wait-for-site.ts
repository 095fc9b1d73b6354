// Owns a start while the site is down and nothing is known of it: the gateway listens, says so, and serves once it is there.

import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/load-config.ts';
import { SiteError } from '../errors.ts';
import type { Headgate, startHeadgate } from '../index.ts';
import type { Logger } from '../log.ts';
import { toErrorAnswer } from '../responses/error-answer.ts';
import { type Server, startServer } from '../server.ts';
import { findRestRoot } from '../wordpress/find-root.ts';
import type { RestRoot } from '../wordpress/rest.ts';

/** A site that is there has answered by then, so that nobody sees the waiting. */
const patienceMs = 400;
/** From one look to the next. None waits for the answer to the one before: the site may be back meanwhile. */
const lookEveryMs = 1500;

/** Starts a gateway; null where it was told to stop before. */
export type Start = (...given: Parameters<typeof startHeadgate>) => Promise<Headgate | null>;

/** What is started, and by what. */
export interface WaitOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
  readonly start: Start;
}

/** Starts as soon as the site can be read; null where `stop` is aborted before. Rejects where the site is wrong. */
export async function startWhenThere({ config, logger, stop, start }: WaitOptions): Promise<Headgate | null> {
  let waiting: Promise<Server> | undefined;
  const listen = () => (waiting ??= startServer({ ...config.server, lingerMs: 0, logger, ...nothingToServe }));
  const takeServer = async () => {
    const server = await waiting;
    waiting = undefined;
    return server;
  };
  const findRoot = async (address: string) => {
    const looking = lookFor(address, { timeoutMs: config.upstream.timeoutMs, stop, logger });
    await Promise.race([looking, delay(patienceMs)]);
    await Promise.race([looking, listen()]);
    return looking;
  };
  try {
    while (!stop.aborted) {
      try {
        return await start(config, logger, { findRoot, takeServer });
      } catch (error) {
        if (!stop.aborted && !isTemporary(error)) throw error;
      }
      // It was there, and is not any more.
      await delay(lookEveryMs, undefined, { signal: stop }).catch(() => undefined);
    }
    return null;
  } finally {
    await (await takeServer())?.close();
  }
}

interface LookOptions {
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
  readonly logger: Logger;
}

/** The root of a site once it answers; rejects where the site is wrong, or `stop` is aborted. */
async function lookFor(address: string, { timeoutMs, stop, logger }: LookOptions): Promise<RestRoot> {
  stop.throwIfAborted();
  let told = false;
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<RestRoot>((resolve, reject) => {
      const look = async () => {
        try {
          resolve(await findRestRoot(address, { timeoutMs }));
        } catch (error) {
          if (!isTemporary(error)) reject(error);
          else if (!told) logger.warn(`${error.message} Waiting for the site.`);
          told = true;
        }
      };
      timer = setInterval(() => void look(), lookEveryMs);
      stop.addEventListener('abort', () => reject(stop.reason), { signal: over.signal });
      void look();
    });
  } finally {
    clearInterval(timer);
    over.abort();
  }
}

function isTemporary(error: unknown): error is SiteError {
  return error instanceof SiteError && error.isTemporary;
}

const nothingToServe = {
  isStarting: true,
  gateway: {
    graphiql: false,
    handle() {
      const answer = toErrorAnswer(503, 'UPSTREAM_UNAVAILABLE', 'The site is not there yet.');
      return { ...answer, headers: [...answer.headers, 'retry-after', '5'] };
    },
    endStreams() {},
  },
};
