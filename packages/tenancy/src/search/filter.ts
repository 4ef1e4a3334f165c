import { type SQL, sql } from 'drizzle-orm';
import type { SearchFilter } from '../queries/search.ts';

/** The filter as further conditions on `document_chunks`; nothing without one. */
export function filterOf(tenantId: string, { documentIds, source, metadata }: SearchFilter): SQL {
  const conditions: SQL[] = [];
  if (documentIds) {
    conditions.push(sql`and document_id = any(${`{${documentIds.join(',')}}`}::uuid[])`);
  }
  if (source !== undefined || metadata !== undefined) {
    const bySource = source === undefined ? sql`` : sql`and source = ${source}`;
    const byMetadata =
      metadata === undefined
        ? sql``
        : sql`and metadata @> ${JSON.stringify(metadata)}::text::jsonb`;
    conditions.push(
      sql`and document_id in (select id from documents where tenant_id = ${tenantId} ${bySource} ${byMetadata})`,
    );
  }
  return sql.join(conditions, sql` `);
}
