// Owns the file beside a snapshot that tells what is gone since the snapshot was written: it does not come back with it.

import { appendFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

/** What is gone since a snapshot was written. */
export interface GoneFile {
  /** Adds what has one of some tags, null for everything. Soon, and without waiting. */
  add(tags: readonly string[] | null): void;
  /** Tells that a snapshot is begun; what is given, that it is written: what was gone before is not in it. */
  begin(): () => Promise<void>;
}

/** Where more is gone, nothing of a snapshot is used. */
const maxLength = 1024 * 1024;
const everything = 'null\n';

const pathOf = (snapshot: string) => `${snapshot}.gone`;

/** The file of a snapshot. */
export function openGoneFile(snapshot: string, onError: (error: unknown) => void): GoneFile {
  const path = pathOf(snapshot);
  let since: string[] = [];
  let length = 0;
  let unwritten: string[] = [];
  let writing = Promise.resolve();

  const write = (step: () => Promise<void>): Promise<void> => {
    writing = writing.then(step).catch(onError);
    return writing;
  };

  async function append(): Promise<void> {
    const text = unwritten.join('');
    unwritten = [];
    if (text === '') return;
    await appendFile(path, text);
    // Other processes add to it as well, and those before this one did.
    if ((await stat(path)).size > maxLength) await replace(everything);
  }

  async function replace(text: string): Promise<void> {
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, text);
    await rename(draft, path);
  }

  return {
    add(tags) {
      if (since.at(-1) === everything) return;
      const line = `${JSON.stringify(tags)}\n`;
      length += line.length;
      const added = length > maxLength ? everything : line;
      since.push(added);
      if (unwritten.push(added) === 1) void write(append);
    },
    begin() {
      since = [];
      length = 0;
      return () =>
        write(async () => {
          unwritten = [];
          if (since.length === 0) await rm(path, { force: true });
          else await replace(since.join(''));
        });
    },
  };
}

/** Reads whether something with these tags is gone since a snapshot was written; all is where the file is damaged. */
export async function readGone(snapshot: string): Promise<(tags: readonly string[]) => boolean> {
  const path = pathOf(snapshot);
  const read = async () => ((await stat(path)).size > maxLength ? everything : readFile(path, 'utf8'));
  const text = await read().catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const gone = new Set<unknown>();
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const tags = parseTags(line);
    if (tags === null) return () => true;
    for (const tag of tags) gone.add(tag);
  }
  return (tags) => tags.some((tag) => gone.has(tag));
}

function parseTags(line: string): readonly unknown[] | null {
  try {
    const tags: unknown = JSON.parse(line);
    return Array.isArray(tags) ? tags : null;
  } catch {
    return null;
  }
}

/** Whether a file, or its folder, is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
