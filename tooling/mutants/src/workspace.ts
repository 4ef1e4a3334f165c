import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** A package that can be mutated. Paths are relative to the workspace. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  /** The last migration; undefined for a package without a schema. */
  readonly migrations?: string;
  /** Where the test files that cover it lie. */
  readonly tests: readonly string[];
}

const migrationFolders: Readonly<Record<string, string | undefined>> = {
  kit: undefined,
  db: 'drizzle',
  postgres: 'src/migrations',
  tasks: 'drizzle',
  tenancy: 'drizzle',
};

/** The packages that can be mutated, by the names of their folders. */
export const packageNames = Object.keys(migrationFolders);

/** Tests of other packages that cover this one: kit's outbox, inbox and erasure need db's tables. */
const testsElsewhere: Readonly<Record<string, readonly string[]>> = {
  kit: ['packages/db/test/events', 'packages/db/test/requests', 'packages/db/test/personal'],
};

/** @throws Error for a name that is none of `packageNames` */
export async function readPackage(name: string): Promise<Package> {
  if (!packageNames.includes(name)) {
    throw new Error(`There is no ${name} to mutate; choose from ${packageNames.join(', ')}.`);
  }
  const folder = `packages/${name}`;
  const tests = [`${folder}/test`, ...(testsElsewhere[name] ?? [])];
  const below = migrationFolders[name];
  if (below === undefined) return { name, folder, tests };
  const files = await readdir(join(root, folder, below));
  const last = files
    .filter((file) => /^\d+_.*(?<!\.down)\.sql$/.test(file))
    .sort()
    .at(-1);
  if (last === undefined) throw new Error(`${folder}/${below} has no migration.`);
  return { name, folder, tests, migrations: `${folder}/${below}/${last}` };
}
