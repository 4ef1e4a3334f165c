import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getTableColumns } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import { encodeCopy, valueOrDefault } from './bulk-values.ts';
import { quoted } from './column-type.ts';
import { UsageError } from './errors.ts';
import { isGuarded } from './guarded-sql.ts';

const batchBytes = 64 * 1024;

/**
 * Streams rows into a table through COPY: the fastest way for very many new rows, in constant
 * memory. All or none are stored. Needs PostgreSQL 16 or newer.
 *
 * @param sql the client's `sql`, or a transaction's from `sql.begin`
 * @param columns the properties to send; a row without one gets the column's default
 * @returns how many rows were written
 * @throws UsageError for a handle that `createClient` did not make, because a lost server would end
 *   the process
 * @throws InvalidInputError naming the index and column of a value that can't be stored
 */
export async function copyRows<T extends PgTable>(
  sql: postgres.ISql,
  table: T,
  columns: readonly (keyof T['$inferInsert'] & string)[],
  rows: AsyncIterable<T['$inferInsert']> | Iterable<T['$inferInsert']>,
): Promise<number> {
  if (!isGuarded(sql))
    throw new UsageError("copyRows() needs the `sql` of a createClient's client.");
  const byProperty = new Map(Object.entries<PgColumn>(getTableColumns(table)));
  const targets = columns.map((property) => {
    const column = byProperty.get(property);
    if (!column) throw new UsageError(`The table has no column "${property}".`);
    return { property, column };
  });
  let count = 0;
  async function* lines() {
    let batch: string[] = [];
    let bytes = 0;
    for await (const row of rows) {
      const line = targets
        .map(({ property, column }) =>
          encodeCopy(column, valueOrDefault(column, Reflect.get(row, property)), count),
        )
        .join('\t');
      count++;
      batch.push(`${line}\n`);
      bytes += line.length + 1;
      if (bytes < batchBytes) continue;
      yield Buffer.from(batch.join(''));
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield Buffer.from(batch.join(''));
  }
  const { name, schema } = getTableConfig(table);
  const target = [...(schema ? [schema] : []), name].map(quoted).join('.');
  const names = targets.map(({ column }) => quoted(column.name)).join(', ');
  const stream = await sql
    .unsafe(`copy ${target} (${names}) from stdin with (default '\\D')`)
    .writable();
  await pipeline(Readable.from(lines()), stream);
  return count;
}
