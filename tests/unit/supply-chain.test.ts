// What is installed to run the gateway: for the oldest Node.js that is named, without programs of its own, from a lock file.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
const sbomSchema = z.object({ components: z.array(z.object({ purl: z.string() })) });
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { packages } = lockSchema.parse(JSON.parse(read('package-lock.json')));
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

  it('are listed for the image, by the commands of its Dockerfile, all of them and no others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-sbom-'));
    try {
      // Of what `npm prune` leaves there npm reads no more than that.
      for (const [path] of atRunTime) cpSync(join(root, path, 'package.json'), join(folder, path, 'package.json'));
      for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(folder, file));
      const [, commands = ''] = /^RUN (npm pkg delete [^>]*> sbom\.cdx\.json)$/m.exec(read('Dockerfile')) ?? [];
      execFileSync('sh', ['-ec', commands], { cwd: folder });
      const printed: unknown = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
      const { components } = sbomSchema.parse(printed);
      const listed = components.map(({ purl }) => decodeURIComponent(purl.replace(/^pkg:npm\//, '')));
      const wanted = atRunTime.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
      expect([...new Set(listed)].sort()).toEqual([...new Set(wanted)].sort());
      expect(read('Dockerfile')).toMatch(/^COPY --from=build .*\/sbom\.cdx\.json /m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);

  it('run in an image without a package manager, as a user without rights, and stop by themselves', () => {
    const stages = read('Dockerfile').split(/^FROM /m);
    const last = stages.at(-1) ?? '';
    expect(last).toMatch(/^RUN rm -rf \/usr\/local\/lib\/node_modules .*\/npm .*\/npx /m);
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(last).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(last).not.toMatch(/^RUN (?:apk|apt-get|npm|npx|curl|wget) /m);
  });

  it('are named with the version that was tested', () => {
    const manifest: unknown = JSON.parse(read('package.json'));
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
