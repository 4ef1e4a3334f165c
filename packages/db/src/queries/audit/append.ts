import { createHash } from 'node:crypto';
import { insertChunked, parseInput, transaction } from '@reference/kit';
import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { createLogId } from '../../schema/columns.ts';
import {
  auditEntries,
  auditPseudonyms,
  insertActivityLogSchema,
  users,
} from '../../schema/index.ts';
import { lockNames } from './retention.ts';

const linesSchema = z.array(insertActivityLogSchema);
type Line = z.output<typeof linesSchema>[number];

const accountScopes = 16;

/**
 * Appends records of acts to the audit trail, all or none. Call it in the transaction of the act,
 * and last: writers of the same drive wait for one another until they commit.
 *
 * @param params.lines a line's `createdAt` is the time of the act; default now. The database's own
 *   clock is stored beside it. A line that names someone without an account loses its details
 * @returns how many were appended
 * @throws InvalidInputError naming the wrong lines by number, and no value
 */
export async function appendActivityLogs(
  db: Db,
  params: { lines: z.input<typeof linesSchema> },
): Promise<number> {
  const lines = parseInput(linesSchema, params.lines);
  if (lines.length === 0) return 0;
  return transaction(db, async (tx) => {
    const pseudonyms = await pseudonymsOf(tx, lines);
    const entries = lines.map((line) => namedBy(pseudonyms, line));
    // In one order in every transaction, so that two that write to the same scopes cannot deadlock.
    entries.sort((one, other) => (one.scope < other.scope ? -1 : Number(one.scope > other.scope)));
    return insertChunked(tx, auditEntries, entries);
  });
}

/**
 * A line as stored. An act by or on an erased person keeps its time, under a name used nowhere
 * else.
 */
function namedBy(pseudonyms: ReadonlyMap<string, string>, line: Line) {
  const nameOf = (id: string | null | undefined) => id && (pseudonyms.get(id) ?? createLogId());
  const isErased = [line.actorId, line.targetUserId].some((id) => id && !pseudonyms.has(id));
  return {
    ...line,
    scope: scopeOf(line),
    actorId: nameOf(line.actorId),
    targetUserId: nameOf(line.targetUserId),
    ...(isErased && { before: null, after: null }),
  };
}

/**
 * The chain of a line: its drive's, else one of sixteen by the account. It must not reveal the
 * account, because an erased person's entries no longer may.
 */
function scopeOf({ driveId, targetUserId, actorId }: Line): string {
  if (driveId) return `drive ${driveId}`;
  const digest = createHash('sha256')
    .update(targetUserId ?? actorId ?? '')
    .digest();
  return `accounts ${(digest[0] ?? 0) % accountScopes}`;
}

/**
 * The pseudonyms of everyone whom the lines name, created if missing. A concurrent erasure waits
 * for this transaction, or ends before it goes on.
 */
async function pseudonymsOf(tx: Tx, lines: readonly Line[]): Promise<Map<string, string>> {
  const named = lines.flatMap(({ actorId, targetUserId }) => [actorId, targetUserId]);
  const ids = [...new Set(named.filter((id) => id != null))].sort();
  if (ids.length === 0) return new Map();
  await tx.execute(lockNames(ids, 'shared'));
  const known = await findPseudonyms(tx, ids);
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  const people = await tx
    .select({ userId: users.id })
    .from(users)
    .where(inArray(users.id, missing))
    .limit(missing.length);
  if (people.length === 0) return known;
  await tx
    .insert(auditPseudonyms)
    .values(people)
    .onConflictDoNothing({ target: auditPseudonyms.userId });
  // Read again, because another writer may have created one meanwhile.
  return findPseudonyms(tx, ids);
}

async function findPseudonyms(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .select({ userId: auditPseudonyms.userId, pseudonym: auditPseudonyms.pseudonym })
    .from(auditPseudonyms)
    .where(inArray(auditPseudonyms.userId, [...ids]))
    .limit(ids.length);
  return new Map(rows.map(({ userId, pseudonym }) => [userId, pseudonym]));
}
