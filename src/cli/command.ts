// Owns the form of a command.

import type { ArgsDef } from 'citty';

/** What came with a command, by name: text, or true for a flag without a value. */
export type Arguments = Readonly<Record<string, string | true>>;

/** A command of the command line. */
export interface Command {
  /** As people call it: `headgate doctor`. */
  readonly name: string;
  readonly description: string;
  readonly args: ArgsDef;
  run(args: Arguments): Promise<void> | void;
}
