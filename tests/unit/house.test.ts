// Owns the house rules that a machine can hold: who may import whom, one library one room, names, sizes.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

// A room imports only rooms below it; rooms on a line are blind to each other.
const floors: readonly (readonly string[])[] = [
  ['cli', 'studio'],
  ['index', 'server', 'explain'],
  ['gateway', 'stores', 'status', 'forwarding', 'connection'],
  ['config', 'plugins', 'schema', 'changes', 'workers', 'doctor'],
  ['context', 'responses'],
  ['loaders', 'operations', 'clients'],
  ['planner', 'cache', 'wordpress'],
  [
    'limits',
    'metrics',
    'passing-bytes',
    'gathered-bytes',
    'at-once',
    'give-way',
    'pace',
    'bounded-map',
    'long-lists',
    'temporary-folder',
  ],
  ['errors', 'log', 'tracing'],
];

// index puts the parts together, so it may look into server beside it.
const exceptions = new Set(['index -> server']);

// Where more than one room is named, each has a reason in the design.
const libraries: Readonly<Record<string, readonly string[]>> = {
  undici: ['wordpress'],
  dataloader: ['loaders'],
  'lru-cache': ['cache', 'bounded-map'],
  '@redis/client': ['cache'],
  '@pothos/core': ['schema'],
  'graphql-yoga': ['gateway', 'plugins'],
  citty: ['cli'],
  // In changes: what webhooks say steers purges, and is checked strictly.
  zod: ['config', 'wordpress', 'changes'],
  pino: ['log'],
  'prom-client': ['metrics'],
  '@opentelemetry/api': ['tracing'],
  '@fastify/busboy': ['operations'],
  'node:cluster': ['workers'],
  'node:http': ['server', 'demo'],
  'node:https': [],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  // Declarations of what others wrote, and what a tool wants to find under its own name.
  .filter((path) => path.endsWith('.ts') && !/\.(?:d|config)\.ts$/.test(path))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    return { path, room: roomOf(path), text, imports: readImports(path, text) };
  });

function roomOf(path: string): string {
  const [first = ''] = path.split(/[\\/]/);
  return first.replace(/\.ts$/, '');
}

function readImports(path: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statements].map((match) => ({ from: path, to: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...dynamic].map((match) => ({ from: path, to: match[1] ?? '', typeOnly: false })),
  ];
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

function isAllowed(room: string, target: string, typeOnly: boolean): boolean {
  if (room === target || exceptions.has(`${room} -> ${target}`)) return true;
  if (room === 'demo' || target === 'demo') return false;
  // config composes the options of the rooms beside it.
  if (room === 'config' && typeOnly && floorOf(target) === floorOf('config')) return true;
  return floorOf(target) > floorOf(room);
}

const imports = files.flatMap((file) => file.imports);

describe('the house', () => {
  it('is read at all', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(30);
  });

  it('has only rooms of the plan', () => {
    const known = new Set([...floors.flat(), 'demo']);
    expect(files.map((file) => file.room).filter((room) => !known.has(room))).toEqual([]);
  });

  it('imports downwards only', () => {
    const broken = imports
      .filter(({ to }) => to.startsWith('.'))
      .map(({ from, to, typeOnly }) => ({ from, target: normalize(join(dirname(from), to)), typeOnly }))
      .filter(({ from, target, typeOnly }) => !isAllowed(roomOf(from), roomOf(target), typeOnly))
      .map(({ from, target }) => `${from} -> ${target}`);
    expect(broken).toEqual([]);
  });

  it('imports with extensions, and from nowhere outside', () => {
    const relatives = imports.filter(({ to }) => to.startsWith('.'));
    expect(relatives.filter(({ to }) => !to.endsWith('.ts')).map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
    const outside = relatives.filter(({ from, to }) => relative(src, join(src, dirname(from), to)).startsWith('..'));
    expect(outside).toEqual([]);
  });

  it('keeps each library in its room', () => {
    const broken = imports.flatMap(({ from, to }) => {
      const library = Object.keys(libraries).find((name) => to === name || to.startsWith(`${name}/`));
      const rooms = library === undefined ? undefined : libraries[library];
      return rooms === undefined || rooms.includes(roomOf(from)) ? [] : [`${from} -> ${to}`];
    });
    expect(broken).toEqual([]);
  });

  it('has no time-outs that Node.js 20 loses', () => {
    expect(files.filter(({ text }) => /AbortSignal\.any\([^;]*AbortSignal\.timeout/.test(text))).toEqual([]);
  });

  it('reads the environment in config only', () => {
    const readers = files.filter(
      ({ text, room }) => /\bprocess\.env\b/.test(text) && !['config', 'demo'].includes(room),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  it('exits in cli only', () => {
    const leavers = files.filter(({ text, room }) => /\bprocess\.exit\b/.test(text) && !['cli', 'demo'].includes(room));
    expect(leavers.map(({ path }) => path)).toEqual([]);
  });

  it('opens each file with what it owns', () => {
    const silent = files.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('keeps files short', () => {
    const long = files.filter(({ text }) => text.split('\n').length - 1 > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('names files for what they own', () => {
    const names = files
      .map(({ path }) => path)
      .filter((path) => {
        const name = basename(path, '.ts');
        return !/^[a-z\d]+(-[a-z\d]+)*$/.test(name) || /^(utils?|helpers?|common|types|misc|shared)$/.test(name);
      });
    expect(names).toEqual([]);
  });

  it('has no default exports, and no barrel but index', () => {
    expect(files.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path)).toEqual([]);
    expect(files.filter(({ path }) => basename(path) === 'index.ts').map(({ path }) => path)).toEqual(['index.ts']);
  });

  it('explains each export', () => {
    const bare = files.flatMap(({ path, text }) => {
      const lines = text.split('\n');
      return lines.flatMap((line, index) => {
        const declares = /^export (?:async |abstract |declare )?(?:function|class|const|interface|type|enum) \w/.test(
          line,
        );
        return declares && !/\*\/$/.test(lines[index - 1] ?? '') ? [`${path}:${index + 1}`] : [];
      });
    });
    expect(bare).toEqual([]);
  });
});
