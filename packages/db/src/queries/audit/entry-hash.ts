import { hashToken } from '@reference/kit/tokens';

/** An entry as text: what the database's `audit_sha256` hashes, and what a second program can check. */
export interface EntryText {
  readonly scope: string;
  readonly position: number;
  readonly id: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly driveId: string | null;
  readonly pageId: string | null;
  readonly targetUserId: string | null;
  readonly detailsHash: string;
  readonly recordedAt: Date;
  readonly createdAt: Date;
}

/** The hash of an entry that follows the one of `previousHash`: what the trigger must have stored. */
export const entryHash = (previousHash: string, entry: EntryText): string =>
  hashFields([
    previousHash,
    entry.scope,
    String(entry.position),
    entry.id,
    entry.actorId,
    entry.action,
    entry.driveId,
    entry.pageId,
    entry.targetUserId,
    entry.detailsHash,
    String(entry.recordedAt.getTime()),
    String(entry.createdAt.getTime()),
  ]);

/**
 * The hash of an entry's details.
 *
 * @param details `before` and `after` as PostgreSQL writes jsonb
 */
export const detailsHash = (salt: string, ...details: readonly (string | null)[]): string =>
  hashFields([salt, ...details]);

// Each field's length in bytes comes first, so that no two lists of fields read alike.
const hashFields = (fields: readonly (string | null)[]): string =>
  hashToken(
    fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join(''),
  );
