import type { Migration } from '../folder/migration.ts';
import type { Layout } from '../folder/migration-folder.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** A row of drizzle's table with the migrator's own record. */
export interface AppliedRow {
  readonly id: number;
  readonly hash: string;
  readonly createdAt: number;
  /** From drizzle 1.0's own name column, or from the migrator's table. */
  readonly name?: string;
  /** The name in the migrator's table, from before a conversion of the folder. */
  readonly noted?: string;
  /** The text of the file when it was applied. */
  readonly source?: string;
  readonly appliedAt?: Date;
  readonly durationMs?: number;
  readonly appliedBy?: string;
}

/** The progress of a no-transaction file. */
export interface Progress {
  readonly name: string;
  readonly hash: string;
  readonly direction: 'up' | 'down';
  /** Statements finished. */
  readonly done: number;
  /** 1-based number of the statement that was begun and whose end is not recorded. */
  readonly begun: number | null;
}

export interface Bookkeeping {
  readonly tables: Tables;
  /** True if drizzle's table has 1.0's form, with a name column. */
  readonly named: boolean;
}

interface TableState {
  readonly drizzle: boolean;
  readonly named: boolean;
  readonly own: boolean;
}

const tableState = async (session: Session, tables: Tables): Promise<TableState> => {
  const [state] = await session.rows<TableState>(
    `select to_regclass($1) is not null as drizzle,
            exists (select 1 from pg_attribute where attrelid = to_regclass($1)
                    and attname = 'name' and not attisdropped) as named,
            to_regclass($2) is not null and to_regclass($3) is not null as own`,
    [tables.drizzle, tables.applied, tables.progress],
  );
  return state ?? { drizzle: false, named: false, own: false };
};

/**
 * Creates missing bookkeeping tables. Call it only under the lock, because two sessions that create
 * a schema at once collide.
 */
export const ensureBookkeeping = async (
  session: Session,
  layout: Layout,
  tables: Tables,
): Promise<Bookkeeping> => {
  const state = await tableState(session, tables);
  if (state.drizzle && state.own) return { tables, named: state.named };
  const named =
    layout === 'folders' ? ', name text, applied_at timestamp with time zone default now()' : '';
  await session.run(`
    begin;
    create schema if not exists ${tables.schema};
    create table if not exists ${tables.drizzle} (
      id serial primary key, hash text not null, created_at bigint${named});
    create table if not exists ${tables.applied} (
      name text primary key,
      drizzle_id integer not null,
      hash text not null,
      source text not null,
      applied_at timestamptz not null default now(),
      duration_ms double precision,
      applied_by text not null default current_user);
    create table if not exists ${tables.progress} (
      name text primary key,
      hash text not null,
      direction text not null,
      done integer not null default 0,
      begun integer);
    commit;`);
  return { tables, named: state.drizzle ? state.named : layout === 'folders' };
};

/** Every applied migration, oldest first; empty on a database that was never migrated. */
export const readApplied = async (session: Session, tables: Tables): Promise<AppliedRow[]> => {
  const state = await tableState(session, tables);
  if (!state.drizzle) return [];
  const name = state.named ? (state.own ? 'coalesce(d.name, a.name)' : 'd.name') : 'a.name';
  const rows = await session.rows<{
    id: number;
    hash: string;
    created_at: string | null;
    name: string | null;
    noted: string | null;
    source: string | null;
    applied_at: Date | null;
    duration_ms: number | null;
    applied_by: string | null;
  }>(
    state.own
      ? `select d.id, d.hash, d.created_at, ${name} as name, a.name as noted, a.source, a.applied_at, a.duration_ms, a.applied_by
         from ${tables.drizzle} d left join ${tables.applied} a on a.drizzle_id = d.id and a.hash = d.hash order by d.id`
      : `select id, hash, created_at, ${state.named ? 'name' : 'null'} as name, null as noted, null as source,
                null as applied_at, null as duration_ms, null as applied_by
         from ${tables.drizzle} d order by id`,
  );
  return rows.map((row) => ({
    id: row.id,
    hash: row.hash,
    createdAt: Number(row.created_at ?? 0),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.noted === null ? {} : { noted: row.noted }),
    ...(row.source === null ? {} : { source: row.source }),
    ...(row.applied_at === null ? {} : { appliedAt: row.applied_at }),
    ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
    ...(row.applied_by === null ? {} : { appliedBy: row.applied_by }),
  }));
};

