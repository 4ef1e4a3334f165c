import type { Migration } from './folder/migration.ts';
import { readFolder } from './folder/read.ts';
import {
  adopt,
  type Bookkeeping,
  ensureBookkeeping,
  readApplied,
  recordSql,
} from './run/bookkeeping.ts';
import { checkPlan } from './run/check.ts';
import { runScript, type Script } from './run/execute.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { planOf } from './run/plan.ts';
import type { Target } from './run/target.ts';
import { withRunner } from './run/with-runner.ts';

export interface MigrateResult {
  /** What this run applied, in order. */
  readonly applied: readonly { readonly name: string; readonly durationMs: number }[];
}

/** The up script of a migration. */
export const upScript = (migration: Migration, bookkeeping: Bookkeeping): Script => ({
  name: migration.name,
  path: migration.path,
  sql: migration.sql,
  hash: migration.hash,
  direction: 'up',
  noTransaction: migration.directives.noTransaction,
  recordSql: (durationMs) => recordSql(migration, bookkeeping, durationMs),
});

/**
 * Applies what is pending, each file in a transaction of its own, as the only runner.
 *
 * @param target a URL, a postgres.js client or a Drizzle handle over one; its address is used, and
 *   must be a direct one (no pooler in transaction mode)
 * @returns what was applied; empty when there was nothing to do
 * @throws MigratorError when the folder contradicts the database (exit 2) or a statement fails (1)
 */
export const migrate = async (target: Target, options: RunOptions): Promise<MigrateResult> => {
  const listen = options.onEvent ?? (() => {});
  const limits = limitsOf(options);
  const folder = await readFolder(options.folder);
  return withRunner(target, limits, listen, async (session) => {
    const bookkeeping = await ensureBookkeeping(session, folder.layout);
    const plan = planOf(folder, await readApplied(session));
    checkPlan(plan);
    await adopt(
      session,
      plan.applied.filter((entry) => entry.adopted),
    );
    listen({ type: 'plan', names: plan.pending.map(({ name }) => name) });
    const applied: { name: string; durationMs: number }[] = [];
    for (const migration of plan.pending) {
      listen({ type: 'file-start', name: migration.name });
      const script = upScript(migration, bookkeeping);
      const durationMs = await runScript(session, script, limits, listen);
      listen({ type: 'file-done', name: migration.name, durationMs });
      applied.push({ name: migration.name, durationMs });
    }
    return { applied };
  });
};
