import { compareCatalogs, type Difference } from './catalog/compare.ts';
import { type Catalog, catalogOf } from './catalog/describe.ts';
import { DRIFT_LEVELS, type DriftLevel, isAtLeastLevel } from './catalog/levels.ts';
import { countersBehind, roleDifferences } from './catalog/live.ts';
import { messageOf } from './errors.ts';
import type { Migration } from './folder/migration.ts';
import { readFolder } from './folder/read.ts';
import { applyMigrations } from './migrate.ts';
import { checkPlan, describeInterrupted } from './run/check.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { type Plan, readPlan } from './run/plan.ts';
import { openSession } from './run/session.ts';
import { tablesOf } from './run/tables.ts';
import { addressOf, type Target } from './run/target.ts';
import { inScratch, type ScratchSource, scratchOnServer } from './scratch.ts';

export interface DriftOptions extends RunOptions {
  /** Where the migrations are replayed for comparison. Default: a database beside the target. */
  readonly scratch?: ScratchSource;
  /** Schemas to leave out. */
  readonly without?: readonly string[];
  /** The least grave level to report. Default `performance`: all but comments and the order of columns. */
  readonly level?: DriftLevel;
}

/** The live database's catalog and records. Its session is closed before any other is opened. */
const readLive = async (
  target: Target,
  options: DriftOptions,
): Promise<{
  plan: Plan;
  catalog: Catalog;
  layout: 'journal' | 'folders';
  alone: readonly Difference[];
}> => {
  const folder = await readFolder(options.folder);
  const session = await openSession(addressOf(target), 'migrator');
  try {
    const plan = await readPlan(session, folder, tablesOf(options.bookkeeping));
    checkPlan(plan);
    const alone = [
      ...(await roleDifferences(
        session,
        plan.applied.map(({ migration }) => migration),
      )),
      ...(await countersBehind(session, options.without)),
    ];
    return {
      plan,
      catalog: await catalogOf(session, { ...options, details: true }),
      layout: folder.layout,
      alone,
    };
  } finally {
    await session.close();
  }
};

/**
 * Compares a live database with the result of its applied migrations on an empty one, in the
 * folder's order, as in every fresh database. It changes nothing. Pending migrations do not count,
 * but it names the one that a difference belongs to.
 *
 * @returns the differences, the gravest first; empty if there are none
 */
export const drift = async (target: Target, options: DriftOptions): Promise<Difference[]> => {
  const level = options.level ?? 'performance';
  const listen = options.onEvent ?? (() => {});
  const note = (message: string) => listen({ type: 'note', message });
  const { plan, catalog, layout, alone } = await readLive(target, options);
  for (const entry of plan.interrupted) note(`${describeInterrupted(entry)}.`);
  const source = options.scratch ?? scratchOnServer(target);
  const byPosition = plan.applied
    .map(({ migration }) => migration)
    .sort((a, b) => a.position - b.position);
  const byApplication = [...plan.applied]
    .sort((a, b) => a.row.id - b.row.id)
    .map(({ migration }) => migration);
  const replay = (migrations: readonly Migration[]) =>
    inScratch(source, async (session) => {
      const apply = (files: readonly Migration[]) =>
        applyMigrations(
          session,
          layout,
          tablesOf(options.bookkeeping),
          files,
          limitsOf(options),
          listen,
        );
      await apply(migrations);
      const detailed = { ...options, details: true };
      const expected = await catalogOf(session, detailed);
      const differences = compareCatalogs(expected, catalog, { columnOrder: level === 'cosmetic' });
      const madeLater = new Map<string, string>();
      const extras = differences.some(({ change }) => change !== 'missing');
      for (const migration of extras ? plan.pending : []) {
        const failed = await apply([migration]).then(
          () => false,
          () => true,
        );
        if (failed) break;
        for (const { kind, name, definition } of await catalogOf(session, detailed)) {
          const key = `${kind} ${name} ${definition}`;
          if (!madeLater.has(key)) madeLater.set(key, migration.name);
        }
      }
      return differences.map((difference) => {
        const { kind, name, actual } = difference;
        const pending = madeLater.get(`${kind} ${name} ${actual ?? ''}`);
        return pending === undefined ? difference : { ...difference, pending };
      });
    });
  const reported = (found: readonly Difference[]): Difference[] =>
    [...alone, ...found]
      .filter((difference) => isAtLeastLevel(difference.level, level))
      .sort((a, b) => DRIFT_LEVELS.indexOf(a.level) - DRIFT_LEVELS.indexOf(b.level));
  try {
    return reported(await replay(byPosition));
  } catch (error) {
    const isSameOrder = byPosition.every((migration, index) => migration === byApplication[index]);
    if (isSameOrder) throw error;
    note(
      `a fresh database cannot be made from this folder: in its order a migration fails that was applied out of order here (${messageOf(error)}). Compared with the order of application instead.`,
    );
    return reported(await replay(byApplication));
  }
};
