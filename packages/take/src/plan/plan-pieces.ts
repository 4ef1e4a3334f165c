import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import { type Around, type Piece, standIns } from '../items.ts';
import { type Closure, closureOf } from '../source/closure.ts';
import { hostFile, isHostFile, pathInHost } from '../source/host-file.ts';
import { type ModuleReader, moduleReader } from '../source/modules.ts';
import { rewriteImports } from '../source/rewrite.ts';
import { declaredRange, ownerOf, type SourceTree } from '../source/tree.ts';
import { forDriver } from './driver-variant.ts';
import { environmentOf } from './environment.ts';
import { type Partitioned, partitionedIn } from './partitions.ts';
import { refuseSamePlace, targetOf } from './places.ts';
import type { Choices, Needed, Plan, PlannedFile } from './plan.ts';

const testDatabase = 'packages/take/portable/test-database.ts';

export interface PieceClosure {
  /** The dependencies of the piece's code. */
  readonly code: Closure;
  /** The dependencies of the code and its tests. */
  readonly all: Closure;
}

export function pieceClosure(
  modules: ModuleReader,
  piece: Piece,
  replaced: Readonly<Record<string, string>> = standIns,
): PieceClosure {
  return {
    code: closureOf(modules, piece.files, replaced),
    all: closureOf(modules, [...piece.files, ...piece.tests], replaced),
  };
}

