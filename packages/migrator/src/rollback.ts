import { refused, usage } from './errors.ts';
import { hashOf, readDirectives } from './folder/migration.ts';
import { readFolder } from './folder/read.ts';
import { type Loss, lossesOf } from './review/losses.ts';
import { ensureBookkeeping, forgetSql } from './run/bookkeeping.ts';
import { checkInterrupted, checkPlan } from './run/check.ts';
import { runScript, type Script } from './run/execute.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { type AppliedMigration, type Plan, readPlan } from './run/plan.ts';
import { checkScript } from './run/steps.ts';
import { type Tables, tablesOf } from './run/tables.ts';
import type { Target } from './run/target.ts';
import { withRunner } from './run/with-runner.ts';

export interface RollbackOptions extends RunOptions {
  /** How many migrations to roll back; 1 unless `to` is given. */
  readonly steps?: number;
  /** Roll back everything applied after this one, which stays. */
  readonly to?: string;
  /**
   * Called once, with all losses, if a down migration destroys existing rows or values. Without it,
   * such a rollback is refused.
   */
  readonly confirmLoss?: (losses: readonly Loss[]) => boolean | Promise<boolean>;
  /** Change nothing: refuse what a run would refuse, and return what it would roll back. */
  readonly dryRun?: boolean;
}

export interface RollbackResult {
  /** Migrations that were rolled back, last applied first. */
  readonly reverted: readonly { readonly name: string; readonly durationMs: number }[];
  /** The data that is destroyed. */
  readonly losses: readonly Loss[];
}

/** The down script of an applied migration. It throws a refusal if there is none. */
const downScript = ({ row, migration }: AppliedMigration, tables: Tables): Script => {
  const { irreversible } = migration.directives;
  if (migration.down === undefined)
    throw refused(
      'irreversible',
      irreversible === undefined
        ? `${migration.name} has no down migration: write ${migration.downPath}, or say "-- migrator: irreversible: REASON" at the head of ${migration.path}`
        : `${migration.name} has no down migration: ${irreversible}`,
    );
  const directives = readDirectives(migration.down);
  checkScript(migration.downPath, migration.down, directives);
  return {
    name: migration.name,
    path: migration.downPath,
    sql: migration.down,
    hash: hashOf(migration.down),
    direction: 'down',
    noTransaction: directives.noTransaction,
    tables,
    recordSql: () => forgetSql(tables, migration.name, row.id),
  };
};

const chosen = (
  applied: readonly AppliedMigration[],
  { steps, to }: RollbackOptions,
): AppliedMigration[] => {
  // The last migration that ran is rolled back first, also if it was a late file.
  const latestFirst = [...applied].sort((a, b) => b.row.id - a.row.id);
  if (to === undefined) {
    if (steps !== undefined && (!Number.isInteger(steps) || steps < 1))
      throw usage(`steps must be a whole number from 1 up, not ${steps}`);
    return latestFirst.slice(0, steps ?? 1);
  }
  if (steps !== undefined) throw usage('give either steps or a name to go back to, not both');
  const index = latestFirst.findIndex(({ migration }) => migration.name === to);
  if (index === -1) throw usage(`${to} is not applied, so nothing can be rolled back to it`);
  return latestFirst.slice(0, index);
};

export const refuseLosses = (losses: readonly Loss[]): never => {
  throw refused(
    'irreversible',
    `the rollback would lose ${losses.map(({ what }) => what).join(', ')}. Copy them first, or confirm the loss (--allow-data-loss).`,
  );
};

/** Migrations to roll back, interrupted ones first. */
const inOrder = (plan: Plan, options: RollbackOptions): AppliedMigration[] => {
  const wanted = chosen(plan.applied, options);
  const begun = new Set(plan.interrupted.map(({ name }) => name));
  const first = plan.applied.filter(({ migration }) => begun.has(migration.name));
  const rest = wanted.filter(({ migration }) => !begun.has(migration.name));
  // With the default of one step, finishing an interrupted rollback is the step.
  const steps = options.to === undefined ? (options.steps ?? 1) : undefined;
  return [...first, ...rest].slice(
    0,
    steps === undefined ? undefined : Math.max(steps, first.length),
  );
};

/**
 * Rolls the last migrations back by their down files, each in a transaction of its own. It runs
 * none if one of them has no down migration.
 *
 * @param target see `migrate`
 * @throws MigratorError `irreversible` (exit 2) before anything ran; `statement` when a down fails
 */
export const rollback = async (
  target: Target,
  options: RollbackOptions,
): Promise<RollbackResult> => {
  const listen = options.onEvent ?? (() => {});
  const limits = limitsOf(options);
  const tables = tablesOf(options.bookkeeping);
  const folder = await readFolder(options.folder);
  return withRunner(target, limits, listen, async (session) => {
    const plan = await readPlan(session, folder, tables);
    checkPlan(plan);
    checkInterrupted(plan, 'down');
    const scripts = inOrder(plan, options).map((entry) => downScript(entry, tables));
    listen({ type: 'plan', names: scripts.map(({ name }) => name) });
    const losses: Loss[] = [];
    for (const script of scripts) losses.push(...(await lossesOf(session, script.sql)));
    if (options.dryRun)
      return { reverted: scripts.map(({ name }) => ({ name, durationMs: 0 })), losses };
    if (losses.length > 0 && !(await options.confirmLoss?.(losses))) refuseLosses(losses);
    await ensureBookkeeping(session, folder.layout, tables);
    const reverted: { name: string; durationMs: number }[] = [];
    for (const script of scripts) {
      listen({ type: 'file-start', name: script.name });
      const durationMs = await runScript(session, script, limits, listen);
      listen({ type: 'file-done', name: script.name, durationMs });
      reverted.push({ name: script.name, durationMs });
    }
    return { reverted, losses };
  });
};
