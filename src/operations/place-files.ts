// Owns putting the files of a form where its map says: into variables that are null, and nowhere else.

import { UserError } from '../errors.ts';
import { UploadedFile } from './uploaded-file.ts';

/** Variables of an operation. */
export type Variables = Readonly<Record<string, unknown>>;

/** A copy of the variables with the files in it. Throws a {@link UserError} where the map and the rest disagree. */
export function placeFiles(
  variables: Variables | undefined,
  map: string,
  files: ReadonlyMap<string, UploadedFile>,
): Variables {
  const root = { variables: structuredClone(variables ?? {}) };
  for (const [key, paths] of Object.entries(parseMap(map))) {
    const file = files.get(key);
    if (!file) throw new UserError(`The map names the file ${JSON.stringify(key)}, which is not in the form.`);
    for (const path of paths) place(root, path, file);
  }
  return root.variables;
}

function parseMap(text: string): Readonly<Record<string, readonly string[]>> {
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch (error) {
    throw new UserError('The field map is not JSON.', 'BAD_USER_INPUT', { cause: error });
  }
  if (!isMap(map)) throw new UserError('The field map must be an object with a list of paths for each file.');
  return map;
}

function isMap(map: unknown): map is Record<string, readonly string[]> {
  const isPaths = (value: unknown) => Array.isArray(value) && value.every((path) => typeof path === 'string');
  return typeof map === 'object' && map !== null && !Array.isArray(map) && Object.values(map).every(isPaths);
}

function place(root: object, path: string, file: UploadedFile): void {
  const fail = () => new UserError(`The map names ${JSON.stringify(path)}, which is not a variable that is null.`);
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder: unknown = root;
  for (const name of names) {
    if (!isHolder(holder) || !Object.hasOwn(holder, name)) throw fail();
    holder = holder[name];
  }
  // The root itself is no place for files: variables are below it.
  if (names.length === 0 || !isHolder(holder) || !Object.hasOwn(holder, last) || holder[last] !== null) throw fail();
  holder[last] = file;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof UploadedFile);
}
