// What the demo says when it cannot go on: what failed, and what to do about it.

/** A failure a person can do something about. `remedy` is one sentence that says what. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(`${message}\n${remedy}`, options);
    this.code = code;
    this.remedy = remedy;
  }
}

/** The system's code of an error (`ENOENT`, `ENOSPC` …), when it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Says in plain words what went wrong with the cache folder; errors of other kinds come back as they are. */
export function toFolderError(error: unknown, folder: string): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return diskFull(folder, error);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const remedy = 'Make the folder writable, or set XDG_CACHE_HOME to one that is.';
    return new DemoError('CACHE_NOT_WRITABLE', `The folder ${folder} cannot be written to.`, remedy, { cause: error });
  }
  return error;
}

/** The disk that holds the folder is full. */
export function diskFull(folder: string, cause?: unknown): DemoError {
  const remedy = 'Free 300 MB there, or set XDG_CACHE_HOME to a folder on another disk, and start again.';
  return new DemoError('DISK_FULL', `No space is left on the disk of ${folder}.`, remedy, { cause });
}
