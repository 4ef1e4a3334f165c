import { parseInput } from '@reference/kit';
import { and, asc, desc, eq, gt, inArray, lt, notLike, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { AuditAnchor } from '../../../db/src/queries/audit/chain.ts';
import { lockNames } from '../../../db/src/queries/audit/retention.ts';
import { type Database, executeRows, type Transaction, transaction } from '../database.ts';
import { auditEntries, auditHeads, auditPseudonyms } from '../schema/audit-trail.ts';

const id = z.string().min(1).max(200);
/** The row before or after the act; at most 16 KB. */
const details = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= 16_000, 'must be at most 16 KB')
  .nullish();
const newEntry = z.object({
  scope: id,
  action: z
    .string()
    .max(100)
    .regex(/^[a-z]+(\.[a-z]+)+$/, 'must look like user.promote')
    .refine((action) => !action.startsWith('audit.'), 'must not be one of the trail itself'),
  actorId: id.nullish(),
  subjectId: id.nullish(),
  targetUserId: id.nullish(),
  before: details,
  after: details,
  createdAt: z.date().optional(),
});
const newEntries = z.array(newEntry).max(1000);

/**
 * Appends records of who did what to the audit trail, all or none. Call it in the transaction of the
 * act, and last: writers of the same scope wait for one another until they commit.
 *
 * @param params.entries at most 1,000; `createdAt` is when it was done, default now, and the database's
 *   own clock is kept beside it. `actorId` and `targetUserId` are ids of persons who exist: they are
 *   stored as pseudonyms
 * @returns how many were appended
 * @throws InvalidInputError naming the wrong entries by number, and no value
 */
export async function appendAuditEntries(
  db: Database,
  params: { entries: z.input<typeof newEntries> },
): Promise<number> {
  const entries = parseInput(newEntries, params.entries);
  if (entries.length === 0) return 0;
  return transaction(db, async (tx) => {
    const names = await pseudonymsOf(
      tx,
      entries.flatMap(({ actorId, targetUserId }) => [actorId, targetUserId]),
    );
    const nameOf = (person: string | null | undefined) => (person ? names.get(person) : null);
    const named = entries.map((entry) => ({
      ...entry,
      actorId: nameOf(entry.actorId),
      targetUserId: nameOf(entry.targetUserId),
    }));
    // In one order in every transaction, so that two that write to the same scopes cannot deadlock.
    named.sort((one, other) => (one.scope < other.scope ? -1 : Number(one.scope > other.scope)));
    await tx.insert(auditEntries).values(named);
    return named.length;
  });
}

/** The pseudonyms of persons, made where there is none yet. One who is being erased waits, or is gone. */
async function pseudonymsOf(
  tx: Transaction,
  persons: readonly (string | null | undefined)[],
): Promise<Map<string, string>> {
  const ids = [...new Set(persons.filter((person) => person != null))].sort();
  if (ids.length === 0) return new Map();
  await executeRows(tx, lockNames(ids, 'shared'));
  const known = await findPseudonyms(tx, ids);
  if (known.size === ids.length) return known;
  await tx
    .insert(auditPseudonyms)
    .values(ids.filter((one) => !known.has(one)).map((userId) => ({ userId })))
    .onConflictDoNothing({ target: auditPseudonyms.userId });
  // Another writer may have made one meanwhile: read what stands.
  return findPseudonyms(tx, ids);
}

async function findPseudonyms(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx
    .select({ userId: auditPseudonyms.userId, pseudonym: auditPseudonyms.pseudonym })
    .from(auditPseudonyms)
    .where(inArray(auditPseudonyms.userId, [...ids]))
    .limit(ids.length);
  return new Map(rows.map(({ userId, pseudonym }) => [userId, pseudonym]));
}

const listing = z.object({
  scope: id,
  before: z.int().min(1).optional(),
  limit: z.int().min(1).max(200).default(50),
});

/** An entry as it is read: persons by their id, or by pseudonym once they are erased. */
export interface AuditedAct {
  readonly position: number;
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectId: string | null;
  readonly targetUserId: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly createdAt: Date;
}

/**
 * What happened in a scope, latest first, without the trail's records of its own.
 *
 * @param params.before continue below this position, the last one of an earlier page
 * @param params.limit 1 to 200; default 50
 */
export async function listAuditEntries(
  db: Database,
  params: z.input<typeof listing>,
): Promise<AuditedAct[]> {
  const { scope, before, limit } = parseInput(listing, params);
  return db
    .select({
      position: auditEntries.position,
      actorId: personOf(auditEntries.actorId),
      action: auditEntries.action,
      subjectId: auditEntries.subjectId,
      targetUserId: personOf(auditEntries.targetUserId),
      before: auditEntries.before,
      after: auditEntries.after,
      createdAt: auditEntries.createdAt,
    })
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.scope, scope),
        before === undefined ? undefined : lt(auditEntries.position, before),
        notLike(auditEntries.action, 'audit.%'),
      ),
    )
    .orderBy(desc(auditEntries.position))
    .limit(limit);
}

const personOf = (pseudonym: PgColumn): SQL<string | null> =>
  sql<string | null>`coalesce((select p."userId" from ${auditPseudonyms} p
    where p.pseudonym = ${pseudonym}), ${pseudonym})`;

const anchorPage = z.object({
  after: id.optional(),
  limit: z.int().min(1).max(1000).default(500),
});

/**
 * The present end of every chain, by scope. Store them where whoever can write this database cannot: an
 * entry that is in an anchor can no longer change unseen.
 *
 * @param params.after continue behind this scope, the last one of an earlier page
 * @param params.limit 1 to 1,000; default 500
 */
export async function listAuditAnchors(
  db: Database,
  params: z.input<typeof anchorPage> = {},
): Promise<AuditAnchor[]> {
  const { after, limit } = parseInput(anchorPage, params);
  return db
    .select({ scope: auditHeads.scope, position: auditHeads.position, hash: auditHeads.hash })
    .from(auditHeads)
    .where(after === undefined ? undefined : gt(auditHeads.scope, after))
    .orderBy(asc(auditHeads.scope))
    .limit(limit);
}
