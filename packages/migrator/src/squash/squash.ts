import { compareCatalogs, describeDifferences } from '../catalog/compare.ts';
import { type Catalog, catalogOf } from '../catalog/describe.ts';
import { dumpCatalog } from '../catalog/dump.ts';
import { messageOf, refused, usage } from '../errors.ts';
import { hashOf, type Migration, readDirectives } from '../folder/migration.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { loadParser } from '../review/statements.ts';
import { runScript } from '../run/execute.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { splitStatements } from '../sql/split.ts';
import { type Carried, carriedStatements } from './carried.ts';
import { dropStatements } from './drops.ts';
import { rowStatements } from './rows.ts';
import { checkReplaceable, lastSnapshot, placeOf, replaceFiles } from './write-files.ts';

export interface SquashOptions extends RunOptions {
  /** The source of both databases, that of the history and that of the new file. */
  readonly scratch: ScratchSource;
  /** The file's name, in snake_case, without its number. Default: `squashed`. */
  readonly name?: string;
  /** The folder for the former files. Without it they are deleted, and must be committed. */
  readonly archive?: string;
  /** Schemas to leave out. */
  readonly without?: readonly string[];
  /** Prove it, and write nothing. */
  readonly dryRun?: boolean;
}

export interface Squashed {
  readonly path: string;
  /** The migrations that it replaces, in order. */
  readonly replaced: readonly string[];
  /**
   * Statements copied unchanged, because no description of a schema holds their effect; read them.
   */
  readonly carried: Carried;
  /** Why there is no down migration; undefined if there is a proved one. */
  readonly withoutDown?: string;
}

interface State {
  readonly catalog: Catalog;
  /** With owners, withdrawn rights and settings, for the comparison. */
  readonly detailed: Catalog;
  readonly rows: readonly string[];
}

const BREAKPOINT = ';\n--> statement-breakpoint\n';

const fileOf = (head: readonly string[], statements: readonly string[]): string =>
  `${[...head, ''].join('\n')}${statements.join(BREAKPOINT)};\n`;

const upText = (history: readonly Migration[], state: State, carried: Carried): string => {
  const dump = splitStatements(dumpCatalog(state.catalog))
    .map(({ text }) => text)
    // A setting of the session would outlast the file.
    .map((text) => text.replace(/^SET check_function_bodies/, 'SET LOCAL check_function_bodies'));
  // Forced policies would also bind the owner, who inserts the rows.
  const forces = (text: string) => /^ALTER TABLE \S.* FORCE ROW LEVEL SECURITY$/.test(text);
  return fileOf(
    [
      '-- Made by "migrator squash": it makes what the migrations named here made. A database that has them',
      '-- records this file in their place and runs nothing of it.',
      ...history.flatMap(({ name, hash, directives }) => [
        `-- migrator: replaces ${name} ${hash}`,
        // A database without the earlier squash has the files that it replaced.
        ...directives.replaces.map(
          (earlier) =>
            `-- migrator: replaces ${earlier.name} ${earlier.hash} as ${earlier.as ?? name}`,
        ),
      ]),
    ],
    [
      ...carried.first,
      ...dump.filter((text) => !forces(text)),
      ...state.rows,
      ...dump.filter(forces),
      ...carried.last,
    ],
  );
};

const stateOf = async (session: Session, options: SquashOptions): Promise<State> => ({
  catalog: await catalogOf(session, options),
  detailed: await catalogOf(session, { ...options, details: true }),
  rows: await rowStatements(session, tablesOf(options.bookkeeping)),
});

const refuseDifferent = (before: State, after: State): void => {
  const differences = compareCatalogs(before.detailed, after.detailed);
  if (differences.length > 0)
    throw refused(
      'different',
      `one file cannot make what the migrations make, so nothing is written:\n${describeDifferences(differences)}`,
    );
  const lost = before.rows.filter((statement) => !after.rows.includes(statement));
  if (lost.length > 0)
    throw refused(
      'different',
      `the schema is equal, but these rows are not, perhaps because a trigger changes them:\n${lost.map((text) => `  ${text.split('\n')[0]}`).join('\n')}`,
    );
};

