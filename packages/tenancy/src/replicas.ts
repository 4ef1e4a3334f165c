import { type Database, UsageError } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Tenancy } from './tenancy.ts';
import type { TenancySchema, TenantTx } from './tenant-tx.ts';
import { runAsTenant } from './with-tenant.ts';

/** A place in the primary's write-ahead log, such as `0/16B3748`. */
export type WalPosition = string;

const position = z.string().regex(/^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i);

/**
 * Where the primary's log stands. Ask after a write has committed and keep the answer with the
 * user's session: `readTenant` with it sees that write.
 *
 * @throws UsageError on a distributed database, where the coordinator's log holds none of the writes
 */
export async function walPosition(tenancy: Tenancy): Promise<WalPosition> {
  if (tenancy.distributed) {
    throw new UsageError(
      'A distributed database has a log on each worker, and no position in one stands for all.',
    );
  }
  const [row] = await tenancy.db.execute(sql`select pg_current_wal_insert_lsn()::text as lsn`);
  return position.parse(row?.lsn);
}

/**
 * Runs `work` in a read-only transaction of one tenant, on a replica where there is one.
 *
 * @param options.after a replica that has not replayed this position yet is passed over, and the
 *   primary answers when all are behind: a user reads what the user wrote
 * @throws what `withTenant` throws; a write in `work` is refused by the server (25006)
 */
export async function readTenant<T>(
  tenancy: Tenancy,
  tenantId: string,
  work: (tx: TenantTx) => Promise<T>,
  { after }: { after?: WalPosition | undefined } = {},
): Promise<T> {
  const db = (await pickReplica(tenancy, after)) ?? tenancy.db;
  return runAsTenant(tenancy, db, tenantId, work, { standing: 'active', readOnly: true });
}

async function pickReplica(
  { replicas }: Tenancy,
  after: WalPosition | undefined,
): Promise<Database<TenancySchema> | undefined> {
  const first = Math.floor(Math.random() * replicas.length);
  const inTurn = [...replicas.slice(first), ...replicas.slice(0, first)];
  if (!after) return inTurn[0];
  const wanted = position.parse(after);
  for (const replica of inTurn) {
    const [row] = await replica.execute(
      sql`select pg_last_wal_replay_lsn() >= ${wanted}::pg_lsn as caught_up`,
    );
    if (row?.caught_up === true) return replica;
  }
  return undefined;
}
