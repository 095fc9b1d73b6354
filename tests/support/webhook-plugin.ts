// Owns the must-use plugin in a demo WordPress, and the way of what it posts: PHP has no sockets there.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WordPress } from '../../src/demo/wordpress.ts';

const plugin = fileURLToPath(new URL('../../src/wordpress-plugin/headgate-webhooks.php', import.meta.url));

/** What the plugin gave to WordPress's HTTP API. */
export interface PostedWebhook {
  readonly url: string;
  readonly blocking: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The plugin, installed. */
export interface WebhookPlugin {
  /** What was posted since the last time, in its order. */
  take(): Promise<PostedWebhook[]>;
}

/** In the place of sockets: the last filter of WordPress's HTTP API writes each request into a folder. */
const transport = `<?php
add_filter( 'pre_http_request', static function ( $response, $arguments, $url ) {
	$request = array( 'url' => $url, 'blocking' => $arguments['blocking'], 'headers' => $arguments['headers'], 'body' => $arguments['body'] );
	file_put_contents( sprintf( '/site/outbox/%.6f-%s.json', microtime( true ), wp_generate_uuid4() ), wp_json_encode( $request ) );
	return array( 'headers' => array(), 'body' => '', 'response' => array( 'code' => false, 'message' => false ), 'cookies' => array() );
}, PHP_INT_MAX, 3 );
`;

/** Installs the plugin as a person would: the file, and constants. PHP loads the files by their names. */
export async function installPlugin({ directory }: WordPress, url: string, secret: string): Promise<WebhookPlugin> {
  const folder = join(directory, 'mu-plugins');
  const outbox = join(directory, 'outbox');
  await mkdir(outbox);
  await copyFile(plugin, join(folder, 'headgate-webhooks.php'));
  await writeFile(join(folder, 'zz-transport.php'), transport);
  const constants = { HEADGATE_WEBHOOK_URL: url, HEADGATE_WEBHOOK_SECRET: secret };
  const lines = Object.entries(constants).map(([name, value]) => `define( '${name}', '${value}' );`);
  await writeFile(join(folder, 'a-constants.php'), `<?php\n${lines.join('\n')}\n`);
  return {
    async take() {
      const names = (await readdir(outbox)).sort();
      const posted = await Promise.all(names.map((name) => readFile(join(outbox, name), 'utf8')));
      await Promise.all(names.map((name) => rm(join(outbox, name))));
      return posted.map((text) => JSON.parse(text));
    },
  };
}
