import { type SQL, sql } from 'drizzle-orm';

/**
 * Locks people's names in the audit trail until the transaction ends: shared by those who write entries,
 * alone by whoever takes a name away. Not the rows: that would need the right to change them.
 */
export const lockNames = (userIds: readonly string[], mode: 'shared' | 'alone'): SQL =>
  sql`select ${sql.raw(mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')}(hash) from (
    select distinct hashtextextended('audit name ' || id, 0) as hash
    from unnest(${sql.param(userIds)}::text[]) id order by 1
  ) names`;
