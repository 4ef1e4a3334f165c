import { ConflictError, InvalidInputError } from '@reference/kit';
import type { ISql } from 'postgres';
import { type DistributedTable, distributionObstacles, distributionPlan } from './distribution.ts';
import { markTextMatchLeakproof, restoreStorage } from './nodes.ts';
import { withoutForcedRowSecurity } from './without-force.ts';

/**
 * Distributes the tables over a Citus cluster: `tenants` by `id`, every other table by `tenant_id`,
 * each tenant's rows of all tables together on one node. It reads the tables and their order from
 * the catalog. It is idempotent: it skips distributed tables, so a second call continues an
 * interrupted run. Afterwards it restores settings that distribution loses on the nodes;
 * `clusterProblems` names those that it could not restore.
 *
 * @param sql the coordinator, as the owner of the tables; not in a transaction
 * @param options.onTable called before each table
 * @returns the tables that this call has distributed
 * @throws ConflictError naming each key, foreign key or policy that a distributed table can't have
 * @throws InvalidInputError if the extension is missing
 */
export async function distribute(
  sql: ISql,
  { onTable }: { onTable?: (table: DistributedTable) => void } = {},
): Promise<string[]> {
  const obstacles = await distributionObstacles(sql);
  if (obstacles.length > 0) {
    const list = obstacles.map(({ table, object, problem }) => `${table}: ${object} ${problem}`);
    throw new ConflictError(`The tables can't be distributed. ${list.join('; ')}.`);
  }
  const extension = await sql`select 1 from pg_extension where extname = 'citus'`;
  if (extension.length === 0) {
    throw new InvalidInputError(
      'This server has no Citus extension. Run CREATE EXTENSION citus on the coordinator, and add the workers.',
    );
  }
  const done: string[] = [];
  await withoutForcedRowSecurity(sql, async () => {
    for (const table of await distributionPlan(sql)) {
      if (table.distributed) continue;
      onTable?.(table);
      await sql.unsafe(distributeStatement(table));
      done.push(table.table);
    }
  });
  await restoreStorage(sql);
  await markTextMatchLeakproof(sql);
  return done;
}

/** The statement that distributes one table, colocated with `tenants`. */
export function distributeStatement({ table, column }: DistributedTable): string {
  const place = table === 'tenants' ? `shard_count => 32` : `colocate_with => 'tenants'`;
  return `select create_distributed_table('${table}', '${column}', ${place})`;
}
