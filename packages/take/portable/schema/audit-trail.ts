import { randomUUID } from 'node:crypto';
import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

// The triggers that chain, refuse and record lie in the migration: Drizzle cannot declare them.

/** The hash that the first entry of a chain follows. */
export const auditGenesis = '0'.repeat(64);

/** A row is the end of one scope's chain; only the triggers of `audit_entries` write it. */
export const auditHeads = pgTable(
  'audit_heads',
  {
    /** What the chain is of, such as `project <id>`. */
    scope: text('scope').primaryKey(),
    /** The position of the last entry. */
    position: bigint('position', { mode: 'number' }).notNull(),
    /** The hash of the last entry. */
    hash: text('hash').notNull(),
    /** Entries up to here were pruned; 0 for none. */
    prunedPosition: bigint('prunedPosition', { mode: 'number' }).notNull().default(0),
    /** The hash of the last pruned entry, which the first remaining one follows. */
    prunedHash: text('prunedHash').notNull().default(auditGenesis),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves the heads that moved since the last anchors. */
    index('audit_heads_updatedAt_idx').on(t.updatedAt, t.scope),
    check('audit_heads_position_check', sql`${t.prunedPosition} between 0 and ${t.position}`),
  ],
);

/** A row is one person's name in the audit trail. Erasing the person deletes it and nothing else. */
export const auditPseudonyms = pgTable(
  'audit_pseudonyms',
  {
    pseudonym: text('pseudonym')
      .primaryKey()
      .$defaultFn(() => randomUUID()),
    /** Point a foreign key at your table of persons: then nobody who is gone is named again. */
    userId: text('userId').notNull(),
    ...camelTimestamps,
  },
  (t) => [unique('audit_pseudonyms_userId_key').on(t.userId)],
);

/**
 * A row says who did what to which subject or person. It is never changed or deleted, except that its
 * details may be redacted and the oldest of a scope pruned, and an entry records either.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    scope: text('scope').notNull(),
    /** 1, 2, 3 … in its scope; set by the trigger, as is every column from `salt` on. */
    position: bigint('position', { mode: 'number' }).notNull().default(0),
    id: text('id')
      .notNull()
      .$defaultFn(() => randomUUID()),
    /** A pseudonym; null for the system itself. */
    actorId: text('actorId'),
    /** The act, as `subject.verb`: `invoice.cancel`. */
    action: text('action').notNull(),
    /** The id of what was acted on. Not a foreign key: the record outlives it. */
    subjectId: text('subjectId'),
    /** A pseudonym. */
    targetUserId: text('targetUserId'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
    /** Keeps redacted details from being guessed by their hash; null once they are redacted. */
    salt: text('salt'),
    /** SHA-256 of salt and details. The chain holds this, so details can go and the chain stays. */
    detailsHash: text('detailsHash').notNull().default(''),
    /** When the details were redacted. */
    redactedAt: instant('redactedAt'),
    /** The database's clock; `createdAt` is the writer's word. */
    recordedAt: instant('recordedAt').notNull().defaultNow(),
    /** The hash of the entry before. */
    previousHash: text('previousHash').notNull().default(''),
    /** SHA-256 of all of the above but details, salt and redactedAt. */
    hash: text('hash').notNull().default(''),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves reading a chain in order. */
    primaryKey({ name: 'audit_entries_pkey', columns: [t.scope, t.position] }),
    /** Serves what happened to a subject, latest first. */
    index('audit_entries_subjectId_createdAt_idx').on(t.subjectId, t.createdAt, t.id),
    /** Serves what a person did, latest first. */
    index('audit_entries_actorId_createdAt_idx').on(t.actorId, t.createdAt, t.id),
    /** Serves what was done to a person, latest first. */
    index('audit_entries_targetUserId_createdAt_idx').on(t.targetUserId, t.createdAt, t.id),
    check('audit_entries_detailsHash_check', sql`${t.detailsHash} ~ '^[0-9a-f]{64}$'`),
    check('audit_entries_previousHash_check', sql`${t.previousHash} ~ '^[0-9a-f]{64}$'`),
    check('audit_entries_hash_check', sql`${t.hash} ~ '^[0-9a-f]{64}$'`),
  ],
);

export const insertAuditHeadSchema = createInsertSchema(auditHeads);
export const selectAuditHeadSchema = createSelectSchema(auditHeads);
export const insertAuditPseudonymSchema = createInsertSchema(auditPseudonyms);
export const selectAuditPseudonymSchema = createSelectSchema(auditPseudonyms);
export const insertAuditEntrySchema = createInsertSchema(auditEntries);
export const selectAuditEntrySchema = createSelectSchema(auditEntries);
/** Only the details of an entry can change, and only to nothing. */
export const updateAuditEntrySchema = createUpdateSchema(auditEntries).pick({
  before: true,
  after: true,
});
export type AuditEntry = typeof auditEntries.$inferSelect;
export type NewAuditEntry = typeof auditEntries.$inferInsert;
