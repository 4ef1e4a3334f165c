import { randomUUID } from 'node:crypto';
import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

/** A row is a link with which whoever holds it opens one resource, without an account. */
export const shareLinks = pgTable(
  'share_links',
  {
    id: text('id')
      .primaryKey()
      .$defaultFn(() => randomUUID()),
    /** The id of what is shared. Point a foreign key at your table, with ON DELETE CASCADE. */
    resourceId: text('resourceId').notNull(),
    /** The id of the person who made it. The same holds for a foreign key. */
    createdBy: text('createdBy').notNull(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    /** For whom or what it was made, as its maker calls it. */
    name: text('name'),
    expiresAt: instant('expiresAt').notNull(),
    /** Null for any number. */
    maxUses: integer('maxUses'),
    uses: integer('uses').notNull().default(0),
    lastUsedAt: instant('lastUsedAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves opening a link. */
    uniqueIndex('share_links_tokenHash_key').on(t.tokenHash),
    /** Serves the links of a resource, latest first. */
    index('share_links_resourceId_createdAt_idx').on(t.resourceId, t.createdAt, t.id),
    /** Serves deleting a person. */
    index('share_links_createdBy_idx').on(t.createdBy),
    /** Serves purging what has ended. */
    index('share_links_expiresAt_idx').on(t.expiresAt),
    check(
      'share_links_uses_check',
      sql`${t.uses} >= 0 and ${t.uses} <= coalesce(${t.maxUses}, ${t.uses})`,
    ),
    check('share_links_maxUses_check', sql`${t.maxUses} >= 1`),
    check('share_links_tokenHash_check', sql`${t.tokenHash} ~ '^[0-9a-f]{64}$'`),
  ],
);

export const insertShareLinkSchema = createInsertSchema(shareLinks);
export const selectShareLinkSchema = createSelectSchema(shareLinks);
export const updateShareLinkSchema = createUpdateSchema(shareLinks).pick({
  name: true,
  revokedAt: true,
});
export type ShareLink = typeof shareLinks.$inferSelect;
export type NewShareLink = typeof shareLinks.$inferInsert;
