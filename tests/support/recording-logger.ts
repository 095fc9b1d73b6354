// Owns a logger for tests: it keeps the lines, and fails the test that leaves an error nobody expected.

import { pino } from 'pino';
import { afterEach, expect } from 'vitest';
import type { Logger } from '../../src/log.ts';

/** A line of the log. */
export interface LogLine {
  readonly level: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** A logger that keeps what it is told. */
export interface RecordingLogger {
  readonly logger: Logger;
  readonly lines: LogLine[];
  /** The lines of level error and above so far; a test that takes them has expected them. */
  readonly takeErrors: () => LogLine[];
}

/** Makes one; after each test of the file, errors that were not taken fail it. */
export function createRecordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const isError = (line: LogLine) => line.level >= 50;
  const takeErrors = () => {
    const errors = lines.filter(isError);
    lines.splice(0, lines.length, ...lines.filter((line) => !isError(line)));
    return errors;
  };
  afterEach(() => {
    expect(takeErrors(), 'errors in the log').toEqual([]);
  });
  return { logger: pino({ level: 'trace', base: null }, stream), lines, takeErrors };
}