const literal = (text: string): string =>
  `${text.includes('\\') ? ' E' : ''}'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/**
 * The SQL that records a migration as applied in both tables; one text, so that it can travel with
 * the COMMIT.
 *
 * @param durationMs undefined if it was adopted and not run
 */
export const recordSql = (
  migration: Migration,
  { tables, named }: Bookkeeping,
  durationMs: number | undefined,
): string =>
  `with d as (
      insert into ${tables.drizzle} (hash, created_at${named ? ', name' : ''})
      values ('${migration.hash}', ${migration.createdAt}${named ? `, ${literal(migration.name)}` : ''})
      returning id)
    insert into ${tables.applied} (name, drizzle_id, hash, source, duration_ms)
    select ${literal(migration.name)}, id, '${migration.hash}', ${literal(migration.sql)}, ${durationMs ?? 'null'} from d
    on conflict (name) do update set drizzle_id = excluded.drizzle_id, hash = excluded.hash,
      source = excluded.source, duration_ms = excluded.duration_ms, applied_at = now(), applied_by = current_user;
    delete from ${tables.progress} where name = ${literal(migration.name)};`;

/** The SQL that gives an applied migration the name of its folder, which Drizzle 1.0 uses too. */
const convertedSql = (
  row: AppliedRow,
  migration: Migration,
  { tables, named }: Bookkeeping,
): string => {
  const name = literal(migration.name);
  return `begin;
   ${named ? `update ${tables.drizzle} set name = ${name} where id = ${row.id};` : ''}
   delete from ${tables.applied} where name = ${name} and drizzle_id <> ${row.id};
   update ${tables.applied} set name = ${name} where drizzle_id = ${row.id};
   commit;`;
};

/**
 * Records the name and content of rows that drizzle's migrator wrote before this package was used,
 * and the new names of rows from before `drizzle-kit up` converted the folder.
 */
export const adopt = async (
  session: Session,
  { tables, named }: Bookkeeping,
  adopted: readonly { row: AppliedRow; migration: Migration }[],
): Promise<void> => {
  for (const { row, migration } of adopted) {
    if (named || row.noted !== undefined)
      await session.run(convertedSql(row, migration, { tables, named }));
    if (row.source !== undefined) continue;
    await session.rows(
      `insert into ${tables.applied} (name, drizzle_id, hash, source, applied_at, applied_by)
       values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), 'drizzle')
       on conflict (name) do update set drizzle_id = excluded.drizzle_id, hash = excluded.hash, source = excluded.source`,
      [migration.name, row.id, row.hash, migration.sql, row.createdAt],
    );
  }
};

/** The SQL that deletes the record of a migration whose down has run. */
export const forgetSql = (tables: Tables, name: string, drizzleId: number): string =>
  `delete from ${tables.drizzle} where id = ${drizzleId};
   delete from ${tables.applied} where name = ${literal(name)} or drizzle_id = ${drizzleId};
   delete from ${tables.progress} where name = ${literal(name)};`;

/** Every interrupted file, up or down. */
export const readProgress = async (session: Session, tables: Tables): Promise<Progress[]> => {
  const { own } = await tableState(session, tables);
  if (!own) return [];
  const rows = await session.rows<{
    name: string;
    hash: string;
    direction: string;
    done: number;
    begun: number | null;
  }>(`select name, hash, direction, done, begun from ${tables.progress} order by name`);
  return rows.map((row) => ({ ...row, direction: row.direction === 'down' ? 'down' : 'up' }));
};

/** The SQL that records a file's progress. */
export const progressSql = (tables: Tables, progress: Progress): string =>
  `insert into ${tables.progress} (name, hash, direction, done, begun)
   values (${literal(progress.name)}, '${progress.hash}', '${progress.direction}', ${progress.done}, ${progress.begun ?? 'null'})
   on conflict (name) do update set hash = excluded.hash, direction = excluded.direction,
     done = excluded.done, begun = excluded.begun;`;

/** The SQL that records an applied file's present text. */
export const rewriteSql = (tables: Tables, drizzleId: number, migration: Migration): string =>
  `begin;
   update ${tables.drizzle} set hash = '${migration.hash}' where id = ${drizzleId};
   insert into ${tables.applied} (name, drizzle_id, hash, source)
   values (${literal(migration.name)}, ${drizzleId}, '${migration.hash}', ${literal(migration.sql)})
   on conflict (name) do update set hash = excluded.hash, source = excluded.source, drizzle_id = excluded.drizzle_id;
   commit;`;

/** The SQL that records an applied file under its new name. */
export const renameSql = (
  drizzleId: number,
  migration: Migration,
  { tables, named }: Bookkeeping,
): string =>
  `begin;
   update ${tables.drizzle} set created_at = ${migration.createdAt}${named ? `, name = ${literal(migration.name)}` : ''} where id = ${drizzleId};
   update ${tables.applied} set name = ${literal(migration.name)} where drizzle_id = ${drizzleId};
   commit;`;

/** The SQL that records a squashed file in the place of the last of the rows that it replaces. */
export const replaceSql = (
  migration: Migration,
  rows: readonly AppliedRow[],
  { tables, named }: Bookkeeping,
): string => {
  const ids = rows.map(({ id }) => id);
  const place = Math.max(...ids);
  const name = literal(migration.name);
  return `begin;
   delete from ${tables.drizzle} where id in (${ids.join(', ')}) and id <> ${place};
   delete from ${tables.applied} where drizzle_id in (${ids.join(', ')});
   update ${tables.drizzle} set hash = '${migration.hash}', created_at = ${migration.createdAt}${named ? `, name = ${name}` : ''} where id = ${place};
   insert into ${tables.applied} (name, drizzle_id, hash, source)
   values (${name}, ${place}, '${migration.hash}', ${literal(migration.sql)});
   commit;`;
};

/** The SQL that drops the record of a migration without a file. */
export const forgetRowSql = (tables: Tables, drizzleId: number): string =>
  `begin;
   delete from ${tables.drizzle} where id = ${drizzleId};
   delete from ${tables.applied} where drizzle_id = ${drizzleId};
   commit;`;

/** The SQL that drops the second record of a migration, and keeps the first. */
export const forgetDuplicateSql = (tables: Tables, drizzleId: number): string =>
  `delete from ${tables.drizzle} where id = ${drizzleId};`;
