import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { TakeError } from './errors.ts';
import { installCommand, run } from './host/commands.ts';
import { drizzleConfigOf } from './host/edits.ts';
import type { Host } from './host/read-host.ts';
import { type Lock, writeLock } from './lock.ts';
import { withAround, withPartitions } from './plan/partitions.ts';
import type { Choices } from './plan/plan.ts';
import type { Draft } from './take.ts';

/** Installs the items' dependencies with the host's own package manager. */
export async function install({ root, choices }: Draft): Promise<void> {
  await run(root, installCommand[choices.manager]);
}

/**
 * Writes the migration for the tables of pieces with the host's drizzle-kit, into its folder and
 * under its next number, and the down migration.
 * @returns the new files, from the project's folder
 */
export async function generateMigration(
  { plan, folder }: Pick<Draft, 'plan' | 'folder'>,
  { project }: Pick<Host, 'project'>,
  lock: Lock,
): Promise<string[]> {
  if (plan.tables.length === 0) return [];
  const out = drizzleConfigOf(project)?.out ?? 'drizzle';
  const before = new Set(sqlFiles(join(project, out)));
  await run(project, ['drizzle-kit', 'generate', '--name', 'taken']);
  const made = sqlFiles(join(project, out)).filter((name) => !before.has(name));
  const files = made.flatMap((name) => {
    const written = readFileSync(join(project, out, name), 'utf8');
    const text = withAround(withPartitions(written, plan.partitioned), plan.around);
    writeFileSync(join(project, out, name), text);
    const down = name.replace(/(migration)?\.sql$/, (_, folderForm) =>
      folderForm ? 'down.sql' : '.down.sql',
    );
    writeFileSync(join(project, out, down), wayBack(text));
    return [name, down].map((file) => posix.join(out, file));
  });
  if (files.length > 0) writeLock(folder, { ...lock, migrations: [...lock.migrations, ...files] });
  return files;
}

/** drizzle-kit writes migrations as files, or since 1.0 as folders. */
function sqlFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
      return [`${entry.name}/migration.sql`];
    return /(?<!\.down)\.sql$/.test(entry.name) ? [entry.name] : [];
  });
}

/** The down migration for new tables, types and functions. */
function wayBack(sql: string): string {
  const names = (kind: string) =>
    [...sql.matchAll(new RegExp(`^CREATE ${kind} ("[^ (]+")`, 'gm'))].map(
      (match) => match[1] ?? '',
    );
  const tables = names('TABLE');
  const lines = [
    ...(tables.length > 0 ? [`DROP TABLE ${tables.join(', ')};`] : []),
    ...names('TYPE').map((name) => `DROP TYPE ${name};`),
    ...names('FUNCTION')
      .reverse()
      .map((name) => `DROP FUNCTION ${name};`),
  ];
  return `${lines.join('\n--> statement-breakpoint\n')}\n`;
}

/** Runs the tests of pieces, and one test file of each requested package. */
export async function smokeTest(
  { plan, items, folder, choices }: Draft,
  { project }: Host,
): Promise<string[]> {
  const tests = plan.files.map(({ path }) => path).filter((path) => /\.test\.ts$/.test(path));
  const ofPieces = tests.filter((path) => path.startsWith('test/'));
  if (ofPieces.length > 0) {
    const command = ['vitest', 'run', ...ofPieces.map((path) => join(folder, path))] as const;
    await run(project, command).catch((error: unknown) => {
      throw withOwnTables(error, choices.tables);
    });
  }
  const ran = [...ofPieces];
  for (const item of items) {
    if (item.kind !== 'package') continue;
    const name = posix.basename(item.folder);
    const own = tests
      .filter((path) => path.startsWith(`${name}/`))
      .map((path) => path.slice(name.length + 1));
    const one =
      own.find((path) => path === 'test/schema.test.ts') ??
      own.find((path) => !path.includes('races'));
    if (one === undefined) continue;
    await run(join(folder, name), ['vitest', 'run', one]);
    ran.push(`${name}/${one}`);
  }
  return ran;
}

/**
 * Explains a failure, because the tests fill only the columns that the item uses, and the host's
 * own table may require more.
 */
function withOwnTables(error: unknown, tables: Choices['tables'] = {}): unknown {
  const names = Object.keys(tables);
  if (names.length === 0 || !(error instanceof TakeError)) return error;
  return new TakeError(
    `${error.message} The tests insert rows into your own ${names.join(', ')}: where a column of yours is required, add it to their inserts.`,
    error.exitCode,
  );
}

/** Builds packages for a host with the built form, each after its dependencies. */
export async function build({ plan, choices, folder }: Draft): Promise<void> {
  if (choices.form !== 'built') return;
  const manifests = plan.workspaces.map((name) => {
    const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
    const manifest: {
      name: string;
      scripts?: Record<string, string>;
      dependencies?: Record<string, string>;
    } = JSON.parse(text);
    return { folder: name, manifest };
  });
  const done = new Set<string>();
  const buildOne = async ({
    folder: name,
    manifest,
  }: (typeof manifests)[number]): Promise<void> => {
    if (done.has(manifest.name)) return;
    done.add(manifest.name);
    for (const other of manifests)
      if (other.manifest.name in (manifest.dependencies ?? {})) await buildOne(other);
    if (manifest.scripts?.build)
      await run(join(folder, name), ['tsc', '-p', 'tsconfig.build.json']);
  };
  for (const entry of manifests) await buildOne(entry);
}
