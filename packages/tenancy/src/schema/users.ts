import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { tenantIsolation } from './isolation.ts';
import { tenants } from './tenants.ts';

export const userRole = pgEnum('user_role', ['owner', 'admin', 'member']);

/** A row is one person's account in one tenant; the same address in another tenant is another row. */
export const users = pgTable(
  'users',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    email: text('email').notNull(),
    name: text('name'),
    role: userRole('role').notNull().default('member'),
    ...snakeTimestamps,
  },
  (t) => [
    primaryKey({ name: 'users_pkey', columns: [t.tenantId, t.id] }),
    foreignKey({
      name: 'users_tenant_id_fkey',
      columns: [t.tenantId],
      foreignColumns: [tenants.id],
    }).onDelete('cascade'),
    // getUserByEmail. On the column and not on lower(email), because under row security an
    // expression with a function that is not leakproof is no index condition; the check makes both
    // equal.
    unique('users_tenant_id_email_key').on(t.tenantId, t.email),
    check('users_email_lower_case', sql`${t.email} = lower(${t.email})`),
    // listUsers
    index('users_tenant_id_created_at_id_idx').on(t.tenantId, t.createdAt, t.id),
    tenantIsolation('users', t.tenantId),
  ],
);

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;

const email = z.string().trim().toLowerCase().pipe(z.email().max(254));
const name = (schema: z.ZodString) => schema.trim().min(1).max(200);
export const userSelectSchema = createSelectSchema(users);
export const userInsertSchema = createInsertSchema(users, {
  email,
  name: name(z.string()).nullish(),
}).omit({
  tenantId: true,
  id: true,
  createdAt: true,
  updatedAt: true,
});
export const userUpdateSchema = createUpdateSchema(users, {
  email: email.optional(),
  name: name(z.string()).nullish(),
}).omit({
  tenantId: true,
  id: true,
  createdAt: true,
  updatedAt: true,
});
