import { randomUUID } from 'node:crypto';
import { instant, snakeTimestamps } from '@reference/kit';
import { relations } from 'drizzle-orm';
import { bigint, foreignKey, jsonb, pgTable, text, unique, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { connectorConfigs } from './connector-configs.schema.ts';

/** A position in a vendor's listing: a page number, a token, a "since" time. */
export type SyncCursor = Record<string, string | number | boolean | null>;

/** A row is the sync position of one entity (`github.pull_request`) of one connection. */
export const connectorSyncStates = pgTable(
  'connector_sync_states',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    connectorConfigId: text('connector_config_id').notNull(),
    entity: varchar('entity', { length: 64 }).notNull(),
    cursor: jsonb('cursor').$type<SyncCursor>(),
    lastSyncedAt: instant('last_synced_at'),
    lastError: varchar('last_error', { length: 1000 }),
    rowsSeen: bigint('rows_seen', { mode: 'number' }).notNull().default(0),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'connector_sync_states_connector_config_id_fkey',
      columns: [t.connectorConfigId],
      foreignColumns: [connectorConfigs.id],
    }).onDelete('cascade'),
    // Serves the lock that a sync run takes, the list per connection, and the cascade.
    unique('connector_sync_states_connector_config_id_entity_key').on(
      t.connectorConfigId,
      t.entity,
    ),
  ],
);

export const connectorSyncStatesRelations = relations(connectorSyncStates, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [connectorSyncStates.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const connectorSyncStateInsertSchema = createInsertSchema(connectorSyncStates);
export const connectorSyncStateSelectSchema = createSelectSchema(connectorSyncStates);
export const connectorSyncStateUpdateSchema = createUpdateSchema(connectorSyncStates);

export type ConnectorSyncStateDataTarget = typeof connectorSyncStates.$inferInsert;
export type ConnectorSyncStateDataSelect = typeof connectorSyncStates.$inferSelect;
