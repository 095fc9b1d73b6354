// The documentation says what is so: its commands and settings exist, its links lead somewhere, its files are read.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import type { Command } from '../../src/cli/command.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import { explainCommand } from '../../src/cli/explain.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { startCommand } from '../../src/cli/start.ts';
import { typesCommand } from '../../src/cli/types-command.ts';
import { warmCommand } from '../../src/cli/warm.ts';
import { secretFiles, settingNames } from '../../src/config/setting-names.ts';
import { findAnchors, findBlocks, findLinks, readDocumentation } from '../support/documentation.ts';

const root = join(import.meta.dirname, '../..');
const pages = readDocumentation();
const commands: Readonly<Record<string, Command>> = {
  start: startCommand,
  doctor: doctorCommand,
  explain: explainCommand,
  schema: schemaCommand,
  types: typesCommand,
  warm: warmCommand,
};
const settings = new Set([...settingNames(), ...secretFiles().values()]);
/** Variables of others: Node's, OpenTelemetry's, those of the examples and of the tests. */
const foreign =
  /^(?:NODE_OPTIONS|NODE_ENV|OTEL_\w+|HEADGATE_URL|XDG_CACHE_HOME|(?:PACKAGE_TEST|NODE_VERSIONS|BENCH|CHAOS|LEAKS?|FUZZ|SOAK|DRAIN|RANDOM|FRESHNESS)\w*)$/;

interface Line {
  readonly page: string;
  readonly variables: readonly string[];
  readonly words: readonly string[];
}

/** Reads the commands of a block as a shell would, as far as ours go. */
function toLines(page: string, text: string): Line[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .replaceAll(/ >+ \S+/g, '')
    .split(/\n|&&|\|/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const words = (line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map((word) => word.replaceAll(/['"]/g, ''));
      const start = words.findIndex((word) => !/^[A-Z][A-Z\d_]*=/.test(word));
      const variables = words.slice(0, start).map((word) => word.replace(/=.*/, ''));
      return { page, variables, words: words.slice(start) };
    });
}

const lines = findBlocks(pages, 'sh').flatMap(({ page, text }) =>
  // What is sent with curl may be of many lines.
  text.startsWith('curl') ? [] : toLines(page, text),
);

describe('commands of the documentation', () => {
  it('are there', () => expect(lines.length).toBeGreaterThan(15));

  it('are programs that people have', () => {
    const programs = new Set(['npm', 'npx', 'headgate', 'docker', 'node', 'bash', 'cd']);
    expect(lines.filter(({ words: [program = ''] }) => !programs.has(program))).toEqual([]);
  });

  it('name scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const missing = lines.flatMap(({ page, words: [program, run, script = ''] }) => {
      if (program !== 'npm' || run !== 'run') return [];
      const [, example] = /^docs\/examples\/(\w+)\//.exec(page) ?? [];
      const own = example ? JSON.parse(readFileSync(join(root, 'docs/examples', example, 'package.json'), 'utf8')) : {};
      return script in (own.scripts ?? scripts) ? [] : [`${page}: npm run ${script}`];
    });
    expect(missing).toEqual([]);
  });

  it('of headgate are understood', () => {
    const ours = lines
      .map(({ page, words }) => ({ page, words: words[0] === 'npx' ? words.slice(1) : words }))
      .filter(({ words: [program] }) => program === 'headgate');
    expect(ours.length).toBeGreaterThan(5);
    for (const { page, words } of ours) {
      const [, first = '', ...rest] = words;
      const command = commands[first];
      const read = () => readArguments(command ? rest : [first, ...rest], command ?? startCommand);
      expect(read, `${page}: ${words.join(' ')}`).not.toThrow();
    }
  });

  it('name files that are there', () => {
    const named = lines.flatMap(({ page, words }) =>
      words.filter((word) => /^(?:docs|tests)\//.test(word)).map((path) => ({ page, path })),
    );
    expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('set what can be set', () => {
    const unknown = lines.flatMap(({ page, variables }) =>
      variables.filter((name) => !settings.has(name) && !foreign.test(name)).map((name) => `${page}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe('links of the documentation', () => {
  it('lead to what is there', () => {
    const broken = pages.flatMap(({ path, text }) =>
      findLinks(text)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [file = '', anchor] = link.split('#');
          const target = file === '' ? path : normalize(join(dirname(path), file));
          if (!existsSync(join(root, target))) return true;
          return anchor !== undefined && !findAnchors(readFileSync(join(root, target), 'utf8')).has(anchor);
        })
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('reach each page from the index', () => {
    const reached = new Set(['docs/README.md']);
    const texts = new Map(pages.map(({ path, text }) => [path, text]));
    for (const path of reached) {
      for (const link of findLinks(texts.get(path) ?? '')) {
        const target = normalize(join(dirname(path), link.replace(/#.*/, '')));
        if (texts.has(target)) reached.add(target);
      }
    }
    expect([...texts.keys()].filter((path) => path.startsWith('docs/') && !reached.has(path))).toEqual([]);
  });
});

describe('settings', () => {
  it('that pages and files for deployment name exist', () => {
    const deploy = readdirSync(join(root, 'docs/deploy')).map((name) => `docs/deploy/${name}`);
    const texts = deploy.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    const named = [...texts.matchAll(/^\s*(?:- key: |- \{ name: |)([A-Z][A-Z\d]+_[A-Z\d_]+)\b/gm)].map(
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
  });
});

describe('files for deployment', () => {
  it.each(['compose.yaml', 'kubernetes.yaml'])('that close the disk say where discovery is kept: %s', (name) => {
    const text = readFileSync(join(root, 'docs/deploy', name), 'utf8');
    expect(text).toMatch(/read_only: true|readOnlyRootFilesystem: true/);
    expect(text).toMatch(/^\s*(?:- \{ name: )?DISCOVERY_FILE\b/m);
  });
});

describe('the version', () => {
  it('is one, wherever it is told', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain(`ARG VERSION=${version} `);
    expect(readFileSync(join(root, 'docs/deploy/kubernetes.yaml'), 'utf8')).toContain(`/headgate:${version}`);
  });
});

describe('JSON of the documentation', () => {
  it('is JSON', () => {
    for (const { page, text } of findBlocks(pages, 'json')) {
      expect(() => JSON.parse(text.replaceAll('…', '')), `${page}\n${text}`).not.toThrow();
    }
  });
});

describe('the example for Next.js', () => {
  it('has the files of the recipes as they are', () => {
    const example = (path: string) => readFileSync(join(root, 'docs/examples/next', path), 'utf8');
    const recipes = findBlocks(pages, 'js').flatMap(({ page, text }) => {
      const [, path = ''] = /^\/\/ (\S+)\n/.exec(text) ?? [];
      return page === 'docs/previews.md' && path !== 'lib/headgate.js' ? [{ path, text }] : [];
    });
    expect(recipes.map(({ path }) => path)).toEqual([
      'app/api/preview/route.js',
      'lib/content.js',
      'app/api/preview/end/route.js',
    ]);
    for (const { path, text } of recipes) expect(example(path), path).toBe(text);
    const [webhook = ''] = findBlocks(pages, 'ts').flatMap(({ page, text }) =>
      page === 'docs/webhooks.md' ? [text] : [],
    );
    const plain = webhook.replaceAll(/\((request|name): \w+\)/g, '($1)').replace('SECRET!', 'SECRET');
    expect(example('app/api/revalidate/route.js')).toBe(plain.replace('route.ts', 'route.js'));
  });
});