/** Proves the down migration, and gives the reason why there is none. */
const proveDown = async (
  session: Session,
  path: string,
  sql: string,
  before: Catalog,
  options: SquashOptions,
): Promise<string | undefined> => {
  try {
    await runScript(
      session,
      {
        name: 'squashed',
        path,
        sql,
        hash: hashOf(sql),
        direction: 'down',
        noTransaction: readDirectives(sql).noTransaction,
        tables: tablesOf(options.bookkeeping),
        recordSql: () => '',
      },
      limitsOf(options),
      () => {},
    );
  } catch (error) {
    return messageOf(error).split('\n')[0];
  }
  const left = compareCatalogs(before, await catalogOf(session, options));
  return left.length > 0 ? `it leaves ${left.map(({ name }) => name).join(', ')}` : undefined;
};

const historyState = (folder: MigrationFolder, options: SquashOptions): Promise<State> =>
  inScratch(options.scratch, async (session) => {
    await applyMigrations(
      session,
      folder.layout,
      tablesOf(options.bookkeeping),
      folder.migrations,
      limitsOf(options),
      options.onEvent ?? (() => {}),
    );
    return stateOf(session, options);
  });

/**
 * Replaces a history by one file that makes the same database: schema, rights, row security,
 * partitions and inserted rows. It writes the file from the catalog of a database that the history
 * made, and compares that with a database that the file made. A database with the former migrations
 * records the file at its next `migrate`; drizzle's own runner skips it, because it has the last
 * migration's time.
 *
 * @returns the written file, with the statements that were copied uncompared
 * @throws MigratorError `usage` for fewer than two migrations or a folder that is not committed;
 *   `different` (exit 2), with every difference, when one file can't make the same; then nothing is
 *   written
 */
export const squash = async (options: SquashOptions): Promise<Squashed> => {
  const folder = await readFolder(options.folder);
  const history = folder.migrations;
  const [last] = history.slice(-1);
  if (!last || history.length < 2)
    throw usage(`${folder.path} has fewer than two migrations: there is nothing to squash`);
  await checkReplaceable(folder, options.archive);
  await loadParser();
  const place = placeOf(folder, last, options.name ?? 'squashed');
  const snapshot = await lastSnapshot(folder, last);
  const wanted = await historyState(folder, options);
  const carried = carriedStatements(history);
  const sql = upText(history, wanted, carried);
  const downSql = fileOf(
    ['-- Drops all that the squashed file made. Roles stay: they belong to the server.'],
    dropStatements(wanted.catalog),
  );
  const withoutDown = await inScratch(options.scratch, async (session) => {
    const before = await catalogOf(session, options);
    const migration: Migration = {
      ...place,
      position: 0,
      createdAt: last.createdAt,
      sql,
      hash: hashOf(sql),
      directives: readDirectives(sql),
    };
    const tables = tablesOf(options.bookkeeping);
    const up = () =>
      applyMigrations(session, folder.layout, tables, [migration], limitsOf(options), () => {});
    await up();
    refuseDifferent(wanted, await stateOf(session, options));
    const reason = await proveDown(session, place.downPath, downSql, before, options);
    if (reason !== undefined || carried.last.length === 0) return reason;
    // Carried statements are not in the catalog, so only a second run shows a loss.
    return up().then(
      () => undefined,
      (error: unknown) => messageOf(error).split('\n')[0],
    );
  });
  const head =
    withoutDown === undefined
      ? ''
      : '-- migrator: irreversible: it is the whole schema; restore a backup\n';
  if (!options.dryRun)
    await replaceFiles(folder, place, {
      sql: `${head}${sql}`,
      ...(withoutDown === undefined && { downSql }),
      ...(options.archive !== undefined && { archive: options.archive }),
      ...(snapshot !== undefined && { snapshot }),
    });
  return {
    path: place.path,
    replaced: history.map(({ name }) => name),
    carried,
    ...(withoutDown !== undefined && { withoutDown }),
  };
};
