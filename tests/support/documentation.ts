// Owns reading the documentation: its pages, their fenced blocks, and where their links lead.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A page of the documentation. */
export interface DocumentationPage {
  /** Path below the repository. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface FencedBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** All pages: the README, those of `docs/`, and those for who works on it. */
export function readDocumentation(): DocumentationPage[] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => join(folder, path));
  const paths = ['README.md', ...inFolder('docs'), ...inFolder('.github'), 'bench/README.md'];
  return paths.map((path) => ({ path: relative('.', path), text: readFileSync(join(root, path), 'utf8') }));
}

/** The fenced blocks of pages in some languages. */
export function findBlocks(pages: readonly DocumentationPage[], ...languages: readonly string[]): FencedBlock[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)]
      .map(([, indent = '', language = '', body = '']) => ({
        page: path,
        language,
        text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }))
      .filter(({ language }) => languages.includes(language)),
  );
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function findAnchors(text: string): Set<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

/** Where a page leads, as it is written. */
export function findLinks(text: string): string[] {
  const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(\s*([^)\s]+)\s*\)/g)].map(([, link = '']) => link);
}
