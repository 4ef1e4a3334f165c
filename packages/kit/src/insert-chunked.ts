import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { columnList, groupRows, recordset } from './bulk-rows.ts';
import type { Database } from './database.ts';
import { transaction } from './transaction.ts';

/**
 * Inserts any number of rows in one transaction: all or none. Not bound by the 65,534 parameters of
 * a statement, since the rows travel as JSON in one of them.
 *
 * @param rows what Drizzle's `insert().values()` takes, except SQL expressions
 * @returns how many rows were inserted
 * @throws InvalidInputError naming the index and column of a value that can't be stored
 */
export async function insertChunked<S extends Record<string, unknown>, T extends PgTable>(
  db: Database<S>,
  table: T,
  rows: readonly T['$inferInsert'][],
): Promise<number> {
  const groups = groupRows(table, rows);
  if (groups.length === 0) return 0;
  await transaction(db, async (tx) => {
    for (const { columns, chunks } of groups) {
      for (const chunk of chunks) {
        await tx.execute(
          sql`insert into ${table} (${columnList(columns)}) select ${columnList(columns)} from ${recordset(columns, chunk)}`,
        );
      }
    }
  });
  return rows.length;
}
