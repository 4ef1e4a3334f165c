import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseSource, type SourceFile } from './parse.ts';

export type Sources = ReadonlyMap<string, SourceFile>;

const ENDS = ['', '.ts', '.tsx', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true;

/** The file that a relative import means, also where `.js` is written for a `.ts`. */
const resolveImport = async (from: string, specifier: string): Promise<string | undefined> => {
  const base = resolve(dirname(from), specifier);
  for (const candidate of [base, base.replace(/\.([mc]?)jsx?$/, '.$1ts')])
    for (const end of ENDS) if (await isFile(candidate + end)) return candidate + end;
  return undefined;
};

/** Where a bare path such as `@/db/columns` often leads: the same path below the project's `src`. */
const aliasCandidates = (from: string, specifier: string): string[] => {
  const path = /^[@~#]\/(.+)$/.exec(specifier)?.[1];
  if (path === undefined) return [];
  const found: string[] = [];
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder))
    found.push(join(folder, path), join(folder, 'src', path));
  return found.slice(0, 12);
};

/** The given files and all that they import from their own project, parsed. */
export const readSources = async (files: readonly string[]): Promise<Sources> => {
  const sources = new Map<string, SourceFile>();
  const waiting = [...files];
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const source = parseSource(path, text);
    sources.set(path, source);
    for (const specifier of source.imports) {
      const found = specifier.startsWith('.')
        ? await resolveImport(path, specifier)
        : await firstOf(aliasCandidates(path, specifier));
      if (found === undefined || seen.has(found) || found.includes('/node_modules/')) continue;
      seen.add(found);
      waiting.push(found);
    }
  }
  return sources;
};

const firstOf = async (candidates: readonly string[]): Promise<string | undefined> => {
  for (const candidate of candidates)
    for (const end of ENDS) if (await isFile(candidate + end)) return candidate + end;
  return undefined;
};
