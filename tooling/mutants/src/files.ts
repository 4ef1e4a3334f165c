import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Package } from './workspace.ts';

/**
 * Not mutated: the declarations of tables, because databases are made by the migrations, which have
 * mutants of their own; data for seeds; commands and plan samples, which other checks run.
 */
const leftOut =
  /\/src\/(schema|tables|seed|samples|migrations)\/|\/(index|seed|command|hot-queries|import|search|bulk-search|promote-admin|providers)\.ts$|\.plans\.ts$|\/db\.[a-z-]+\.ts$|config\.ts$|-command\.ts$/;

/** The TypeScript files of a package that are mutated, relative to the workspace. */
export async function sourceFiles(root: string, { folder }: Package): Promise<string[]> {
  const files = await filesBelow(root, `${folder}/src`, /\.ts$/);
  return files.filter((file) => !leftOut.test(file));
}

/** The test files that may cover a package, relative to the workspace. */
export async function testFiles(root: string, { tests }: Package): Promise<string[]> {
  const below = await Promise.all(tests.map((folder) => filesBelow(root, folder, /\.test\.ts$/)));
  return below.flat();
}

async function filesBelow(root: string, folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}
