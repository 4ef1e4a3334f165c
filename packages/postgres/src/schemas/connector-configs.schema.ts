import { randomUUID } from 'node:crypto';
import { sealedCheck, sealedField, snakeTimestamps } from '@reference/kit';
import { relations } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  text,
  unique,
  varchar,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { providers } from './providers.schema.ts';

export const connectorStatus = pgEnum('connector_status', [
  'active',
  'error',
  'revoked',
  'pending',
]);

/** A row is one person's connection to one provider. `encryptedConfig` is sealed, never clear. */
export const connectorConfigs = pgTable(
  'connector_configs',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    userId: varchar('user_id', { length: 255 }).notNull(),
    providerId: text('provider_id').notNull(),
    name: varchar('name', { length: 255 }).notNull(),
    encryptedConfig: text('encrypted_config').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    status: connectorStatus('status').notNull().default('pending'),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'connector_configs_provider_id_fkey',
      columns: [t.providerId],
      foreignColumns: [providers.id],
    }).onDelete('cascade'),
    unique('connector_configs_user_id_provider_id_name_key').on(t.userId, t.providerId, t.name),
    sealedCheck('connector_configs_encrypted_config_check', t.encryptedConfig),
    // Serves the cascade when a provider is deleted.
    index('connector_configs_provider_id_idx').on(t.providerId),
    // Serves getConnections: a person's connections, newest first.
    index('connector_configs_user_id_created_at_idx').on(t.userId, t.createdAt, t.id),
  ],
);

export const providersRelations = relations(providers, ({ many }) => ({
  connectorConfigs: many(connectorConfigs),
}));

const sealedFields = { encryptedConfig: sealedField };
export const connectorConfigInsertSchema = createInsertSchema(connectorConfigs, sealedFields);
export const connectorConfigSelectSchema = createSelectSchema(connectorConfigs);
export const connectorConfigUpdateSchema = createUpdateSchema(connectorConfigs, sealedFields);

export type ConnectorConfigDataTarget = typeof connectorConfigs.$inferInsert;
export type ConnectorConfigDataSelect = typeof connectorConfigs.$inferSelect;
