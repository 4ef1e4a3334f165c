import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { documentSource } from '../schema/index.ts';

/** The documents to search. */
export const searchFilter = z.strictObject({
  /** Only chunks of these documents. */
  documentIds: z.array(z.guid()).min(1).max(1000).optional(),
  /** Only documents of this source. */
  source: z.enum(documentSource.enumValues).optional(),
  /** Only documents whose metadata contain this object. */
  metadata: z.record(z.string(), z.json()).optional(),
});
export type SearchFilter = z.output<typeof searchFilter>;

/** The filter as further conditions on `document_chunks`; empty without one. */
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
