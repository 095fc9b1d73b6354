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
  /** `stop` is aborted when the command is told to end. Only `start` is: the others end by themselves. */
  run(args: Arguments, stop: AbortSignal): Promise<void> | void;
}
