import { keyset, listPage } from '@reference/kit';
import { and, asc, eq, getTableColumns, gte, inArray, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { PostgresDatabase, PostgresTransaction } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import type { Page, PageParams } from '../page.ts';
import { entityColumns, type VendorTable } from './entity-columns.ts';
import { rowProblem } from './row-problem.ts';
import { type UpsertResult, upsertVendorRows } from './upsert.ts';

type Ours = 'connectorConfigId' | 'createdAt' | 'updatedAt';
type Field<T extends VendorTable> = Extract<keyof T['$inferSelect'], string>;

/** A row from a vendor's module. An absent field keeps its value; null clears it. */
export type EntityInput<T extends VendorTable> = Omit<T['$inferInsert'], Ours>;

/** Parameters of a sync list: the changes in one of a user's connections, oldest first. */
export interface GetParams extends PageParams, OwnConnection {
  /** Only rows that we wrote at this time or later. */
  readonly updatedSince?: Date | undefined;
}

export interface EntityOptions<
  T extends VendorTable,
  Heavy extends Field<T>,
  Filter extends Field<T>,
> {
  /** The field of the vendor's id. */
  readonly key: Field<T>;
  /** The field of the vendor's own time of change: an older row never replaces a newer one. */
  readonly version?: Field<T>;
  /** Fields that a list does not select; `getOne` does. */
  readonly heavy?: readonly Heavy[];
  /** Fields that a list filters on, each with an index (connection, field, updated_at, key). */
  readonly filters?: readonly Filter[];
  readonly patterns?: { readonly [F in Field<T>]?: RegExp };
}

/**
 * Builds a vendor table's functions from its Drizzle table: `upsert`, `get` and `getOne`, which a
 * vendor's module names, and those that an ingest needs to merge.
 */
export function defineEntity<
  T extends VendorTable,
  const Heavy extends Field<T> = never,
  const Filter extends Field<T> = never,
>(table: T, options: EntityOptions<T, Heavy, Filter>) {
  const entity = entityColumns(table, options);
  const all: Record<string, PgColumn> = getTableColumns<PgTable>(table);
  const heavy = new Set<string>(options.heavy);
  const listed = Object.fromEntries(Object.entries(all).filter(([field]) => !heavy.has(field)));
  const keyColumn = columnOf(all, options.key);
  const order = keyset([{ column: table.updatedAt }, { column: keyColumn }]);

  type Whole = T['$inferSelect'];
  type Listed = Omit<Whole, Heavy>;

  /** See `upsertVendorRows`. */
  async function upsert(
    db: PostgresDatabase,
    connectorConfigId: string,
    rows: Iterable<EntityInput<T>> | AsyncIterable<EntityInput<T>>,
  ): Promise<UpsertResult> {
    return upsertVendorRows(db, entity, connectorConfigId, rows);
  }

  /**
   * Lists the rows of a user's connection in the order in which we last wrote them.
   * @throws InvalidInputError when the cursor is damaged or the limit out of range
   */
  async function get(
    db: PostgresDatabase,
    params: GetParams & { readonly [F in Filter]?: Whole[F] | undefined },
  ): Promise<Page<Listed>> {
    const conditions: (SQL | undefined)[] = [inOwnConnection(table.connectorConfigId, params)];
    for (const filter of options.filters ?? []) {
      const value = params[filter];
      if (value !== undefined) conditions.push(eq(columnOf(all, filter), value));
    }
    if (params.updatedSince) conditions.push(gte(table.updatedAt, params.updatedSince));
    const { items, nextCursor } = await listPage(
      order,
      { after: params.cursor, limit: params.limit },
      (seek) =>
        db
          .select({ ...listed, ...seek.select })
          .from<PgTable>(table)
          .where(and(...conditions, seek.where))
          .orderBy(...seek.orderBy)
          .limit(seek.limit),
    );
    return { items: items as Listed[], nextCursor };
  }

  /**
   * Gets one row with all of its columns; undefined when the user's connection has none of that id.
   */
  async function getOne(
    db: PostgresDatabase,
    params: OwnConnection & { readonly id: string },
  ): Promise<Whole | undefined> {
    const [row] = await db
      .select(all)
      .from<PgTable>(table)
      .where(and(inOwnConnection(table.connectorConfigId, params), eq(keyColumn, params.id)))
      .limit(1);
    return row as Whole | undefined;
  }

  /**
   * Locks the stored rows of some ids until the transaction ends, in the order in which upserts
   * lock.
   * @param ids 1,000 at most
   */
  async function lockMany(
    tx: PostgresTransaction,
    connectorConfigId: string,
    ids: readonly string[],
  ): Promise<Whole[]> {
    const rows = await tx
      .select(all)
      .from<PgTable>(table)
      .where(and(eq(table.connectorConfigId, connectorConfigId), inArray(keyColumn, [...ids])))
      .orderBy(asc(sql`${keyColumn} collate "C"`))
      .limit(1_000)
      .for('update');
    return rows as Whole[];
  }

  return {
    upsert,
    get,
    getOne,
    lockMany,
    /** Why a row cannot be stored, or undefined when it can. */
    problemOf: (row: EntityInput<T>) => rowProblem(entity, row),
    /** The fields that a caller fills. */
    fields: entity.columns.map(({ field }) => field),
  };
}

function columnOf(columns: Record<string, PgColumn>, field: string): PgColumn {
  const column = columns[field];
  if (!column) throw new Error(`The table has no column for ${field}.`);
  return column;
}
