import { warningOf } from './collation.ts';
import { refused } from './errors.ts';
import type { Migration } from './folder/migration.ts';
import type { Layout } from './folder/migration-folder.ts';
import { readFolder } from './folder/read.ts';
import {
  adopt,
  type Bookkeeping,
  ensureBookkeeping,
  recordSql,
  replaceSql,
} from './run/bookkeeping.ts';
import { checkInterrupted, checkPlan } from './run/check.ts';
import type { Listener } from './run/events.ts';
import { runScript, type Script } from './run/execute.ts';
import { limitsOf, type RunLimits, type RunOptions } from './run/options.ts';
import { type Plan, readPlan } from './run/plan.ts';
import type { Session } from './run/session.ts';
import { checkScript } from './run/steps.ts';
import { type Tables, tablesOf } from './run/tables.ts';
import type { Target } from './run/target.ts';
import { withRunner } from './run/with-runner.ts';

export interface MigrateOptions extends RunOptions {
  /**
   * Also apply late migrations that touch the same objects as a later applied one. Without it they
   * are applied only if their order cannot matter, else refused.
   */
  readonly allowOutOfOrder?: boolean;
  /** Change nothing: refuse what a run would refuse, and return what it would apply. */
  readonly dryRun?: boolean;
}

export interface AppliedFile {
  readonly name: string;
  readonly durationMs: number;
}

export interface MigrateResult {
  /** Migrations that this run applied (or, with `dryRun`, would apply: then each took 0 ms), in order. */
  readonly applied: readonly AppliedFile[];
}

const upScript = (migration: Migration, bookkeeping: Bookkeeping): Script => ({
  name: migration.name,
  path: migration.path,
  sql: migration.sql,
  hash: migration.hash,
  direction: 'up',
  noTransaction: migration.directives.noTransaction,
  tables: bookkeeping.tables,
  recordSql: (durationMs) => recordSql(migration, bookkeeping, durationMs),
});

/** Runs and records migrations on a session that holds the lock, or on a scratch database. */
export const applyMigrations = async (
  session: Session,
  layout: Layout,
  tables: Tables,
  migrations: readonly Migration[],
  limits: RunLimits,
  listen: Listener,
): Promise<AppliedFile[]> => {
  const bookkeeping = await ensureBookkeeping(session, layout, tables);
  const applied: AppliedFile[] = [];
  for (const migration of migrations) {
    listen({ type: 'file-start', name: migration.name });
    const durationMs = await runScript(session, upScript(migration, bookkeeping), limits, listen);
    listen({ type: 'file-done', name: migration.name, durationMs });
    applied.push({ name: migration.name, durationMs });
  }
  return applied;
};

/**
 * Records each squashed file in place of the migrations that it replaces, all of which are
 * recorded.
 */
const takeOver = async (
  session: Session,
  bookkeeping: Bookkeeping,
  { replaced }: Plan,
  listen: Listener,
): Promise<void> => {
  for (const { migration, rows } of replaced) {
    await session.run(replaceSql(migration, rows, bookkeeping));
    listen({
      type: 'note',
      message: `${migration.name} is recorded in place of the ${rows.length} migrations that it replaces; nothing of it was run`,
    });
  }
};

/** Refuses late migrations whose order with an applied one matters, naming both. */
const checkOrder = async (plan: Plan, listen: Listener, allowed: boolean): Promise<void> => {
  if (plan.late.length === 0) return;
  const { conflictBetween } = await import('./review/order.ts');
  for (const { migration } of plan.late) {
    const later = plan.applied.filter((entry) => entry.migration.position > migration.position);
    let matters = false;
    for (const entry of later) {
      const conflict = await conflictBetween(migration.sql, entry.migration.sql);
      matters ||= conflict !== undefined;
      if (conflict && allowed)
        listen({
          type: 'note',
          message: `${migration.name} is applied after ${entry.migration.name}, and both touch ${conflict}: a fresh database, which runs them in the order of the folder, may differ. db:drift compares.`,
        });
      else if (conflict)
        throw refused(
          'order',
          `${migration.name} stands before ${entry.migration.name}, which is applied, and both touch ${conflict}: their order matters. Move it to the end (db:rebase), or apply it all the same with --allow-out-of-order.`,
        );
    }
    if (!matters)
      listen({
        type: 'note',
        message: `${migration.name} is late: ${later[0]?.migration.name} is applied already, and nothing both touch depends on the order`,
      });
  }
};

/**
 * Applies the pending migrations, each file in a transaction of its own, as the only runner.
 *
 * @param target a URL, a postgres.js client or a Drizzle handle over one; only its address is used,
 *   which must not lead to a pooler in transaction mode
 * @returns the applied migrations; empty if none were pending
 * @throws MigratorError when the folder contradicts the database (exit 2) or a statement fails (1)
 */
export const migrate = async (target: Target, options: MigrateOptions): Promise<MigrateResult> => {
  const listen = options.onEvent ?? (() => {});
  const limits = limitsOf(options);
  const tables = tablesOf(options.bookkeeping);
  const folder = await readFolder(options.folder);
  return withRunner(target, limits, listen, async (session) => {
    const plan = await readPlan(session, folder, tables);
    checkPlan(plan, true);
    checkInterrupted(plan, 'up');
    const warning = await warningOf(session);
    if (warning) listen({ type: 'note', message: warning });
    for (const { path, sql, directives } of plan.pending) checkScript(path, sql, directives);
    await checkOrder(plan, listen, options.allowOutOfOrder ?? false);
    if (options.dryRun)
      return { applied: plan.pending.map(({ name }) => ({ name, durationMs: 0 })) };
    const bookkeeping = await ensureBookkeeping(session, folder.layout, tables);
    await adopt(
      session,
      bookkeeping,
      plan.applied.filter((entry) => entry.adopted),
    );
    await takeOver(session, bookkeeping, plan, listen);
    listen({ type: 'plan', names: plan.pending.map(({ name }) => name) });
    const { pending } = plan;
    const applied = await applyMigrations(session, folder.layout, tables, pending, limits, listen);
    return { applied };
  });
};
