import { randomUUID } from 'node:crypto';
import { instant, sealedCheck, sealedField, snakeTimestamps } from '@reference/kit';
import { relations } from 'drizzle-orm';
import { foreignKey, jsonb, pgTable, text, unique, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { connectorConfigs } from './connector-configs.schema.ts';

/** A provider's data beside the tokens: the workspace, the account, the granted services. */
export type OauthTokenMetadata = Record<string, string | number | boolean | null>;

/** A row is the current token pair of one connection, both sealed to this row and column. */
export const oauthTokens = pgTable(
  'oauth_tokens',
  {
    id: text('id').primaryKey().$defaultFn(randomUUID),
    connectorConfigId: text('connector_config_id').notNull(),
    tokenType: varchar('token_type', { length: 32 }).notNull().default('bearer'),
    accessToken: text('access_token').notNull(),
    refreshToken: text('refresh_token'),
    expiresAt: instant('expires_at'),
    scope: text('scope'),
    metadata: jsonb('metadata').$type<OauthTokenMetadata>(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'oauth_tokens_connector_config_id_fkey',
      columns: [t.connectorConfigId],
      foreignColumns: [connectorConfigs.id],
    }).onDelete('cascade'),
    unique('oauth_tokens_connector_config_id_key').on(t.connectorConfigId),
    sealedCheck('oauth_tokens_access_token_check', t.accessToken),
    sealedCheck('oauth_tokens_refresh_token_check', t.refreshToken),
  ],
);

export const oauthTokensRelations = relations(oauthTokens, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [oauthTokens.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

const sealedFields = { accessToken: sealedField, refreshToken: sealedField };
export const oauthTokenInsertSchema = createInsertSchema(oauthTokens, sealedFields);
export const oauthTokenSelectSchema = createSelectSchema(oauthTokens);
export const oauthTokenUpdateSchema = createUpdateSchema(oauthTokens, sealedFields);

export type OauthTokenDataTarget = typeof oauthTokens.$inferInsert;
export type OauthTokenDataSelect = typeof oauthTokens.$inferSelect;
