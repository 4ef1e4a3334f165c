import { compareCatalogs, type Difference, describeDifferences } from './catalog/compare.ts';
import { catalogOf } from './catalog/describe.ts';
import { MigratorError, refused, usage } from './errors.ts';
import { readFolder } from './folder/read.ts';
import { applyMigrations } from './migrate.ts';
import { ensureBookkeeping, recordSql } from './run/bookkeeping.ts';
import { checkInterrupted, checkPlan } from './run/check.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { readPlan } from './run/plan.ts';
import { tablesOf } from './run/tables.ts';
import type { Target } from './run/target.ts';
import { withRunner } from './run/with-runner.ts';
import { inScratch, type ScratchSource, scratchOnServer } from './scratch.ts';
import { missingRows, seededTables, uncheckedChanges } from './seed-rows.ts';

export interface BaselineOptions extends RunOptions {
  /** The last migration that the database already has; default: all of them. */
  readonly to?: string;
  readonly scratch?: ScratchSource;
  /** Schemas to leave out. */
  readonly without?: readonly string[];
  /** Also record migrations whose inserted rows are missing. */
  readonly acceptMissingRows?: boolean;
  /** Only compare; record nothing. */
  readonly dryRun?: boolean;
}

/** Thrown when the database differs from the result of the migrations. */
export class DifferentError extends MigratorError {
  override readonly name = 'DifferentError';
  readonly differences: readonly Difference[];

  constructor(message: string, differences: readonly Difference[]) {
    super('different', 2, message);
    this.differences = differences;
  }
}

/**
 * Adopts a database that has the schema already, made by push, by a dump or by hand. It replays the
 * migrations in a scratch database and compares the two. Only if they are equal, inserted rows
 * included, it records the missing migrations as applied. It runs none of them on the target.
 *
 * @returns the names recorded
 * @throws DifferentError (exit 2) with every difference; then nothing is recorded
 */
export const baseline = async (target: Target, options: BaselineOptions): Promise<string[]> => {
  const listen = options.onEvent ?? (() => {});
  const limits = limitsOf(options);
  const tables = tablesOf(options.bookkeeping);
  const folder = await readFolder(options.folder);
  const last = folder.migrations.findIndex(({ name }) => name === options.to);
  if (options.to !== undefined && last === -1)
    throw usage(`there is no migration called ${options.to} in ${folder.path}`);
  const upTo = last === -1 ? folder.migrations.length : last + 1;
  return withRunner(target, limits, listen, async (session) => {
    const plan = await readPlan(session, folder, tables);
    checkPlan(plan);
    checkInterrupted(plan);
    // Some may be recorded, by a run that stopped at the first existing object.
    const missing = plan.pending.filter(({ position }) => position < upTo);
    if (missing.length === 0)
      throw refused(
        'different',
        `${upTo === 1 ? 'its one migration is' : `all ${upTo} migrations are`} recorded here already: this database is adopted. db:status shows them.`,
      );
    const recorded = new Set(plan.applied.map(({ migration }) => migration));
    const migrations = folder.migrations.filter(
      (migration) => migration.position < upTo || recorded.has(migration),
    );
    const made = await inScratch(options.scratch ?? scratchOnServer(target), async (scratch) => {
      await applyMigrations(scratch, folder.layout, tables, migrations, limits, listen);
      return {
        catalog: await catalogOf(scratch, options),
        seeded: await seededTables(scratch, tables),
      };
    });
    const differences = compareCatalogs(made.catalog, await catalogOf(session, options));
    if (differences.length > 0)
      throw new DifferentError(
        `the database is not what the migrations make, so nothing is recorded:\n${describeDifferences(differences)}\nMake them equal (or name the last migration it has, with --to) and run again.`,
        differences,
      );
    const absent = await missingRows(session, made.seeded);
    if (absent.length > 0 && !options.acceptMissingRows)
      throw new DifferentError(
        `the schema is equal, but rows are missing that the migrations insert, so nothing is recorded:\n${absent.join('\n')}\nInsert them, or record all the same with --accept-missing-rows.`,
        [],
      );
    for (const name of await uncheckedChanges(missing))
      listen({
        type: 'note',
        message: `${name} also changes rows (UPDATE, DELETE): whether that was done here cannot be told from the schema. Look.`,
      });
    if (options.dryRun) return missing.map(({ name }) => name);
    const bookkeeping = await ensureBookkeeping(session, folder.layout, tables);
    const records = missing.map((migration) => recordSql(migration, bookkeeping, undefined));
    await session.run(`begin; ${records.join('\n')} commit;`);
    return missing.map(({ name }) => name);
  });
};
