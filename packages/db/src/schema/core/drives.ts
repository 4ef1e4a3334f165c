import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { users } from '../auth.ts';
import { cuid } from '../columns.ts';
import { immutable, line, slug } from '../fields.ts';

/** A row is a drive: a named tree of pages that belongs to one person. */
export const drives = pgTable(
  'drives',
  {
    id: cuid(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    ownerId: text('ownerId').notNull(),
    isTrashed: boolean('isTrashed').notNull().default(false),
    trashedAt: instant('trashedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'drives_ownerId_fkey',
      columns: [t.ownerId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves opening a drive by its address and refusing a second one under the same name. */
    uniqueIndex('drives_ownerId_slug_key').on(t.ownerId, t.slug),
    /** Serves a person's own drives, latest first. */
    index('drives_ownerId_createdAt_idx').on(t.ownerId, t.createdAt, t.id),
    check('drives_trashedAt_check', sql`${t.isTrashed} = (${t.trashedAt} is not null)`),
  ],
);

const driveFields = { name: line(200), slug };
export const insertDriveSchema = createInsertSchema(drives, driveFields);
export const selectDriveSchema = createSelectSchema(drives);
export const updateDriveSchema = createUpdateSchema(drives, driveFields).omit({
  ...immutable,
  ownerId: true,
});
export type Drive = typeof drives.$inferSelect;
export type NewDrive = typeof drives.$inferInsert;
