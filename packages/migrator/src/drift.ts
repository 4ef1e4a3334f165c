import { compareCatalogs, type Difference } from './catalog/compare.ts';
import { catalogOf } from './catalog/describe.ts';
import { readFolder } from './folder/read.ts';
import { applyMigrations } from './migrate.ts';
import { readApplied } from './run/bookkeeping.ts';
import { checkPlan } from './run/check.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { planOf } from './run/plan.ts';
import { openSession } from './run/session.ts';
import { addressOf, type Target } from './run/target.ts';
import { inScratch, type ScratchSource, scratchOnServer } from './scratch.ts';

export interface DriftOptions extends RunOptions {
  /** Where the migrations are replayed for comparison. Default: a database beside the target. */
  readonly scratch?: ScratchSource;
  /** Schemas that are somebody else's. */
  readonly without?: readonly string[];
}

/**
 * Compares a live database with what its applied migrations make of an empty one: tables, columns,
 * types, defaults, constraints, indexes (also invalid ones), enums, policies, FORCE, functions,
 * triggers and grants. Changes nothing; pending migrations do not count.
 *
 * @returns what differs; empty when nothing does
 */
export const drift = async (target: Target, options: DriftOptions): Promise<Difference[]> => {
  const folder = await readFolder(options.folder);
  const live = await openSession(addressOf(target), 'migrator');
  try {
    const plan = planOf(folder, await readApplied(live));
    checkPlan(plan);
    const inOrder = [...plan.applied].sort((a, b) => a.row.id - b.row.id);
    const expected = await inScratch(
      options.scratch ?? scratchOnServer(target),
      async (session) => {
        await applyMigrations(
          session,
          folder.layout,
          inOrder.map(({ migration }) => migration),
          limitsOf(options),
          options.onEvent ?? (() => {}),
        );
        return catalogOf(session, options);
      },
    );
    return compareCatalogs(expected, await catalogOf(live, options));
  } finally {
    await live.close();
  }
};
