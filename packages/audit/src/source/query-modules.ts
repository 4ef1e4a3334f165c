import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { sourceFiles } from '../load/files.ts';
import { parseSource, type SourceFile } from './parse.ts';

const SKIPPED =
  /(^|\/)(node_modules|dist|build|out|coverage|\.next|\.turbo|\.output|migrations?|drizzle|__tests__|tests?|e2e|fixtures|seeds?|scripts|examples?)\//;
const TEST = /\.(test|spec|stories|d)\.[mc]?[jt]sx?$/;
const HOLDS_QUERIES =
  /\.\s*(select|selectDistinct|insert|update|delete|transaction|findMany|findFirst)\s*\(|sql\.raw\s*\(/;
/** Searches at most this many source files; a larger project should name its query modules. */
const LIMIT = 4000;

/**
 * The modules that send queries.
 *
 * @param named files, folders or patterns; without them the project's folder is searched
 */
export const queryModules = async (
  folder: string,
  named: readonly string[] | undefined,
  schema: ReadonlySet<string>,
): Promise<SourceFile[]> => {
  const files = named
    ? (await Promise.all(named.map(sourceFiles))).flat()
    : (await sourceFiles(folder))
        .filter((file) => !SKIPPED.test(`/${relative(folder, file)}`))
        .slice(0, LIMIT);
  const found: SourceFile[] = [];
  for (const file of new Set(files)) {
    if (TEST.test(file) || schema.has(file)) continue;
    const text = await readFile(file, 'utf8');
    if (HOLDS_QUERIES.test(text)) found.push(parseSource(file, text));
  }
  return found;
};
