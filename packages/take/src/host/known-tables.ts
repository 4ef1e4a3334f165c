import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { TakeError } from '../errors.ts';
import type { Choices, Plan } from '../plan/plan.ts';
import { tablesIn } from '../plan/plan-pieces.ts';

/**
 * Refuses a piece that defines a table which the project has already, because two definitions of
 * one table make a migration that fails.
 *
 * @throws TakeError naming the table, the file that has it, and how to use that one
 */
export function refuseKnownTables(
  root: string,
  folder: string,
  { files, tables }: Plan,
  { project }: Choices,
): void {
  const wanted = new Set(
    files.filter(({ path }) => tables.includes(path)).flatMap(({ text }) => tablesIn(text)),
  );
  if (wanted.size === 0) return;
  for (const path of sourcesBelow(join(root, project), folder)) {
    const known = tablesIn(readFileSync(join(root, project, path), 'utf8'));
    const both = known.find((name) => wanted.has(name));
    if (both !== undefined)
      throw new TakeError(
        `Your project has a table ${both} in ${path}. Take the item with --table ${both}=${path}: then it uses yours, which must export it under the name that the item imports.`,
      );
  }
}

/** The TypeScript files of a project, except those in one folder and in dependencies. */
function* sourcesBelow(project: string, except: string, below = ''): Generator<string> {
  for (const entry of readdirSync(join(project, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist')
      continue;
    const path = posix.join(below, entry.name);
    if (join(project, path) === except) continue;
    if (entry.isDirectory()) yield* sourcesBelow(project, except, path);
    else if (/\.[mc]?tsx?$/.test(entry.name)) yield path;
  }
}
