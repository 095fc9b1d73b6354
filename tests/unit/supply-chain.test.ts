// What is installed to run the gateway: for the oldest Node.js that is named, without programs of its own, from a lock file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
      license: z.string().optional(),
      engines: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
const installed = Object.entries(packages).filter(([path]) => path !== '');
const atRunTime = installed.filter(([, { dev }]) => dev !== true);

describe('packages', () => {
  it('are few', () => {
    expect(atRunTime.length).toBeGreaterThan(15);
    expect(atRunTime.length).toBeLessThan(100);
  });

  it('run nothing when they are installed', () => {
    expect(atRunTime.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([]);
  });

  it('are what they were, wherever they come from', () => {
    const unsure = installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
    expect(unsure.map(([path]) => path)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('are free to use', () => {
    const free = /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0)$/;
    expect(atRunTime.filter(([, { license }]) => !free.test(license ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('are meant for Node.js 20.19', () => {
    const left = atRunTime.flatMap(([path, { engines }]) => {
      const range = engines?.['node'] ?? '*';
      return range.split('||').some(isMetBy20) ? [] : [`${path}: ${range}`];
    });
    expect(left).toEqual([]);
  });

  it('are named with the version that was tested', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const both = z.object({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    });
    const { dependencies, devDependencies } = both.parse(manifest);
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    );
    expect(loose).toEqual([]);
  });
});

/** One of the ranges of `engines`, in the forms that packages use: `>=20.19`, `^20.19.0`, `20`, `20.x`, `>= 16`. */
function isMetBy20(range: string): boolean {
  const parts = /^\s*(>=|\^|~|>)?\s*v?(\d+)(?:\.(\d+|x|\*))?/.exec(range);
  if (!parts) return range.trim() === '*' || range.trim() === '';
  const [, operator = '', major = '', minor = '0'] = parts;
  const isBelow =
    Number(major) < 20 || (Number(major) === 20 && Number(minor === 'x' || minor === '*' ? 0 : minor) <= 19);
  return operator.startsWith('>') ? isBelow : Number(major) === 20 && isBelow;
}
