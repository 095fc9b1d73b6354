// Owns a whole gateway, listener included, in front of a recorded site of two posts.

import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import type { Logger } from '../../src/log.ts';
import { type RecordedSite, startRecordedSite } from './recorded-site.ts';

/** The token by which tests tell a gateway of changes. */
export const webhookToken = 'a token that is long enough for a test';

const home = 'http://recorded.example';

/** Starts a site of two posts, at `/one/` and `/two/`. */
export function startTwoPosts(): Promise<RecordedSite> {
  return startRecordedSite({
    index: { name: 'Recorded', home, namespaces: ['wp/v2'] },
    collections: { 'wp/v2/posts': [toPost(1, 'one', 'One'), toPost(2, 'two', 'Two')] },
    style: 'path',
  });
}

function toPost(id: number, slug: string, title: string) {
  const date = `2026-01-0${id}T00:00:00`;
  return { id, slug, status: 'publish', date, link: `${home}/${slug}/`, title: { rendered: title } };
}

/** Starts a gateway in front of a site; it takes webhooks. */
export function startGatewayFor(
  { origin }: Pick<RecordedSite, 'origin'>,
  logger: Logger,
  settings: Readonly<Record<string, string>> = {},
): Promise<Headgate> {
  const fixed = {
    WORDPRESS_URL: origin,
    PORT: '0',
    HOST: '127.0.0.1',
    DISCOVERY_FILE: 'off',
    WATCH_INTERVAL_SECONDS: '0',
  };
  return startHeadgate(loadConfig({ ...fixed, WEBHOOK_TOKEN: webhookToken, ...settings }), logger);
}

/** Tells a gateway of changes; gives its answer. */
export async function tellGateway(
  url: string,
  body: object,
): Promise<{ status: string; tags: readonly string[] | null }> {
  const headers = { authorization: `Bearer ${webhookToken}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/webhooks/purge`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}
