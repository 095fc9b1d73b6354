// Owns both ends of an upload beside the gateway, in a thread of their own: what they hold is not counted as the gateway's.

import { createHash } from 'node:crypto';
import { createServer, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import './loopback-only.mjs';

const piece = Buffer.alloc(64 * 1024, 'headgate');
const pieces = workerData.bytes / piece.length;

/** Writes the file to a stream, as fast as that takes it. */
async function writeFile(stream) {
  for (let at = 0; at < pieces; at++) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
  }
}

/** A WordPress that takes media, and a server that has the file. */
const server = createServer(async (asked, response) => {
  if (asked.url === '/file.png') {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': workerData.bytes });
    await writeFile(response);
    return response.end();
  }
  let bytes = 0;
  const hash = createHash('sha256');
  for await (const chunk of asked) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  const isUser = asked.url.includes('/users/me');
  const body = isUser ? { id: 1, capabilities: { upload_files: true } } : { id: 7, title: { rendered: String(bytes) } };
  if (asked.method === 'POST') parentPort.postMessage({ received: bytes });
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));

/** Sends the file in a form, as a client does. */
parentPort.on('message', async ({ url, query }) => {
  const boundary = 'boundary';
  const field = (name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const headers = {
    authorization: 'Basic eDp5',
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'x-graphql-csrf': '1',
  };
  const sent = request(`${url}/graphql`, { method: 'POST', headers }, async (response) => {
    let text = '';
    for await (const chunk of response) text += chunk;
    parentPort.postMessage({ answer: text });
  });
  sent.write(field('operations', JSON.stringify({ query, variables: { file: null } })));
  sent.write(field('map', '{"0":["variables.file"]}'));
  sent.write(`--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="a.png"\r\n`);
  sent.write('Content-Type: image/png\r\n\r\n');
  await writeFile(sent);
  sent.end(`\r\n--${boundary}--\r\n`);
});
