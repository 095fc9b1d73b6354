// PHP in WebAssembly, with the demo's folders in its file system. Loaded in the PHP process only.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PhpFolders } from './php-order.ts';

const MAX_REQUESTS = 4_000;

/** One request, or one script, for PHP. */
export interface PhpRequest {
  readonly scriptPath: string;
  readonly relativeUri?: string;
  readonly method?: string;
  readonly protocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly $_SERVER?: Readonly<Record<string, string>>;
}

/** What PHP made of it. */
export interface PhpResponse {
  readonly httpStatusCode: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly errors: string;
  readonly exitCode: number;
}

/** PHP, ready for requests. It answers one at a time; the others wait in a queue of its own. */
export interface Php {
  request(request: PhpRequest): Promise<PhpResponse>;
}

/** Starts PHP as the scripts of the demo expect it: WordPress, /site and /assets in place. */
export async function createPhp(folders: PhpFolders): Promise<Php> {
  const wasm: unknown = await import('@php-wasm/universal');
  // The package has no types; its name in a variable keeps the compiler from looking for them.
  const name: string = '@php-wasm/node-8-3';
  const builds: unknown = await import(name);
  if (!isWasm(wasm) || !isBuilds(builds)) throw new TypeError('The @php-wasm packages are not those the demo knows.');

  const createRuntime = async () => wasm.loadPHPRuntime(await builds.getPHPLoaderModule());
  const php = new wasm.PHP(await createRuntime());
  // Under any other name the opcache stays off, and every request costs two or three times as much.
  await php.setSapiName('cli-server');
  // As it comes, it reads the compiled files of WordPress again for each request: a third of what a small one costs.
  await wasm.setPhpIniEntries(php, { 'opcache.file_cache_only': '0', 'opcache.file_cache': '' });
  const mount = async (folder: string, path: string) => {
    if (!php.isDir(path)) php.mkdir(path);
    await php.mount(path, (_php, fileSystem, at) => {
      fileSystem.mount(fileSystem.filesystems.NODEFS, { root: folder }, at);
      return () => fileSystem.unmount(at);
    });
  };
  await mount(folders.core, '/wordpress');
  await mount(folders.site, '/site');
  await mount(folders.assets, '/assets');
  await mount(join(folders.site, 'uploads'), '/wordpress/wp-content/uploads');
  // WordPress looks for its configuration in the folder above, too: the unpacked files stay as they came.
  php.writeFile('/wp-config.php', await readFile(join(folders.assets, 'wp-config.php')));

  // Each request leaves some 70 kB behind that are never freed.
  php.enableRuntimeRotation({ recreateRuntime: createRuntime, maxRequests: MAX_REQUESTS });

  return {
    async request(request) {
      return wasm.PHPResponse.fromStreamedResponse(await php.runStream(request));
    },
  };
}

// The packages' declarations cannot be resolved under NodeNext (they import "./lib"): these are the parts used here.

interface FileSystem {
  readonly filesystems: { readonly NODEFS: unknown };
  mount(type: unknown, options: { root: string }, path: string): void;
  unmount(path: string): void;
}

interface WasmPhp {
  setSapiName(name: string): Promise<void>;
  isDir(path: string): boolean;
  mkdir(path: string): void;
  writeFile(path: string, bytes: Uint8Array): void;
  mount(path: string, handler: (php: WasmPhp, fileSystem: FileSystem, at: string) => () => void): Promise<unknown>;
  runStream(request: PhpRequest): Promise<object>;
  enableRuntimeRotation(options: { recreateRuntime: () => Promise<number>; maxRequests: number }): void;
}

interface Wasm {
  readonly PHP: new (runtime: number) => WasmPhp;
  readonly PHPResponse: { fromStreamedResponse(response: object): Promise<PhpResponse> };
  loadPHPRuntime(module: unknown): Promise<number>;
  setPhpIniEntries(php: WasmPhp, entries: Readonly<Record<string, string>>): Promise<void>;
}

function isWasm(module: unknown): module is Wasm {
  if (typeof module !== 'object' || module === null) return false;
  return ['PHP', 'PHPResponse', 'loadPHPRuntime', 'setPhpIniEntries'].every((name) => name in module);
}

function isBuilds(module: unknown): module is { getPHPLoaderModule(): Promise<unknown> } {
  return typeof module === 'object' && module !== null && 'getPHPLoaderModule' in module;
}
