// Owns the form of what was recorded of a WordPress, and where it is kept.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const restObject = z.record(z.string(), z.unknown());

const recordingSchema = z.object({
  /** Where the site was, as its answers name it. */
  origin: z.string(),
  /** Answers by route. */
  answers: z.record(z.string(), z.unknown()),
  /** Answers to OPTIONS by route. */
  schemas: z.record(z.string(), z.unknown()),
  /** One object of each collection, by route. */
  templates: z.record(z.string(), restObject),
});

/** What was recorded. */
export type Recording = z.output<typeof recordingSchema>;

/** The one recording; this file runs from the folder beside it. */
export const recordingFile = fileURLToPath(new URL('../bench/recorded/site.json', import.meta.url));

/** The recording, as of a site at another origin. */
export function loadRecording(origin: string): Recording {
  const recording = recordingSchema.parse(JSON.parse(readFileSync(recordingFile, 'utf8')));
  const text = JSON.stringify(recording).replaceAll(recording.origin, origin);
  return recordingSchema.parse(JSON.parse(text));
}
