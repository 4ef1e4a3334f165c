import { parseInput, transaction } from '@reference/kit';
import { and, asc, desc, eq, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { auditEntries, auditHeads, auditPseudonyms } from '../../schema/index.ts';

/**
 * Locks people's names in the audit trail until the transaction ends: writers of entries share the
 * lock, and the removal of a name holds it alone. It locks no rows, because that would need the
 * right to change them.
 */
export const lockNames = (userIds: readonly string[], mode: 'shared' | 'alone'): SQL =>
  sql`select ${sql.raw(mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')}(hash) from (
    select distinct hashtextextended('audit name ' || id, 0) as hash
    from unnest(${sql.param(userIds)}::text[]) id order by 1
  ) names`;

const pruneSchema = z.object({
  scope: z.string().min(1).max(200),
  before: z.date(),
  limit: z.int().min(1).max(50_000).default(5000),
});

/**
 * Deletes the oldest entries of a chain. The chain then starts at the hash of the last deleted one,
 * and records that; an earlier anchor still holds for the remaining entries.
 *
 * @param params.before deletes entries recorded earlier than this, by the database's clock
 * @param params.limit how many at most; default 5,000. Call again while as many were deleted
 * @returns how many were deleted
 */
export async function pruneAuditTrail(
  db: Db,
  params: z.input<typeof pruneSchema>,
): Promise<{ deleted: number }> {
  const { scope, before, limit } = parseInput(pruneSchema, params);
  return transaction(db, async (tx) => {
    // Locked first, so that the end of the range stands and two prunings follow one another.
    const [head] = await tx
      .select({ prunedPosition: auditHeads.prunedPosition })
      .from(auditHeads)
      .where(eq(auditHeads.scope, scope))
      .limit(1)
      .for('update');
    if (!head) return { deleted: 0 };
    const oldest = tx
      .select({
        position: auditEntries.position,
        hash: auditEntries.hash,
        recordedAt: auditEntries.recordedAt,
      })
      .from(auditEntries)
      .where(eq(auditEntries.scope, scope))
      .orderBy(asc(auditEntries.position))
      .limit(limit)
      .as('oldest');
    const [last] = await tx
      .select({ position: oldest.position, hash: oldest.hash })
      .from(oldest)
      .where(lt(oldest.recordedAt, before))
      .orderBy(desc(oldest.position))
      .limit(1);
    if (!last) return { deleted: 0 };
    await tx
      .update(auditHeads)
      .set({ prunedPosition: last.position, prunedHash: last.hash })
      .where(eq(auditHeads.scope, scope));
    await tx
      .delete(auditEntries)
      .where(and(eq(auditEntries.scope, scope), lte(auditEntries.position, last.position)));
    return { deleted: last.position - head.prunedPosition };
  });
}

/**
 * Takes a person's name out of the audit trail. Their entries keep a pseudonym that leads to
 * nobody, and lose the details of the rows before and after. Each loss is recorded, and the chain
 * still verifies.
 *
 * @returns how many entries lost their details
 */
export async function forgetInAuditTrail(
  db: Db,
  params: { userId: string },
): Promise<{ redacted: number }> {
  return transaction(db, async (tx) => {
    // Locked before the search, so that no entry follows it.
    await tx.execute(lockNames([params.userId], 'alone'));
    const { redacted } = await redactInAuditTrail(tx, params);
    await tx.delete(auditPseudonyms).where(eq(auditPseudonyms.userId, params.userId));
    return { redacted };
  });
}

const redactSchema = z.object({
  userId: z.string().min(1).max(200),
  batch: z.int().min(1).max(5000).default(500),
});

/**
 * Redacts the details in a person's entries and leaves the name: the first part of
 * `forgetInAuditTrail`, for a trail that is too long for one transaction. After a crash, call it
 * again.
 *
 * @param params.batch how many entries are read, and at most redacted, in one transaction; default 500
 * @returns how many entries lost their details
 */
export async function redactInAuditTrail(
  db: Db,
  params: z.input<typeof redactSchema>,
): Promise<{ redacted: number }> {
  const { userId, batch } = parseInput(redactSchema, params);
  const [person] = await db
    .select({ pseudonym: auditPseudonyms.pseudonym })
    .from(auditPseudonyms)
    .where(eq(auditPseudonyms.userId, userId))
    .limit(1);
  if (!person) return { redacted: 0 };
  let redacted = 0;
  for (const subject of [auditEntries.actorId, auditEntries.targetUserId]) {
    for (let after: Entry | undefined; ; ) {
      const found = await listEntries(db, { subject, name: person.pseudonym, after, batch });
      redacted += await redact(
        db,
        found.filter(({ hasDetails }) => hasDetails),
      );
      if (found.length < batch) break;
      after = found.at(-1);
    }
  }
  return { redacted };
}

interface Entry {
  readonly scope: string;
  readonly position: number;
  /** As text: a Date would round it. */
  readonly createdAt: string;
  readonly id: string;
}

const listEntries = (
  db: Db,
  {
    subject,
    name,
    after,
    batch,
  }: {
    subject: typeof auditEntries.actorId | typeof auditEntries.targetUserId;
    name: string;
    after: Entry | undefined;
    batch: number;
  },
) =>
  db
    .select({
      scope: auditEntries.scope,
      position: auditEntries.position,
      createdAt: sql<string>`${auditEntries.createdAt}::text`,
      id: auditEntries.id,
      hasDetails: sql<boolean>`${auditEntries.before} is not null or ${auditEntries.after} is not null`,
    })
    .from(auditEntries)
    .where(
      and(
        eq(subject, name),
        after &&
          sql`(${auditEntries.createdAt}, ${auditEntries.id}) > (${after.createdAt}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(auditEntries.createdAt, auditEntries.id)
    .limit(batch);

async function redact(
  db: Db,
  entries: readonly Pick<Entry, 'scope' | 'position'>[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const scopes = [...new Set(entries.map(({ scope }) => scope))];
  const theirs = entries.map(({ scope, position }) => sql`(${scope}, ${position}::bigint)`);
  return transaction(db, async (tx) => {
    // Locks heads in the same order as writers do.
    await tx
      .select({ scope: auditHeads.scope })
      .from(auditHeads)
      .where(inArray(auditHeads.scope, scopes))
      .orderBy(auditHeads.scope)
      .for('update');
    const redacted = await tx
      .update(auditEntries)
      .set({ before: null, after: null })
      .where(
        and(
          sql`(${auditEntries.scope}, ${auditEntries.position}) in (${sql.join(theirs, sql`, `)})`,
          isNull(auditEntries.redactedAt),
        ),
      )
      .returning({ position: auditEntries.position });
    return redacted.length;
  });
}
