// An HTTP server in front of PHP: files from the disk, everything else through WordPress, one request at a time.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { PhpFolders } from './php-order.ts';
import type { Php } from './php-runtime.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const STATIC_PATH = /^\/wp-(?:content|includes|admin)\/|^\/(?:robots\.txt|favicon\.ico)$/;
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** A server for the site, not yet listening. */
export function createSiteServer(php: Php, folders: PhpFolders): Server {
  const server = createServer((request, response) => {
    answer(php, folders, request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('The demo WordPress failed.\n');
    });
  });
  // PHP blocks this process for seconds: with Node's 5 s an idle connection ends just when somebody uses it again.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function answer(
  php: Php,
  folders: PhpFolders,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const uri = request.url ?? '/';
  const rawPath = uri.split('?', 1)[0] ?? '/';
  const path = decodePath(rawPath);
  if (path === undefined) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('Bad path\n');
    return;
  }
  const file = await findFile(folders, path);
  if (file?.directory && !path.endsWith('/')) {
    response.writeHead(301, { location: uri.replace(rawPath, `${rawPath}/`) }).end();
  } else if (file && !file.directory && extname(path) !== '.php') {
    response.writeHead(200, {
      'content-type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      'content-length': file.size,
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(file.path), response);
  } else {
    await answerByPhp(php, await findScript(folders, path), uri, request, response);
  }
}

async function answerByPhp(
  php: Php,
  script: string,
  uri: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { 'content-type': 'text/plain', connection: 'close' }).end('Too large\n');
    return;
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  // A body sent in chunks has no length; PHP does not read one without.
  if (body.length > 0) headers['content-length'] = String(body.length);
  const made = await php.request({
    scriptPath: `/wordpress${script}`,
    relativeUri: uri,
    method: request.method ?? 'GET',
    protocol: 'http',
    headers,
    $_SERVER: serverVariables(uri, script, request),
    ...(body.length > 0 ? { body } : {}),
  });
  if (made.errors) process.stderr.write(`${made.errors.trimEnd()}\n`);
  const status = made.exitCode !== 0 && made.httpStatusCode < 400 ? 500 : made.httpStatusCode;
  for (const [name, values] of Object.entries(made.headers)) response.setHeader(name, [...values]);
  response.statusCode = status;
  if (request.method === 'HEAD' || status === 304 || status === 204) {
    response.end();
  } else {
    response.setHeader('content-length', made.bytes.length);
    response.end(made.bytes);
  }
}

function serverVariables(uri: string, script: string, request: IncomingMessage): Record<string, string> {
  const [path = '/', query = ''] = uri.split(/\?(.*)/s);
  return {
    DOCUMENT_ROOT: '/wordpress',
    SCRIPT_NAME: script,
    SCRIPT_FILENAME: `/wordpress${script}`,
    PHP_SELF: script,
    ...(path.startsWith(`${script}/`) ? { PATH_INFO: path.slice(script.length) } : {}),
    REQUEST_URI: uri,
    QUERY_STRING: query,
    REMOTE_ADDR: request.socket.remoteAddress ?? '127.0.0.1',
    SERVER_PORT: String(request.socket.localPort ?? 80),
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SERVER_SOFTWARE: 'Headgate demo',
  };
}

/** The PHP file that answers: one that is asked for by name, else WordPress's front controller. */
async function findScript(folders: PhpFolders, path: string): Promise<string> {
  const wanted = /^(.*?\.php)(?:\/|$)/.exec(path.endsWith('/') && path !== '/' ? `${path}index.php` : path)?.[1];
  if (wanted && (await isFileIn(folders.core, wanted))) return wanted;
  return '/index.php';
}

async function isFileIn(folder: string, path: string): Promise<boolean> {
  const found = await stat(inside(folder, path) ?? '').catch(() => undefined);
  return found?.isFile() ?? false;
}

async function findFile(folders: PhpFolders, path: string) {
  const uploads = '/wp-content/uploads/';
  // `/wp-admin` without its slash is a folder that must be redirected, relative addresses depend on it.
  if (!STATIC_PATH.test(`${path}/`) && !STATIC_PATH.test(path)) return undefined;
  const real = path.startsWith(uploads)
    ? inside(join(folders.site, 'uploads'), path.slice(uploads.length))
    : inside(folders.core, path);
  const found = real === undefined ? undefined : await stat(real).catch(() => undefined);
  return real !== undefined && found ? { path: real, size: found.size, directory: found.isDirectory() } : undefined;
}

/** A path below the folder, or nothing where it would lead out of it. */
function inside(folder: string, path: string): string | undefined {
  const real = normalize(join(folder, path));
  return real.startsWith(folder + sep) ? real : undefined;
}

function decodePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
