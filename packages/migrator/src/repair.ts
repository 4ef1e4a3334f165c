import { readFolder } from './folder/read.ts';
import {
  adopt,
  ensureBookkeeping,
  forgetDuplicateSql,
  forgetRowSql,
  renameSql,
  rewriteSql,
} from './run/bookkeeping.ts';
import { describeChange, describeInterrupted } from './run/check.ts';
import { reindexLeftovers } from './run/leftovers.ts';
import { limitsOf, type RunOptions } from './run/options.ts';
import { readPlan } from './run/plan.ts';
import type { Session } from './run/session.ts';
import { tablesOf } from './run/tables.ts';
import type { Target } from './run/target.ts';
import { withRunner } from './run/with-runner.ts';

export interface RepairOptions extends RunOptions {
  /** Record the present text of applied files. The database itself is not touched. */
  readonly acceptChanged?: boolean;
  /** Record applied files under their present names. */
  readonly acceptRenamed?: boolean;
  /** Drop the record of applied migrations whose files are gone. */
  readonly forgetMissing?: boolean;
  /** Rebuild invalid indexes concurrently, and drop the copies that interrupted rebuilds left. */
  readonly rebuildIndexes?: boolean;
  /** Drop the second record of a file that is recorded twice. */
  readonly forgetDuplicates?: boolean;
  /** Finish a pending DETACH PARTITION CONCURRENTLY. */
  readonly finishDetach?: boolean;
}

export interface RepairItem {
  readonly kind:
    | 'changed'
    | 'renamed'
    | 'missing'
    | 'recorded twice'
    | 'interrupted'
    | 'invalid index'
    | 'leftover index'
    | 'pending detach';
  readonly what: string;
  /** Whether this run resolved it. */
  readonly resolved: boolean;
  /** The option that resolves it; undefined if another command does. */
  readonly option?: keyof RepairOptions;
}

const invalidIndexes = (session: Session): Promise<{ name: string }[]> =>
  session.rows<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relkind = 'i' and n.nspname !~ '^pg_' and c.relname !~ '_cc(new|old)[0-9]*$'
       and not exists (select 1 from pg_stat_progress_create_index p where p.index_relid = c.oid)
     order by 1`,
  );

const pendingDetaches = (session: Session): Promise<{ parent: string; partition: string }[]> =>
  session.rows(
    `select format('%I.%I', pn.nspname, p.relname) as parent, format('%I.%I', cn.nspname, c.relname) as partition
     from pg_inherits i
     join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
     join pg_class c on c.oid = i.inhrelid join pg_namespace cn on cn.oid = c.relnamespace
     where i.inhdetachpending
     order by 1, 2`,
  );

/**
 * Lists the reasons why a run is refused, and resolves those that an option names; without options
 * it changes nothing.
 */
export const repair = async (target: Target, options: RepairOptions): Promise<RepairItem[]> => {
  const listen = options.onEvent ?? (() => {});
  const tables = tablesOf(options.bookkeeping);
  const folder = await readFolder(options.folder);
  return withRunner(target, limitsOf(options), listen, async (session) => {
    const bookkeeping = await ensureBookkeeping(session, folder.layout, tables);
    const plan = await readPlan(session, folder, tables);
    await adopt(
      session,
      bookkeeping,
      plan.applied.filter((entry) => entry.adopted && !plan.changed.includes(entry)),
    );
    const items: RepairItem[] = [];
    const resolve = async (
      kind: RepairItem['kind'],
      option: keyof RepairOptions,
      what: string,
      sql: string,
    ) => {
      const resolved = options[option] === true;
      if (resolved) await session.run(sql);
      items.push({ kind, what, resolved, option });
    };
    for (const entry of plan.changed)
      await resolve(
        'changed',
        'acceptChanged',
        describeChange(entry),
        rewriteSql(tables, entry.row.id, entry.migration),
      );
    for (const { row, migration } of plan.renamed)
      await resolve(
        'renamed',
        'acceptRenamed',
        `${row.name ?? ''} is now ${migration.name}`,
        renameSql(row.id, migration, bookkeeping),
      );
    for (const row of plan.missing)
      await resolve(
        'missing',
        'forgetMissing',
        row.name ?? `hash ${row.hash}`,
        forgetRowSql(tables, row.id),
      );
    for (const { row, migration } of plan.duplicates)
      await resolve(
        'recorded twice',
        'forgetDuplicates',
        `${migration.name} (row ${row.id})`,
        forgetDuplicateSql(tables, row.id),
      );
    for (const entry of plan.interrupted)
      items.push({ kind: 'interrupted', what: describeInterrupted(entry), resolved: false });
    for (const { name } of await invalidIndexes(session))
      await resolve('invalid index', 'rebuildIndexes', name, `reindex index concurrently ${name}`);
    for (const name of await reindexLeftovers(session))
      await resolve(
        'leftover index',
        'rebuildIndexes',
        name,
        `drop index concurrently if exists ${name}`,
      );
    for (const { parent, partition } of await pendingDetaches(session))
      await resolve(
        'pending detach',
        'finishDetach',
        `${partition} from ${parent}`,
        `alter table ${parent} detach partition ${partition} finalize`,
      );
    return items;
  });
};
