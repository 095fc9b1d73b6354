// Owns the question for the address of a site, to people in a terminal who gave none.

import { createInterface } from 'node:readline/promises';
import type { Flags } from '../config/given-settings.ts';
import { isGiven } from '../config/load-config.ts';

/** The settings of a command line, with an address if one is given in answer to the question. */
export async function askForSite(flags: Flags): Promise<Flags> {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  // Each of several processes would ask.
  if (!isTerminal || isGiven('WORDPRESS_URL', flags) || isGiven('WORKERS', flags)) return flags;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Address of a WordPress site: ');
    return { ...flags, WORDPRESS_URL: answer };
  } finally {
    terminal.close();
  }
}
