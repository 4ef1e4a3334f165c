import { snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { nanoidKey, ownerId } from './columns.ts';
import { immutable, line, prose } from './fields.ts';
import { agent } from './tasks.ts';
import { users } from './users.ts';

/**
 * The settings there are: each with the form of its value and what holds for a user without a row.
 * The value is stored as JSON in a text column.
 */
export const settingDefinitions = {
  /** Messages a user may send in one day (UTC), prompts of new tasks included. */
  maxMessagesPerDay: { schema: z.int().min(0).max(1_000_000), default: 50 },
  /** Minutes that a sandbox may live. */
  maxSandboxDuration: { schema: z.int().min(1).max(300), default: 300 },
  /** Whether finished tasks may merge their own pull requests. */
  autoMerge: { schema: z.boolean(), default: false },
} as const;
export type SettingKey = keyof typeof settingDefinitions;
export type SettingValue<K extends SettingKey> = z.infer<(typeof settingDefinitions)[K]['schema']>;
export type SettingValues = { [K in SettingKey]: SettingValue<K> };

/** The preferences there are, in the same form. */
export const preferenceDefinitions = {
  theme: { schema: z.enum(['light', 'dark', 'system']), default: 'system' },
  /** What a new task starts with. */
  defaultAgent: {
    schema: z.object({ agent: z.enum(agent.enumValues), model: z.string().max(100).nullable() }),
    default: { agent: 'claude', model: null },
  },
  /** Widths of the panes of the task view, in pixels. */
  paneWidths: { schema: z.array(z.int().min(0).max(10_000)).max(4), default: [] as number[] },
} as const;
export type PreferenceKey = keyof typeof preferenceDefinitions;
export type PreferenceValue<K extends PreferenceKey> = z.infer<
  (typeof preferenceDefinitions)[K]['schema']
>;
export type PreferenceValues = { [K in PreferenceKey]: PreferenceValue<K> };

/** A row is a limit or switch that differs for one user from its default; the operator sets it. */
export const settings = pgTable(
  'settings',
  {
    id: nanoidKey(),
    userId: ownerId(),
    key: text('key').notNull(),
    value: text('value').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'settings_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a user's settings, and the foreign key. */
    uniqueIndex('settings_user_id_key_key').on(t.userId, t.key),
  ],
);

/** A row is a choice that the user made for themselves, as the colour theme. */
export const preferences = pgTable(
  'preferences',
  {
    id: nanoidKey(),
    userId: ownerId(),
    key: text('key').notNull(),
    value: jsonb('value').$type<PreferenceValues[PreferenceKey]>().notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'preferences_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a user's preferences, and the foreign key. */
    uniqueIndex('preferences_user_id_key_key').on(t.userId, t.key),
  ],
);

/**
 * A row is how many messages a user has sent on one day (UTC). Counted here and not over task_messages:
 * one conditional upsert admits exactly the limit, and deleting a task gives no messages back.
 */
export const dailyUsage = pgTable(
  'daily_usage',
  {
    userId: ownerId(),
    day: date('day', { mode: 'string' }).notNull(),
    messages: integer('messages').notNull(),
    ...snakeTimestamps,
  },
  (t) => [
    /** Serves the daily limit, and the foreign key. */
    primaryKey({ name: 'daily_usage_pkey', columns: [t.userId, t.day] }),
    foreignKey({
      name: 'daily_usage_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    check('daily_usage_messages_check', sql`${t.messages} >= 0`),
  ],
);

const settingFields = { key: line(100), value: prose(2000) };
const preferenceFields = { key: line(100), value: z.json() };
const usageFields = { day: z.iso.date(), messages: (field: z.ZodInt) => field.min(0) };

export const insertSettingSchema = createInsertSchema(settings, settingFields).strict();
export const selectSettingSchema = createSelectSchema(settings);
export const updateSettingSchema = createUpdateSchema(settings, settingFields)
  .omit({ ...immutable, key: true })
  .strict();

export const insertPreferenceSchema = createInsertSchema(preferences, preferenceFields).strict();
export const selectPreferenceSchema = createSelectSchema(preferences, preferenceFields);
export const updatePreferenceSchema = createUpdateSchema(preferences, preferenceFields)
  .omit({ ...immutable, key: true })
  .strict();

export const insertDailyUsageSchema = createInsertSchema(dailyUsage, usageFields).strict();
export const selectDailyUsageSchema = createSelectSchema(dailyUsage);
export const updateDailyUsageSchema = createUpdateSchema(dailyUsage, usageFields)
  .omit({ userId: true, day: true, createdAt: true, updatedAt: true })
  .strict();

export type Setting = typeof settings.$inferSelect;
export type NewSetting = typeof settings.$inferInsert;
export type Preference = typeof preferences.$inferSelect;
export type NewPreference = typeof preferences.$inferInsert;
export type DailyUsage = typeof dailyUsage.$inferSelect;
export type NewDailyUsage = typeof dailyUsage.$inferInsert;
