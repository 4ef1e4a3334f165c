import { instant } from '@reference/kit';
import { pgTable, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

/** A row is a person in one connection's address book. */
export const googleContacts = pgTable(
  'google_contacts',
  {
    id: short('id').notNull(),
    displayName: short('display_name'),
    givenName: short('given_name'),
    familyName: short('family_name'),
    email: varchar('email', { length: 320 }),
    phone: varchar('phone', { length: 64 }),
    organization: short('organization'),
    jobTitle: short('job_title'),
    photoUrl: url('photo_url'),
    contactUpdatedAt: instant('contact_updated_at'),
    ...vendorColumns,
  },
  (t) => vendorConstraints('google_contacts', t),
);

export const googleContactInsertSchema = createInsertSchema(googleContacts);
export const googleContactSelectSchema = createSelectSchema(googleContacts);
export const googleContactUpdateSchema = createUpdateSchema(googleContacts);

export type GoogleContactDataTarget = typeof googleContacts.$inferInsert;
export type GoogleContactDataSelect = typeof googleContacts.$inferSelect;
