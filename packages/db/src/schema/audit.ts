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
import { z } from 'zod';
import { createLogId, logId } from './columns.ts';
import { boundedJson } from './json.ts';

// The migration has the triggers that chain, refuse and record, because Drizzle cannot declare
// them.

/** The row before or after the act; at most 16 KB. */
export const auditDetailsSchema = boundedJson(z.record(z.string(), z.json()), 16_000);
export type AuditDetails = z.infer<typeof auditDetailsSchema>;

/** The hash that the first entry of a chain follows. */
export const auditGenesis = '0'.repeat(64);

/** A row is the end of one scope's chain; only the triggers of `audit_entries` write it. */
export const auditHeads = pgTable(
  'audit_heads',
  {
    /** `drive <id>`, or one of the sixteen `accounts <n>` for acts outside of drives. */
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
    pseudonym: logId('pseudonym'),
    /** Not a foreign key, because an entry and its pseudonym outlive the account. */
    userId: text('userId').notNull(),
    ...camelTimestamps,
  },
  (t) => [unique('audit_pseudonyms_userId_key').on(t.userId)],
);

/**
 * A row is one act on a drive, page or person. It never changes, except that its details may be
 * redacted and the oldest of a scope pruned; an entry records either.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    scope: text('scope').notNull(),
    /** 1, 2, 3 … in its scope; set by the trigger, as is every column from `salt` on. */
    position: bigint('position', { mode: 'number' }).notNull().default(0),
    id: text('id')
      .notNull()
      .$defaultFn(() => createLogId()),
    /** A pseudonym; null for the system itself. */
    actorId: text('actorId'),
    /** The act, as `subject.verb`: `user.promote`. */
    action: text('action').notNull(),
    /** Not a foreign key: the record outlives the drive. */
    driveId: text('driveId'),
    /** Not a foreign key: the record outlives the page. */
    pageId: text('pageId'),
    /** A pseudonym. */
    targetUserId: text('targetUserId'),
    before: jsonb('before').$type<AuditDetails>(),
    after: jsonb('after').$type<AuditDetails>(),
    /** Prevents guessing redacted details by their hash; null once they are redacted. */
    salt: text('salt'),
    /**
     * SHA-256 of salt and details. The chain covers this hash, so details can be redacted and the
     * chain still verifies.
     */
    detailsHash: text('detailsHash').notNull().default(''),
    /** When the details were redacted. */
    redactedAt: instant('redactedAt'),
    /** By the database's clock; the writer sets `createdAt`. */
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
    /** Serves a period. */
    index('audit_entries_createdAt_idx').using('brin', t.createdAt),
    /** Serves the entries of a drive, latest first. */
    index('audit_entries_driveId_createdAt_idx').on(t.driveId, t.createdAt, t.id),
    /** Serves the entries of a page, latest first. */
    index('audit_entries_pageId_createdAt_idx').on(t.pageId, t.createdAt, t.id),
    /** Serves a person's own acts, latest first. */
    index('audit_entries_actorId_createdAt_idx').on(t.actorId, t.createdAt, t.id),
    /** Serves the acts on a person, latest first. */
    index('audit_entries_targetUserId_createdAt_idx').on(t.targetUserId, t.createdAt, t.id),
    check('audit_entries_detailsHash_check', sql`${t.detailsHash} ~ '^[0-9a-f]{64}$'`),
    check('audit_entries_previousHash_check', sql`${t.previousHash} ~ '^[0-9a-f]{64}$'`),
    check('audit_entries_hash_check', sql`${t.hash} ~ '^[0-9a-f]{64}$'`),
  ],
);

const stamps = { createdAt: true, updatedAt: true } as const;
export const insertAuditHeadSchema = createInsertSchema(auditHeads);
export const selectAuditHeadSchema = createSelectSchema(auditHeads);
export const updateAuditHeadSchema = createUpdateSchema(auditHeads).omit({
  scope: true,
  ...stamps,
});
export type AuditHead = typeof auditHeads.$inferSelect;
export type NewAuditHead = typeof auditHeads.$inferInsert;

export const insertAuditPseudonymSchema = createInsertSchema(auditPseudonyms);
export const selectAuditPseudonymSchema = createSelectSchema(auditPseudonyms);
export const updateAuditPseudonymSchema = createUpdateSchema(auditPseudonyms).omit({
  pseudonym: true,
  userId: true,
  ...stamps,
});
export type AuditPseudonym = typeof auditPseudonyms.$inferSelect;
export type NewAuditPseudonym = typeof auditPseudonyms.$inferInsert;

const fields = {
  action: (field: z.ZodString) =>
    field.max(100).regex(/^[a-z]+(\.[a-z]+)+$/, 'must look like user.promote'),
  before: auditDetailsSchema.nullish(),
  after: auditDetailsSchema.nullish(),
};
export const insertAuditEntrySchema = createInsertSchema(auditEntries, fields);
export const selectAuditEntrySchema = createSelectSchema(auditEntries);
/** Only the details of an entry can change, and only to null. */
export const updateAuditEntrySchema = createUpdateSchema(auditEntries).pick({
  before: true,
  after: true,
});
export type AuditEntry = typeof auditEntries.$inferSelect;
export type NewAuditEntry = typeof auditEntries.$inferInsert;
