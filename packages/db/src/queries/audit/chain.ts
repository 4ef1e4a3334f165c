import { createHash } from 'node:crypto';
import { z } from 'zod';
import { auditGenesis } from '../../schema/index.ts';

// A chain of any kind of entries: its hashes, and reading it from beginning to end.

export const anchorSchema = z.object({
  scope: z.string().min(1).max(200),
  position: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
/** The end of a scope's chain at some moment; store it outside of the database. */
export type AuditAnchor = z.infer<typeof anchorSchema>;

/** The first entry that differs from what was written, and the evidence. */
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

const recordSchema = z.object({ position: z.number() });

// Each field begins with its length in bytes, so that no two lists of fields read alike.
/** SHA-256 of a list of texts, as the database's `audit_sha256` makes it. */
export const hashFields = (fields: readonly (string | null)[]): string =>
  createHash('sha256')
    .update(
      fields
        .map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`))
        .join(''),
    )
    .digest('hex');

/**
 * The hash of an entry's details.
 *
 * @param details `before` and `after` as PostgreSQL writes jsonb
 */
const detailsHash = (salt: string, ...details: readonly (string | null)[]): string =>
  hashFields([salt, ...details]);

/**
 * The columns that the entries of every chain have. Details are text, because the hash is over
 * text.
 */
export interface ChainEntry {
  readonly position: number;
  readonly action: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly salt: string | null;
  readonly detailsHash: string;
  readonly redactedAt: Date | null;
  readonly recordedAt: Date;
  readonly previousHash: string;
  readonly hash: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type Problem = BrokenEntry['problem'];

/** Follows a chain entry by entry, and keeps the first broken entry. */
export class ChainReader<Entry extends ChainEntry> {
  broken: BrokenEntry | undefined;
  entries = 0;
  redacted = 0;
  position: number;
  readonly #start: number;
  readonly #hashOf: (previousHash: string, entry: Entry) => string;
  #hash: string;
  /** Redacted entries whose record has not come yet, with the moment that it must name. */
  readonly #redactions = new Map<number, number>();
  #isPruningRecorded: boolean;
  readonly #anchors = new Map<number, string[]>();

  /** @param hashOf the hash that the trigger must have stored for an entry that follows another */
  constructor(
    { prunedPosition, prunedHash }: { prunedPosition: number; prunedHash: string },
    hashOf: (previousHash: string, entry: Entry) => string,
  ) {
    this.#hashOf = hashOf;
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
    if (entry.hash !== this.#hashOf(this.#hash, entry)) return 'changed';
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
      // The record has the same time as the redaction.
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

/** The position that a record is about; -1 for a forged record that names none. */
const recordedPosition = (entry: ChainEntry): number =>
  recordSchema.safeParse(JSON.parse(entry.after ?? 'null')).data?.position ?? -1;
