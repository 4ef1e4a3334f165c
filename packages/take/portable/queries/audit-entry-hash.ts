import { type ChainEntry, hashFields } from '../../../db/src/queries/audit/chain.ts';
import { type AuditEntry, auditEntries } from '../schema/audit-trail.ts';

// To add a column that the chain protects, add it here and to `audit_chain_entry` in the migration.

/** The hashed columns that no other chain has. */
export const hashedColumns = {
  scope: auditEntries.scope,
  id: auditEntries.id,
  actorId: auditEntries.actorId,
  subjectId: auditEntries.subjectId,
  targetUserId: auditEntries.targetUserId,
};
type HashedEntry = ChainEntry & Pick<AuditEntry, keyof typeof hashedColumns>;

/** The hash of an entry that follows the one of `previousHash`: what the trigger must have stored. */
export const entryHash = (previousHash: string, entry: HashedEntry): string =>
  hashFields([
    previousHash,
    entry.scope,
    String(entry.position),
    entry.id,
    entry.actorId,
    entry.action,
    entry.subjectId,
    entry.targetUserId,
    entry.detailsHash,
    String(entry.recordedAt.getTime()),
    String(entry.createdAt.getTime()),
  ]);
