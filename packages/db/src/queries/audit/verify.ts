import { parseInput, transaction } from '@reference/kit';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { auditEntries, auditGenesis, auditHeads } from '../../schema/index.ts';
import { type AuditAnchor, anchorSchema, type BrokenEntry, ChainReader } from './chain.ts';
import { entryHash, hashedColumns } from './entry-hash.ts';

export interface AuditReport {
  readonly scope: string;
  /** How many entries were read. */
  readonly entries: number;
  /** How many of them lost their details, with a record of that. */
  readonly redacted: number;
  /** Entries up to here were pruned, with a record of that; 0 for none. */
  readonly prunedPosition: number;
  /** The chain's end, for the next anchor; undefined for a scope without entries. */
  readonly anchor: AuditAnchor | undefined;
  /** Undefined when every entry is as it was written. */
  readonly broken: BrokenEntry | undefined;
}

const paramsSchema = z.object({
  scope: z.string().min(1).max(200),
  anchors: z.array(anchorSchema).max(1000).default([]),
});
const batch = 1000;

/**
 * Reads a scope's chain from its first entry to its last, recomputes every hash, and names the
 * first entry that does not fit. It hashes in this program, so a changed function in the database
 * deceives nobody. Anyone who can write the database could also recompute every later hash, or cut
 * off the end; only an anchor that is stored elsewhere reveals that.
 *
 * @param params.anchors earlier ends of this chain, each of which must still be in it; anchors of
 *   other chains are ignored. One in the pruned range counts as good
 * @throws InvalidInputError for a malformed scope or anchor
 */
export async function verifyAuditTrail(
  db: Db,
  params: z.input<typeof paramsSchema>,
): Promise<AuditReport> {
  const { scope, anchors } = parseInput(paramsSchema, params);
  // One snapshot: head and entries of the same moment.
  return transaction(
    db,
    async (tx) => {
      const [head] = await tx
        .select({
          position: auditHeads.position,
          hash: auditHeads.hash,
          prunedPosition: auditHeads.prunedPosition,
          prunedHash: auditHeads.prunedHash,
        })
        .from(auditHeads)
        .where(eq(auditHeads.scope, scope))
        .limit(1);
      const start = head ?? {
        position: 0,
        hash: auditGenesis,
        prunedPosition: 0,
        prunedHash: auditGenesis,
      };
      const chain = new ChainReader<Entry>(start, entryHash);
      for (const anchor of anchors) if (anchor.scope === scope) chain.expect(anchor);
      for (;;) {
        const rows = await readEntries(tx, scope, chain.position);
        for (const row of rows) chain.read(row);
        if (rows.length < batch || chain.broken) break;
      }
      chain.end(start.position, start.hash);
      return {
        scope,
        entries: chain.entries,
        redacted: chain.redacted,
        prunedPosition: start.prunedPosition,
        anchor: head && { scope, position: head.position, hash: head.hash },
        broken: chain.broken,
      };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

type Entry = Awaited<ReturnType<typeof readEntries>>[number];

function readEntries(tx: Tx, scope: string, after: number) {
  return tx
    .select({
      ...hashedColumns,
      position: auditEntries.position,
      action: auditEntries.action,
      // As text, because the hash is over text.
      before: sql<string | null>`${auditEntries.before}::text`,
      after: sql<string | null>`${auditEntries.after}::text`,
      salt: auditEntries.salt,
      detailsHash: auditEntries.detailsHash,
      redactedAt: auditEntries.redactedAt,
      recordedAt: auditEntries.recordedAt,
      previousHash: auditEntries.previousHash,
      hash: auditEntries.hash,
      createdAt: auditEntries.createdAt,
      updatedAt: auditEntries.updatedAt,
    })
    .from(auditEntries)
    .where(and(eq(auditEntries.scope, scope), gt(auditEntries.position, after)))
    .orderBy(asc(auditEntries.position))
    .limit(batch);
}
