// Owns the load: autocannon in a process of its own, so that what it costs is not counted to the server.

import autocannon from 'autocannon';
import { z } from 'zod';
import { answerParent } from './answer-parent.ts';

const loadSchema = z.object({
  url: z.string(),
  connections: z.number(),
  /** Either of the two. */
  seconds: z.number().optional(),
  amount: z.number().optional(),
  /** `[<id>]` in a body is another text each time. */
  requests: z.array(
    z.object({
      method: z.enum(['GET', 'POST']),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    }),
  ),
});

/** A load: requests that are sent in turn. */
export type Load = z.output<typeof loadSchema>;

answerParent({
  async run(value) {
    const { url, connections, seconds, amount, requests } = loadSchema.parse(value);
    const options = {
      url,
      connections,
      ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
      idReplacement: requests.some(({ body }) => body?.includes('[<id>]')),
      requests: requests.map(({ body, ...request }) => ({ ...request, ...(body === undefined ? {} : { body }) })),
    };
    const startedAt = performance.now();
    const result = await new Promise<autocannon.Result>((resolve, reject) => {
      autocannon(options, (error: unknown, finished) => (error ? reject(error) : resolve(finished)));
    });
    const statuses = Object.entries(result.statusCodeStats ?? {}).map(
      ([status, { count }]) => [status, count] as const,
    );
    return {
      statuses: Object.fromEntries(statuses),
      errors: result.errors + result.timeouts,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
      // autocannon's own is rounded, to nothing where there were few.
      seconds: (performance.now() - startedAt) / 1000,
    };
  },
});