/** True if a file of this repository defines tables or enums of the database. */
export const hasTables = (text: string): boolean => /\bpg(?:Table|Enum)\(/.test(text);

/** Plans pieces: their files, with every import rewritten to the file's place in the host. */
export function planPieces(tree: SourceTree, pieces: readonly Piece[], choices: Choices): Plan {
  const modules = moduleReader(tree);
  const replaced = { ...standIns, ...ownTables(tree, modules, pieces, choices) };
  const closures = pieces.map((piece) => pieceClosure(modules, piece, replaced));
  const sources = [...new Set(closures.flatMap(({ all }) => all.files))].sort();
  const place = (source: string) =>
    isHostFile(source) ? posix.relative(choices.into, pathInHost(source)) : targetOf(source);
  const placing = { targetOf: place, ending: choices.ending, standIns: replaced };
  const code = new Set(closures.flatMap((closure) => closure.code.files));
  const tableFiles = [...code].filter((file) => hasTables(tree.read(file)));
  const tables = tableFiles.map(targetOf).sort();
  const migrations = choices.migrations ?? posix.join(choices.into, 'drizzle');
  const hasVectors = tableFiles.some((file) => /\bvector\(/.test(tree.read(file)));
  const files = sources.map((source): PlannedFile => {
    const rewritten = rewriteImports(modules, source, placing);
    const text =
      source === testDatabase ? forDriver(rewritten, choices.driver, hasVectors) : rewritten;
    return {
      path: targetOf(source),
      text: tables.length > 0 ? namingMigrations(text, migrations) : text,
    };
  });
  refuseSamePlace(files);
  const needsConfig = tables.length > 0 && choices.migrations === undefined;
  return {
    files: needsConfig ? [...files, drizzleConfig(choices, tables)] : files,
    needed: neededBy(tree, closures, { choices, withTables: tables.length > 0, hasVectors }),
    workspaces: [],
    tables,
    around: pieces.flatMap(({ around }) => (around ? withFile(tree, around) : [])),
    partitioned: partitionedAmong(tree, tableFiles),
    environment: environmentOf(files.filter(({ path }) => !path.startsWith('test/'))),
    // Only this one of the tests' and drizzle-kit's dependencies has an install script.
    allowBuilds: { esbuild: tree.allowBuilds.esbuild ?? false },
  };
}

/** The names of the tables that a text defines. */
export const tablesIn = (text: string): string[] =>
  [...text.matchAll(/\bpgTable\(\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name);

/** The host's own files, in place of those that define its tables. */
function ownTables(
  tree: SourceTree,
  modules: ModuleReader,
  pieces: readonly Piece[],
  { tables = {} }: Choices,
): Record<string, string> {
  const found: Record<string, string> = {};
  const unknown = new Set(Object.keys(tables));
  if (unknown.size === 0) return found;
  for (const file of pieces.flatMap((piece) => pieceClosure(modules, piece).code.files)) {
    for (const name of tablesIn(tree.read(file))) {
      const own = tables[name];
      if (own !== undefined) found[file] = hostFile(own);
      unknown.delete(name);
    }
  }
  if (unknown.size > 0)
    throw new TakeError(`No item here has a table ${[...unknown].join(', ')}.`, 3);
  return found;
}

const withFile = (tree: SourceTree, around: Around): Around =>
  around.file === undefined
    ? around
    : { ...around, last: [...around.last, ...migrationStatements(tree.read(around.file))] };

const migrationStatements = (migration: string): string[] =>
  migration.split('--> statement-breakpoint').map((statement) => statement.trim());

/** The dump with the tables of every piece. */
const dump = 'packages/db/schema.sql';

function partitionedAmong(tree: SourceTree, files: readonly string[]): Partitioned[] {
  if (files.length === 0) return [];
  const texts = files.map((file) => tree.read(file)).join('\n');
  return partitionedIn(tree.read(dump)).filter(({ table }) =>
    new RegExp(`pgTable\\(\\s*'${table}'`).test(texts),
  );
}

const noMigrations = 'const migrationsFolder: string | undefined = undefined;';
const namingMigrations = (text: string, folder: string): string =>
  text.replace(noMigrations, `const migrationsFolder: string | undefined = '${folder}';`);

/** The folders in which drizzle-kit finds the tables. */
export const tablePatterns = (into: string, tables: readonly string[]): string[] => [
  ...new Set(tables.map((path) => `./${posix.join(into, posix.dirname(path))}/*.ts`)),
];

/** For a project that has no migrations yet: its own drizzle.config.ts, beside its package.json. */
function drizzleConfig({ into }: Choices, tables: readonly string[]): PlannedFile {
  const schema = tablePatterns(into, tables).map((pattern) => `'${pattern}'`);
  const text = `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [${schema.join(', ')}],
  out: './${into}/drizzle',
  migrations: { prefix: 'index' },
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
});
`;
  return { path: posix.join(posix.relative(into, '.'), 'drizzle.config.ts'), text };
}

interface Needing {
  readonly choices: Choices;
  readonly withTables: boolean;
  readonly hasVectors: boolean;
}

/** The npm packages that the pieces import; those that only tests import are for development. */
function neededBy(
  tree: SourceTree,
  closures: readonly PieceClosure[],
  { choices, withTables, hasVectors }: Needing,
): Needed[] {
  const needed = new Map<string, Needed>();
  const add = (name: string, source: string, isDev: boolean) => {
    const owner = ownerOf(tree, source);
    const declared = owner && declaredRange(tree, owner, name);
    if (!declared)
      throw new TakeError(`${source} imports ${name}, which its package does not declare.`, 1);
    // A peer's range includes untested versions.
    needed.set(name, { name, range: tree.catalog[name] ?? declared, isDev });
  };
  for (const { all } of closures) for (const [name, file] of all.external) add(name, file, true);
  for (const { code } of closures) for (const [name, file] of code.external) add(name, file, false);
  const develop = (name: string) =>
    needed.set(name, { name, range: tree.catalog[name] ?? '*', isDev: true });
  if (withTables) develop('drizzle-kit');
  if (hasVectors) develop('@electric-sql/pglite-pgvector');
  // drizzle-orm loads the driver itself.
  if (closures.some(({ all }) => all.external.has('@electric-sql/pglite'))) {
    develop(choices.driver);
    if (choices.driver === 'pg') develop('@types/pg');
  }
  return [...needed.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
