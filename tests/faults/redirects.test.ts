// Owns redirects of REST requests: a few within the origin, none to elsewhere.

import { describe, expect, it } from 'vitest';
import { answer, json, redirect, startHostileServer } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { type FaultRow, failureOf, listPosts, listPostsTarget, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%i within the origin is followed, credentials included', async (status) => {
    await withClient([redirect('/other/?a=1', status), json([])], { logger }, async (client, server) => {
      await client.request({ ...listPosts, authorization: 'Basic YTpi' });
      expect(server.requests.map(({ target, headers }) => [target, headers.get('authorization')])).toEqual([
        [listPostsTarget, 'Basic YTpi'],
        ['/other/?a=1', 'Basic YTpi'],
      ]);
    });
  });

  const rows: FaultRow[] = [
    ['that do not end', [redirect('/again')], 'UPSTREAM_REDIRECT', 4],
    ['without an address', [answer('', { status: 302 })], 'UPSTREAM_REDIRECT', 1],
    ['to no address', [redirect('http://')], 'UPSTREAM_REDIRECT', 1],
    ['to the login page', [redirect('/wp-login.php?redirect_to=a')], 'UPSTREAM_NOT_JSON', 1],
    ['to https', [redirect('https://127.0.0.1/')], 'UPSTREAM_REDIRECT', 1],
    ['to a file', [redirect('file:///etc/passwd')], 'UPSTREAM_REDIRECT', 1],
  ];

  it.each(rows)('%s', async (_name, script, code, requests) => {
    await withClient(script, { logger }, async (client, server) => {
      expect((await failureOf(client.request(listPosts))).code).toBe(code);
      expect(server.requests).toHaveLength(requests);
    });
  });

  it('another origin is never contacted', async () => {
    const other = await startHostileServer([json([])]);
    await withClient([redirect(`${other.url}/wp-json/wp/v2/posts`)], { logger }, async (client, server) => {
      const failure = await failureOf(client.request({ ...listPosts, authorization: 'Basic YTpi' }));
      expect(failure.code).toBe('UPSTREAM_REDIRECT');
      expect(failure.message).toBe(`GET /wp/v2/posts: 302 to ${other.url}`);
      expect(server.requests).toHaveLength(1);
      expect(other.requests).toHaveLength(0);
    });
    await other[Symbol.asyncDispose]();
  });

  it('OPTIONS is not sent anywhere else', async () => {
    await withClient([redirect('/other')], { logger }, async (client, server) => {
      expect((await failureOf(client.request({ ...listPosts, method: 'OPTIONS' }))).code).toBe('UPSTREAM_REDIRECT');
      expect(server.requests).toHaveLength(1);
    });
  });
});
