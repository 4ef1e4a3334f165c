import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, integer, pgEnum, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import type { z } from 'zod';
import { cuid } from '../columns.ts';
import { atLeast, email, immutable, line, optional, url } from '../fields.ts';

export const userRole = pgEnum('UserRole', ['USER', 'ADMIN']);
export type UserRole = (typeof userRole.enumValues)[number];

/** A row is a person who can sign in. */
export const users = pgTable(
  'users',
  {
    id: cuid(),
    email: text('email').notNull(),
    /** bcrypt hash; null for people who sign in only through Google or by link. */
    password: text('password'),
    role: userRole('role').notNull().default('USER'),
    /** Google's own account number. Not a foreign key: the account lives at Google. */
    googleId: text('googleId'),
    displayName: text('displayName'),
    avatarUrl: text('avatarUrl'),
    /** Raising it invalidates every session and token issued before. */
    tokenVersion: integer('tokenVersion').notNull().default(0),
    emailVerifiedAt: instant('emailVerifiedAt'),
    lastLoginAt: instant('lastLoginAt'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves signing in and inviting by address, whatever its case. */
    uniqueIndex('users_email_key').on(sql`lower(${t.email})`),
    /** Serves signing in through Google. */
    uniqueIndex('users_googleId_key').on(t.googleId),
    check('users_password_check', sql`${t.password} ~ '^\\$2[aby]\\$[0-9]{2}\\$.{53}$'`),
    check('users_tokenVersion_check', sql`${t.tokenVersion} >= 0`),
  ],
);

const userFields = {
  email,
  password: optional((field: z.ZodString) =>
    field.regex(/^\$2[aby]\$\d{2}\$.{53}$/, 'must be a bcrypt hash, never the password itself'),
  ),
  googleId: optional(line(255)),
  displayName: optional(line(200)),
  avatarUrl: optional(url),
  tokenVersion: optional(atLeast(0)),
};
export const insertUserSchema = createInsertSchema(users, userFields);
export const selectUserSchema = createSelectSchema(users);
export const updateUserSchema = createUpdateSchema(users, userFields).omit(immutable);
export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;
