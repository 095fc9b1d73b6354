// Pages of the site come on connections that nothing else has used or will: many of them leave none open.

import { expect, it, vi } from 'vitest';
import { html } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { withClient } from './with-client.ts';

it('two hundred pages leave no connection open, and there are never more than requests at once', async () => {
  const { logger } = createRecordingLogger();
  let most = 0;
  let open = () => 0;
  const script = () => {
    most = Math.max(most, open());
    return html('');
  };
  await withClient(script, { logger, maxConcurrent: 6 }, async (client, server) => {
    open = () => server.openConnections.length;
    const targets = Array.from({ length: 200 }, (_, index) => `/post-${index}/`);
    await Promise.all(targets.map((target) => client.readPage({ method: 'HEAD', target })));
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(200);
    await vi.waitFor(() => expect(open()).toBe(0));
    expect(most).toBeLessThanOrEqual(12);
  });
});
