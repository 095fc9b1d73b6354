// Owns what is thrown where a command was not meant to be called in this way.

/** The message says how it is called. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
