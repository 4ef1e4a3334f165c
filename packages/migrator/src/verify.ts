import { readFile } from 'node:fs/promises';
import { compareCatalogs, describeDifferences } from './catalog/compare.ts';
import { type Catalog, catalogOf } from './catalog/describe.ts';
import { dumpCatalog } from './catalog/dump.ts';
import { MigratorError, messageOf } from './errors.ts';
import { hashOf, type Migration, readDirectives } from './folder/migration.ts';
import type { MigrationFolder } from './folder/migration-folder.ts';
import { readFolder } from './folder/read.ts';
import { applyMigrations } from './migrate.ts';
import { firstDifference } from './run/check.ts';
import { runScript } from './run/execute.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import type { Session } from './run/session.ts';
import { tablesOf } from './run/tables.ts';
import { inScratch } from './scratch.ts';
import type { Problem, VerifyOptions } from './verify-options.ts';
import { schemaProblems } from './verify-schema.ts';

export interface Verified {
  readonly problems: readonly Problem[];
  /** Migrations that were rolled back and applied again. */
  readonly reversed: number;
  readonly irreversible: number;
}

/** Rethrows an error of the server, which is no problem of the folder. */
const throwIfServer = (error: unknown): void => {
  if (error instanceof MigratorError && ['connection', 'pooler'].includes(error.code)) throw error;
};

const folderProblems = (folder: MigrationFolder): Problem[] => {
  const problems: Problem[] = folder.unjournaled.map((file) => ({
    where: file,
    message: 'is no migration of drizzle-kit, so it would never run',
  }));
  const numbers = new Map<string, string>();
  for (const { name, directives, down } of folder.migrations) {
    const number = /^\d+/.exec(name)?.[0] ?? '';
    const other = numbers.get(number);
    if (other && folder.layout === 'journal')
      problems.push({
        where: name,
        message: `has the number of ${other}: two branches made them; db:rebase mends it`,
      });
    numbers.set(number, name);
    if (down === undefined && directives.irreversible === undefined)
      problems.push({
        where: name,
        message:
          'has no down migration: write its down file, or "-- migrator: irreversible: REASON" at its head',
      });
  }
  return problems;
};

const runDown = (session: Session, migration: Migration, options: RunOptions): Promise<number> => {
  const sql = migration.down ?? '';
  return runScript(
    session,
    {
      name: migration.name,
      path: migration.downPath,
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
};

/** Up, down, up for each migration, with the catalog compared at each step. */
const walkThrough = async (
  session: Session,
  folder: MigrationFolder,
  options: VerifyOptions,
): Promise<{ problems: Problem[]; final: Catalog; reversed: number }> => {
  const problems: Problem[] = [];
  const limits = limitsOf(options);
  const listen = options.onEvent ?? (() => {});
  let reversed = 0;
  let before = await catalogOf(session, options);
  const up = (migration: Migration) =>
    applyMigrations(
      session,
      folder.layout,
      tablesOf(options.bookkeeping),
      [migration],
      limits,
      listen,
    );
  for (const migration of folder.migrations) {
    await up(migration);
    const after = await catalogOf(session, options);
    if (migration.down !== undefined) {
      try {
        await runDown(session, migration, options);
        const back = compareCatalogs(before, await catalogOf(session, options));
        if (back.length > 0)
          problems.push({
            where: migration.downPath,
            message: `does not restore the schema:\n${describeDifferences(back)}`,
          });
        await up(migration);
        const again = compareCatalogs(after, await catalogOf(session, options));
        if (again.length > 0)
          problems.push({
            where: migration.name,
            message: `gives another schema when it is applied again after its down:\n${describeDifferences(again)}`,
          });
        reversed += 1;
      } catch (error) {
        throwIfServer(error);
        problems.push({ where: migration.downPath, message: messageOf(error) });
        return { problems, final: after, reversed };
      }
    }
    before = after;
  }
  return { problems, final: before, reversed };
};

/** Rolls back as far as possible, and applies everything again. */
const downAndUp = async (
  session: Session,
  folder: MigrationFolder,
  final: Catalog,
  options: VerifyOptions,
): Promise<Problem[]> => {
  const taken: Migration[] = [];
  for (const migration of [...folder.migrations].reverse()) {
    if (migration.down === undefined) break;
    await runDown(session, migration, options);
    taken.unshift(migration);
  }
  await applyMigrations(
    session,
    folder.layout,
    tablesOf(options.bookkeeping),
    taken,
    limitsOf(options),
    () => {},
  );
  const differences = compareCatalogs(final, await catalogOf(session, options));
  return differences.length === 0
    ? []
    : [
        {
          where: folder.path,
          message: `all down and up again gives another schema:\n${describeDifferences(differences)}`,
        },
      ];
};

const dumpProblems = async (path: string, final: Catalog): Promise<Problem[]> => {
  const committed = await readFile(path, 'utf8').catch(() => undefined);
  if (committed === undefined)
    return [{ where: path, message: 'is missing: write it with "migrator dump"' }];
  const difference = firstDifference(committed, dumpCatalog(final));
  return difference
    ? [
        {
          where: `${path}:${difference.line}`,
          message: `is not what the migrations make (write it again with "migrator dump"):\n    it says ${difference.before}\n    and should say ${difference.after}`,
        },
      ]
    : [];
};

/**
 * Proves a folder in scratch databases: every migration runs from zero, its down migration restores
 * the schema before it, and up again gives the same schema; so do all down and all up; and schema,
 * snapshot, migrations and the committed dump agree.
 *
 * @returns every problem; empty if there is none
 */
export const verify = async (options: VerifyOptions): Promise<Verified> => {
  const folder = await readFolder(options.folder);
  const problems = folderProblems(folder);
  const irreversible = folder.migrations.filter(({ down }) => down === undefined).length;
  let reversed = 0;
  let final: Catalog | undefined;
  try {
    await inScratch(options.scratch, async (session) => {
      const walked = await walkThrough(session, folder, options);
      problems.push(...walked.problems);
      ({ final, reversed } = walked);
      if (walked.problems.length === 0)
        problems.push(...(await downAndUp(session, folder, walked.final, options)));
    });
  } catch (error) {
    throwIfServer(error);
    problems.push({ where: folder.path, message: messageOf(error) });
  }
  if (final && options.dump) problems.push(...(await dumpProblems(options.dump, final)));
  if (final && options.config) {
    try {
      problems.push(...(await schemaProblems(folder, final, options.config, options)));
    } catch (error) {
      problems.push({ where: options.config.schema.join(', '), message: messageOf(error) });
    }
  }
  return { problems, reversed, irreversible };
};
