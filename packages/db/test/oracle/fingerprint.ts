import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../../src/index.ts';
import * as schema from '../../src/schema/index.ts';

/** A sum over every row of every table: equal before and after what changes nothing. */
export async function fingerprint(db: Db): Promise<unknown> {
  const tables = Object.values(schema).flatMap((one) =>
    is(one, PgTable) ? getTableName(one) : [],
  );
  const sums = tables.map(
    (name) => sql`select ${name}::text as name, count(*)::int as rows,
      coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from ${sql.identifier(name)} t`,
  );
  return db.execute(sql`${sql.join(sums, sql` union all `)} order by 1`);
}
