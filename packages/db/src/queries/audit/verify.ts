import { parseInput, transaction } from '@reference/kit';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { auditEntries, auditGenesis, auditHeads } from '../../schema/index.ts';
import { detailsHash, entryHash } from './entry-hash.ts';

const anchorSchema = z.object({
  scope: z.string().min(1).max(200),
  position: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
/** The end of a scope's chain at some moment; keep it where who can write the database cannot. */
export type AuditAnchor = z.infer<typeof anchorSchema>;

/** The first entry that is not as it was written, and how that shows. */
export interface BrokenEntry {
  readonly position: number;
  readonly problem:
    | 'missing'
    | 'out of place'
    | 'changed'
    | 'details changed'
    | 'redacted without a record'
    | 'pruned without a record'
    | 'not the head'
    | 'not the anchor';
}

export interface AuditReport {
  readonly scope: string;
  /** How many entries were read. */
  readonly entries: number;
  /** How many of them have lost their details, with a record of it. */
  readonly redacted: number;
  /** Entries up to here were pruned, with a record of it; 0 for none. */
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
const recordSchema = z.object({ position: z.number() });

/**
 * Reads a scope's chain from its first entry to its last, computes every hash anew, and names the
 * first entry that does not fit. It hashes in this program: a changed function in the database
 * deceives nobody. Anyone who can write the database could also recompute every later hash, or cut
 * off the end; only an anchor that is kept elsewhere shows that.
 *
 * @param params.anchors ends of this chain from earlier, of which any must still be in it; others are
 *   not looked at. One that lies in a pruned stretch is taken for good
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
      const chain = new ChainReader(start.prunedPosition, start.prunedHash);
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
      scope: auditEntries.scope,
      position: auditEntries.position,
      id: auditEntries.id,
      actorId: auditEntries.actorId,
      action: auditEntries.action,
      driveId: auditEntries.driveId,
      pageId: auditEntries.pageId,
      targetUserId: auditEntries.targetUserId,
      // As text, because that is what was hashed.
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

type Problem = BrokenEntry['problem'];

/** Follows a chain entry by entry. The first broken entry that it has found stays. */
class ChainReader {
  broken: BrokenEntry | undefined;
  entries = 0;
  redacted = 0;
  position: number;
  readonly #start: number;
  #hash: string;
  /** Redacted entries whose record has not come yet, with the moment that it must name. */
  readonly #redactions = new Map<number, number>();
  #isPruningRecorded: boolean;
  readonly #anchors = new Map<number, string[]>();

  constructor(prunedPosition: number, prunedHash: string) {
    this.position = prunedPosition;
    this.#start = prunedPosition;
    this.#hash = prunedHash;
    this.#isPruningRecorded = prunedPosition === 0;
    if (prunedPosition === 0 && prunedHash !== auditGenesis) this.#break(0, 'not the head');
  }

  expect({ position, hash }: AuditAnchor): void {
    if (position === this.#start && hash !== this.#hash) this.#break(position, 'not the anchor');
    this.#anchors.set(position, [...(this.#anchors.get(position) ?? []), hash]);
  }

  read(entry: Entry): void {
    if (this.broken) return;
    const position = this.position + 1;
    this.entries += 1;
    this.#break(position, this.#problemOf(entry, position));
    this.position = position;
    this.#hash = entry.hash;
  }

  /** After the last entry: the head, the anchors and the records must fit. */
  end(position: number, hash: string): void {
    if (this.broken) return;
    const [unrecorded] = this.#redactions.keys();
    if (this.position < position) this.#break(this.position + 1, 'missing');
    if (this.position > position) this.#break(position + 1, 'not the head');
    if (this.#hash !== hash) this.#break(position, 'not the head');
    if (!this.#isPruningRecorded) this.#break(this.#start, 'pruned without a record');
    if (unrecorded !== undefined) this.#break(unrecorded, 'redacted without a record');
    for (const anchored of this.#anchors.keys()) {
      if (anchored > position) this.#break(position + 1, 'missing');
    }
  }

  #problemOf(entry: Entry, position: number): Problem | undefined {
    if (entry.position !== position) return 'missing';
    if (entry.previousHash !== this.#hash) return 'out of place';
    if (entry.hash !== entryHash(this.#hash, entry)) return 'changed';
    const areDetailsWhole = entry.redactedAt
      ? this.#readRedacted(entry, entry.redactedAt.getTime())
      : this.#readDetails(entry);
    if (!areDetailsWhole) return 'details changed';
    const anchors = this.#anchors.get(position) ?? [];
    return anchors.some((anchor) => anchor !== entry.hash) ? 'not the anchor' : undefined;
  }

  #readDetails(entry: Entry): boolean {
    const isWhole =
      entry.salt !== null &&
      entry.detailsHash === detailsHash(entry.salt, entry.before, entry.after) &&
      entry.updatedAt.getTime() === entry.recordedAt.getTime();
    if (isWhole && entry.action === 'audit.redact') {
      const position = recordedPosition(entry);
      // The record is of the same moment as the redaction.
      if (this.#redactions.get(position) === entry.createdAt.getTime()) {
        this.#redactions.delete(position);
      }
    }
    if (isWhole && entry.action === 'audit.prune' && recordedPosition(entry) === this.#start) {
      this.#isPruningRecorded = true;
    }
    return isWhole;
  }

  #readRedacted(entry: Entry, redactedAt: number): boolean {
    this.redacted += 1;
    this.#redactions.set(entry.position, redactedAt);
    return (
      entry.salt === null &&
      entry.before === null &&
      entry.after === null &&
      !entry.action.startsWith('audit.') &&
      entry.updatedAt.getTime() === redactedAt
    );
  }

  #break(position: number, problem: Problem | undefined): void {
    if (problem) this.broken ??= { position, problem };
  }
}

/** Which position a record is about; -1 for a forged one that tells none. */
const recordedPosition = (entry: Entry): number =>
  recordSchema.safeParse(JSON.parse(entry.after ?? 'null')).data?.position ?? -1;
