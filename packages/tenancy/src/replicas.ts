import {
  pickReplica,
  walPosition as positionOf,
  UsageError,
  type WalPosition,
} from '@reference/kit';
import type { Tenancy } from './tenancy.ts';
import type { TenantTx } from './tenant-tx.ts';
import { runAsTenant } from './with-tenant.ts';

export type { WalPosition };

/**
 * The current position of the primary's log. Read it after a write has committed and keep it with
 * the user's session: `readTenant` with it sees that write.
 *
 * @throws UsageError on a distributed database, where the coordinator's log holds none of the writes
 */
export async function walPosition(tenancy: Tenancy): Promise<WalPosition> {
  if (tenancy.distributed) {
    throw new UsageError(
      'A distributed database has a log on each worker, and no position in one stands for all.',
    );
  }
  return positionOf(tenancy.db);
}

/**
 * Runs `work` in a read-only transaction of one tenant, on a replica if there is one.
 *
 * @param options.after skips replicas that have not replayed this position, and falls back to the
 *   primary, so that users read their own writes
 * @throws the errors of `withTenant`; the server refuses a write in `work` (25006)
 */
export async function readTenant<T>(
  tenancy: Tenancy,
  tenantId: string,
  work: (tx: TenantTx) => Promise<T>,
  { after }: { after?: WalPosition | undefined } = {},
): Promise<T> {
  const db = (await pickReplica(tenancy.replicas, after)) ?? tenancy.db;
  return runAsTenant(tenancy, db, tenantId, work, { standing: 'active', readOnly: true });
}
