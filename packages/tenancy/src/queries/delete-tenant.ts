import { and, eq, inArray } from 'drizzle-orm';
import {
  conversations,
  documentChunks,
  documents,
  messages,
  tenants,
  users,
} from '../schema/index.ts';
import type { Tenancy } from '../tenancy.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { withTenant } from '../with-tenant.ts';
import { suspendTenant } from './tenants.ts';

// Children first, so that no batch waits for a cascade of unknown size.
const tables = [documentChunks, documents, messages, conversations, users];
type OwnTable = (typeof tables)[number];

interface DeleteOptions {
  batchSize?: number;
  onProgress?: (progress: { deleted: number }) => void;
}

/**
 * Deletes a tenant and all of its rows. It suspends the tenant, deletes its rows in batches, each
 * in a transaction of its own, and at last the tenant with any rows written meanwhile. After a
 * crash the same call goes on.
 *
 * @param options.batchSize rows of one transaction, default 1,000
 * @param options.onProgress called after each batch with the number of deleted rows
 * @throws NotFoundError for an unknown tenant
 */
export async function deleteTenant(
  tenancy: Tenancy,
  tenantId: string,
  options: DeleteOptions = {},
): Promise<void> {
  await suspendTenant(tenancy, tenantId);
  await deleteTenantRows(tenancy, tenantId, tables, options);
  await withTenant(
    tenancy,
    tenantId,
    (tx) => tx.db.delete(tenants).where(eq(tenants.id, tx.tenantId)),
    { evenSuspended: true },
  );
}

/**
 * Deletes a tenant's rows of some tables, children first, each batch in a transaction of its own.
 */
export async function deleteTenantRows(
  tenancy: Tenancy,
  tenantId: string,
  from: readonly OwnTable[],
  { batchSize = 1000, onProgress }: DeleteOptions = {},
): Promise<void> {
  let deleted = 0;
  for (const table of from) {
    for (;;) {
      const gone = await withTenant(tenancy, tenantId, (tx) => deleteBatch(tx, table, batchSize), {
        evenSuspended: true,
      });
      deleted += gone;
      if (gone > 0) onProgress?.({ deleted });
      if (gone < batchSize) break;
    }
  }
}

async function deleteBatch(tx: TenantTx, table: OwnTable, batchSize: number): Promise<number> {
  const batch = tx.db
    .select({ id: table.id })
    .from(table)
    .where(eq(table.tenantId, tx.tenantId))
    .orderBy(table.id)
    .limit(batchSize);
  const rows = await tx.db
    .delete(table)
    .where(and(eq(table.tenantId, tx.tenantId), inArray(table.id, batch)))
    .returning({ id: table.id });
  return rows.length;
}
