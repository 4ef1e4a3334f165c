import { getTableColumns, is, type SQL, sql } from 'drizzle-orm';
import { type PgColumn, PgJson, type PgTable } from 'drizzle-orm/pg-core';
import { columnList, groupRows, type RowGroup, recordset } from './bulk-rows.ts';
import { quoted } from './column-type.ts';
import type { Database } from './database.ts';
import { InvalidInputError, UsageError } from './errors.ts';
import { executeRows } from './execute-rows.ts';
import { transaction } from './transaction.ts';

/** Counts of an upsert's distinct rows by outcome. */
export interface UpsertResult {
  readonly inserted: number;
  readonly updated: number;
  /** Already stored with the same values, and not written again. */
  readonly unchanged: number;
}

/**
 * Inserts rows, or updates those whose key is stored, in one transaction. A row whose values are
 * stored already is not written: it keeps its `updatedAt` and makes no dead tuple.
 *
 * A row may leave columns out: they get their default when it is inserted, and stay as they are
 * when it is updated. Columns with `$onUpdate` are set on update and don't count as a change. If
 * several rows have one key, the last wins.
 *
 * @param rows what Drizzle's `insert().values()` takes, except SQL expressions
 * @param options.conflict the columns of the unique index or constraint that identifies a row
 * @throws InvalidInputError naming the index and column of a value that can't be stored or is missing
 */
export async function upsertRows<S extends Record<string, unknown>, T extends PgTable>(
  db: Database<S>,
  table: T,
  rows: readonly T['$inferInsert'][],
  { conflict }: { readonly conflict: readonly PgColumn[] },
): Promise<UpsertResult> {
  const keys = conflict.map((column) => keyOf(table, column));
  const groups = groupRows(table, lastOfEachKey(rows, keys));
  const total = { inserted: 0, updated: 0, unchanged: 0 };
  if (groups.length === 0) return total;
  await transaction(db, async (tx) => {
    Object.assign(total, { inserted: 0, updated: 0, unchanged: 0 });
    for (const group of groups) {
      for (const chunk of group.chunks) {
        const [counts] = await executeRows<{ read: number; inserted: number; updated: number }>(
          tx,
          upsertStatement(table, conflict, group, chunk),
        );
        if (!counts) throw new TypeError('An upsert returned no counts.');
        total.inserted += counts.inserted;
        total.updated += counts.updated;
        total.unchanged += counts.read - counts.inserted - counts.updated;
      }
    }
  });
  return total;
}

function upsertStatement(
  table: PgTable,
  conflict: readonly PgColumn[],
  { columns, given }: RowGroup,
  chunk: string,
): SQL {
  const changing = given.filter((column) => !conflict.includes(column) && !column.onUpdateFn);
  const touched = Object.values<PgColumn>(getTableColumns(table)).filter(
    ({ onUpdateFn }) => onUpdateFn,
  );
  const names = columnList(columns);
  // Sorted by key, so that two calls over the same rows wait for each other instead of deadlocking.
  const action =
    changing.length === 0
      ? sql`do nothing`
      : sql`do update set ${assignments([...changing, ...touched], given)} where ${difference(changing)}`;
  return sql`
    with input as materialized (select ${names} from ${recordset(columns, chunk)}),
    written as (
      insert into ${table} as stored (${names})
      select ${names} from input order by ${columnList(conflict)}
      on conflict (${columnList(conflict)}) ${action}
      returning (stored.xmax = 0) as inserted
    )
    select (select count(*)::int from input) as read,
           count(*) filter (where inserted)::int as inserted,
           count(*) filter (where not inserted)::int as updated
    from written`;
}

function assignments(columns: readonly PgColumn[], given: readonly PgColumn[]): SQL {
  const parts = columns.map((column) => {
    const name = sql.raw(quoted(column.name));
    const made = given.includes(column) ? undefined : column.onUpdateFn?.();
    return made === undefined
      ? sql`${name} = excluded.${name}`
      : sql`${name} = ${sql.param(made, column)}`;
  });
  return sql.join(parts, sql`, `);
}

function difference(columns: readonly PgColumn[]): SQL {
  const parts = columns.map((column) => {
    const name = quoted(column.name);
    // `json` has no equality; as jsonb it has.
    const cast = is(column, PgJson) ? '::jsonb' : '';
    return sql.raw(`stored.${name}${cast} is distinct from excluded.${name}${cast}`);
  });
  return sql.join(parts, sql` or `);
}

function keyOf(table: PgTable, column: PgColumn): string {
  const entry = Object.entries<PgColumn>(getTableColumns(table)).find(
    ([, candidate]) => candidate === column,
  );
  if (entry) return entry[0];
  throw new UsageError(`Column "${column.name}" does not belong to this table.`);
}

function lastOfEachKey<R extends object>(rows: readonly R[], keys: readonly string[]): R[] {
  const byKey = new Map<string, R>();
  for (const [index, row] of rows.entries()) {
    const values = keys.map((key): unknown => Reflect.get(row, key));
    if (values.some((value) => value === undefined || value === null)) {
      throw new InvalidInputError(
        `Row ${index} is missing the conflict column ${keys.map((key) => `"${key}"`).join(' or ')}.`,
      );
    }
    byKey.set(JSON.stringify(values.map(keyText)), row);
  }
  return [...byKey.values()];
}

const keyText = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value));
