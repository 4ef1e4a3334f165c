import { and, asc, eq, getTableColumns, getTableName, gt } from 'drizzle-orm';
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

/** One row of an export; `table` and the row's keys are the schema's names. */
export interface ExportedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const pageSize = 500;

/**
 * Exports every row of a tenant, also a suspended one, from one snapshot. It reads 500 rows at a
 * time, so memory stays small, and omits computed columns: embeddings and search vectors.
 *
 * @param write called for each row, parents before children; the next page waits for it
 * @returns how many rows were written
 * @throws the errors of `withTenant` and of `write`
 */
export async function exportTenant(
  tenancy: Tenancy,
  tenantId: string,
  write: (row: ExportedRow) => void | Promise<void>,
): Promise<number> {
  return withTenant(
    tenancy,
    tenantId,
    async (tx) => {
      let written = 0;
      const { ...tenantColumns } = getTableColumns(tenants);
      for (const row of await tx.db
        .select(tenantColumns)
        .from(tenants)
        .where(eq(tenants.id, tenantId))) {
        await write({ table: getTableName(tenants), row });
        written += 1;
      }
      for (const table of [users, conversations, messages, documents, documentChunks]) {
        written += await exportTable(tx, table, write);
      }
      return written;
    },
    { isolation: 'repeatable read', readOnly: true, evenSuspended: true, retries: 0 },
  );
}

const computed = new Set(['embedding', 'nextEmbedding', 'nextEmbeddingModel', 'searchVector']);

async function exportTable(
  tx: TenantTx,
  table:
    | typeof users
    | typeof conversations
    | typeof messages
    | typeof documents
    | typeof documentChunks,
  write: (row: ExportedRow) => void | Promise<void>,
): Promise<number> {
  const columns = Object.fromEntries(
    Object.entries(getTableColumns(table)).filter(([name]) => !computed.has(name)),
  );
  let written = 0;
  let after: string | undefined;
  for (;;) {
    const rows = await tx.db
      .select({ ...columns, id: table.id })
      .from(table)
      .where(
        and(eq(table.tenantId, tx.tenantId), after === undefined ? undefined : gt(table.id, after)),
      )
      .orderBy(asc(table.id))
      .limit(pageSize);
    for (const row of rows) await write({ table: getTableName(table), row });
    written += rows.length;
    if (rows.length < pageSize) return written;
    after = rows.at(-1)?.id;
  }
}
