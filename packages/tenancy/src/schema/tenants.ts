import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { boolean, check, jsonb, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { tenantIsolation } from './isolation.ts';

export const tenantPlan = pgEnum('tenant_plan', ['free', 'team', 'enterprise']);

/** The settings that a tenant may change itself. */
export const tenantSettingsSchema = z.strictObject({
  /** BCP 47, such as `en-GB`: the language of the interface. */
  locale: z.string().min(2).max(35).optional(),
});
export type TenantSettings = z.output<typeof tenantSettingsSchema>;

/**
 * A row is one organisation. Its id is made from its slug (`tenantIdOf`), which a check enforces.
 * So the primary key also makes slugs unique, a slug leads to its tenant without a query over all
 * tenants, and no unique key omits the tenant. Therefore a slug never changes; the name may.
 */
export const tenants = pgTable(
  'tenants',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    plan: tenantPlan('plan').notNull().default('free'),
    isActive: boolean('is_active').notNull().default(true),
    /** The model of every chunk's `embedding`; null before the first document. */
    embeddingModel: text('embedding_model'),
    settings: jsonb('settings').$type<TenantSettings>().notNull().default({}),
    ...snakeTimestamps,
  },
  (t) => [
    check('tenants_slug_format', sql`${t.slug} ~ '^[a-z0-9](-?[a-z0-9]){0,62}$'`),
    check(
      'tenants_id_of_slug',
      sql`${t.id} = overlay(overlay(left(encode(sha256(convert_to(${t.slug}, 'UTF8')), 'hex'), 32) placing '8' from 13) placing '8' from 17)::uuid`,
    ),
    tenantIsolation('tenants', t.id),
  ],
);

export type Tenant = typeof tenants.$inferSelect;
export type NewTenant = typeof tenants.$inferInsert;

const refinements = {
  name: (schema: z.ZodString) => schema.trim().min(1).max(200),
  // A schema that replaces the column's must itself allow the column's default.
  settings: tenantSettingsSchema.optional(),
};
export const tenantSelectSchema = createSelectSchema(tenants);
export const tenantInsertSchema = createInsertSchema(tenants, {
  ...refinements,
  slug: (schema) =>
    schema.regex(/^[a-z0-9](-?[a-z0-9]){0,62}$/, {
      error: 'use 1 to 63 lower-case letters, digits and single hyphens between them',
    }),
}).omit({ id: true, embeddingModel: true, createdAt: true, updatedAt: true });
export const tenantUpdateSchema = createUpdateSchema(tenants, refinements).pick({
  name: true,
  plan: true,
  settings: true,
});
