import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { aliasedFile, fileAt } from '../load/path-aliases.ts';
import { parseSource, type SourceFile } from './parse.ts';

export type Sources = ReadonlyMap<string, SourceFile>;

/** The source of another package of the same workspace, behind a link in node_modules. */
const resolvePackage = async (from: string, specifier: string): Promise<string | undefined> => {
  try {
    return await realpath(createRequire(from).resolve(specifier));
  } catch {
    return undefined;
  }
};

/**
 * Parses the given files, their imports from their own project, and their re-exports from other
 * packages of the workspace.
 */
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
        ? fileAt(resolve(dirname(path), specifier))
        : (aliasedFile(specifier, path) ??
          (source.reexports.includes(specifier)
            ? await resolvePackage(path, specifier)
            : undefined));
      if (found === undefined || seen.has(found) || found.includes('/node_modules/')) continue;
      seen.add(found);
      waiting.push(found);
    }
  }
  return sources;
};
