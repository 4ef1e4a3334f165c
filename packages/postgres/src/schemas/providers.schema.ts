import { randomUUID } from 'node:crypto';
import { snakeTimestamps } from '@reference/kit';
import { boolean, jsonb, pgEnum, pgTable, text, unique, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';

export const providerAuthType = pgEnum('provider_auth_type', ['oauth2', 'api_key', 'basic']);

/** The part of JSON Schema that a settings form needs; other keywords stay unchanged. */
export type ProviderConfigSchema = {
  type: 'object';
  properties: Record<string, { type: string; title?: string; [keyword: string]: unknown }>;
  required?: string[];
  [keyword: string]: unknown;
};

/** A row is a service that a person can connect. */
export const providers = pgTable(
  'providers',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    slug: varchar('slug', { length: 64 }).notNull(),
    name: varchar('name', { length: 255 }).notNull(),
    description: text('description'),
    logoUrl: varchar('logo_url', { length: 2048 }),
    authType: providerAuthType('auth_type').notNull(),
    configSchema: jsonb('config_schema').$type<ProviderConfigSchema>(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    ...snakeTimestamps,
  },
  (t) => [unique('providers_slug_key').on(t.slug)],
);

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens');

export const providerInsertSchema = createInsertSchema(providers, { slug });
export const providerSelectSchema = createSelectSchema(providers);
export const providerUpdateSchema = createUpdateSchema(providers, { slug });

export type ProviderDataTarget = typeof providers.$inferInsert;
export type ProviderDataSelect = typeof providers.$inferSelect;
