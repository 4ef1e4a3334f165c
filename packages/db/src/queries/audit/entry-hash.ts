import { type AuditEntry, auditEntries } from '../../schema/index.ts';
import { type ChainEntry, hashFields } from './chain.ts';

/** The hashed columns that no other chain has. */
export const hashedColumns = {
  scope: auditEntries.scope,
  id: auditEntries.id,
  actorId: auditEntries.actorId,
  driveId: auditEntries.driveId,
  pageId: auditEntries.pageId,
  targetUserId: auditEntries.targetUserId,
};
type HashedEntry = ChainEntry & Pick<AuditEntry, keyof typeof hashedColumns>;

/**
 * The hash that the trigger must have stored for an entry that follows the one of `previousHash`; a
 * second program can check it.
 */
export const entryHash = (previousHash: string, entry: HashedEntry): string =>
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
