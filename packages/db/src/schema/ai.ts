import { camelTimestamps, sealedField } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from './auth.ts';
import { conversations } from './chat.ts';
import { cuid } from './columns.ts';
import { pages } from './core.ts';
import { atLeast, immutable, line, optional, prose, url } from './fields.ts';
import { boundedJson } from './json.ts';

export const aiProvider = pgEnum('AiProvider', [
  'pagespace',
  'openrouter',
  'google',
  'openai',
  'anthropic',
  'xai',
]);
export type AiProvider = (typeof aiProvider.enumValues)[number];

/** A row is a person's default provider and model. */
export const userAiSettings = pgTable(
  'user_ai_settings',
  {
    id: cuid(),
    userId: text('userId').notNull(),
    selectedProvider: aiProvider('selectedProvider').notNull().default('pagespace'),
    /** NULL: the provider's usual model, which changes more often than a default could. */
    selectedModel: text('selectedModel'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'user_ai_settings_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a person's settings: one row each. */
    uniqueIndex('user_ai_settings_userId_key').on(t.userId),
  ],
);

const userAiSettingFields = { selectedModel: optional(line(200)) };
export const insertUserAiSettingSchema = createInsertSchema(userAiSettings, userAiSettingFields);
export const selectUserAiSettingSchema = createSelectSchema(userAiSettings);
export const updateUserAiSettingSchema = createUpdateSchema(
  userAiSettings,
  userAiSettingFields,
).omit({ ...immutable, userId: true });
export type UserAiSetting = typeof userAiSettings.$inferSelect;
export type NewUserAiSetting = typeof userAiSettings.$inferInsert;

/**
 * A row is a person's settings at one provider: their own key, an address of their own, or both.
 */
export const userProviderSettings = pgTable(
  'user_provider_settings',
  {
    /** A sealed key is bound to it, so a new key gets a new id. Nothing refers to it. */
    id: cuid(),
    userId: text('userId').notNull(),
    provider: aiProvider('provider').notNull(),
    /** Sealed for this row and column; null without a key. */
    encryptedApiKey: text('encryptedApiKey'),
    baseUrl: text('baseUrl'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'user_provider_settings_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a person's settings at a provider: one row each. */
    uniqueIndex('user_provider_settings_userId_provider_key').on(t.userId, t.provider),
    check(
      'user_provider_settings_encryptedApiKey_check',
      sql`${t.encryptedApiKey} ~ '^[A-Za-z0-9_-]+[.][.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$'`,
    ),
  ],
);

const userProviderSettingFields = {
  baseUrl: optional(url),
  encryptedApiKey: optional(sealedField),
};
export const insertUserProviderSettingSchema = createInsertSchema(
  userProviderSettings,
  userProviderSettingFields,
);
export const selectUserProviderSettingSchema = createSelectSchema(userProviderSettings);
export const updateUserProviderSettingSchema = createUpdateSchema(
  userProviderSettings,
  userProviderSettingFields,
).omit({ ...immutable, userId: true, provider: true });
export type UserProviderSetting = typeof userProviderSettings.$inferSelect;
export type NewUserProviderSetting = typeof userProviderSettings.$inferInsert;

/** Further facts about a request to a model; at most 16 KB. */
export const aiUsageMetadataSchema = boundedJson(z.record(z.string(), z.json()), 16_000);
export type AiUsageMetadata = z.infer<typeof aiUsageMetadataSchema>;

/**
 * A row is one request to a model, with its tokens and cost. It outlives the person, conversation
 * and page that it names.
 */
export const aiUsageLogs = pgTable(
  'ai_usage_logs',
  {
    id: cuid(),
    userId: text('userId'),
    conversationId: text('conversationId'),
    pageId: text('pageId'),
    provider: aiProvider('provider').notNull(),
    model: text('model').notNull(),
    inputTokens: integer('inputTokens').notNull().default(0),
    outputTokens: integer('outputTokens').notNull().default(0),
    totalTokens: bigint('totalTokens', { mode: 'number' }).generatedAlwaysAs(
      sql`"inputTokens"::bigint + "outputTokens"`,
    ),
    /** In millionths of a dollar; null if the price is unknown. */
    costMicros: bigint('costMicros', { mode: 'number' }),
    durationMs: integer('durationMs'),
    success: boolean('success').notNull(),
    error: text('error'),
    metadata: jsonb('metadata').$type<AiUsageMetadata>(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'ai_usage_logs_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    foreignKey({
      name: 'ai_usage_logs_conversationId_fkey',
      columns: [t.conversationId],
      foreignColumns: [conversations.id],
    }).onDelete('set null'),
    foreignKey({
      name: 'ai_usage_logs_pageId_fkey',
      columns: [t.pageId],
      foreignColumns: [pages.id],
    }).onDelete('set null'),
    /** Serves a person's requests, latest first, and their sums by day. */
    index('ai_usage_logs_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /** Serves deleting a conversation. */
    index('ai_usage_logs_conversationId_idx').on(t.conversationId),
    /** Serves deleting a page. */
    index('ai_usage_logs_pageId_idx').on(t.pageId),
    check(
      'ai_usage_logs_amounts_check',
      sql`${t.inputTokens} >= 0 and ${t.outputTokens} >= 0 and ${t.costMicros} >= 0 and ${t.durationMs} >= 0`,
    ),
  ],
);

const aiUsageLogFields = {
  model: line(200),
  inputTokens: optional(atLeast(0)),
  outputTokens: optional(atLeast(0)),
  costMicros: optional(atLeast(0)),
  durationMs: optional(atLeast(0)),
  error: optional(prose(10_000)),
  metadata: aiUsageMetadataSchema.nullish(),
};
export const insertAiUsageLogSchema = createInsertSchema(aiUsageLogs, aiUsageLogFields);
export const selectAiUsageLogSchema = createSelectSchema(aiUsageLogs);
export const updateAiUsageLogSchema = createUpdateSchema(aiUsageLogs, aiUsageLogFields).omit({
  ...immutable,
  userId: true,
});
export type AiUsageLog = typeof aiUsageLogs.$inferSelect;
export type NewAiUsageLog = typeof aiUsageLogs.$inferInsert;
