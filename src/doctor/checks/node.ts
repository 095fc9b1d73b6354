// Owns the check of Node.js: old versions do not run the gateway, and some that do get no security fixes any more.

import { defineMachineCheck } from '../finding.ts';

const oldest = { major: 20, minor: 19 };

/** When security fixes end, by the schedule of Node.js. */
const ends: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' };

/** What runs the gateway. */
export const nodeCheck = defineMachineCheck({
  meanings: {
    'node-ok': { severity: 'ok', consequence: 'The gateway runs on it.', remedy: null },
    'node-old': {
      severity: 'error',
      consequence: 'The gateway does not run on it.',
      remedy: `Install Node.js ${oldest.major}.${oldest.minor} or newer.`,
    },
    'node-unsupported': {
      severity: 'note',
      consequence: 'The gateway runs on it, but faults of Node.js itself are not fixed any more.',
      remedy: 'Install a version of Node.js with long-term support.',
    },
  },
  run({ nodeVersion, now }, found) {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    const name = `Node.js ${nodeVersion}`;
    if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
      return [found('node-old', `${name} is older than ${oldest.major}.${oldest.minor}.`)];
    }
    const end = ends[major];
    const isOver = end !== undefined && Date.parse(end) < now();
    return [isOver ? found('node-unsupported', `${name} got its last fix on ${end}.`) : found('node-ok', `${name}.`)];
  },
});
