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
import { type Agent, agent } from './tasks.ts';
import { users } from './users.ts';

/** The schema of one setting's or preference's value, and its default. */
export interface ValueDefinition<T> {
  readonly schema: z.ZodType<T>;
  readonly fallback: T;
}

/** The settings, by key. */
export interface SettingValues {
  /** Messages a user may send in one day (UTC), prompts of new tasks included. */
  maxMessagesPerDay: number;
  /** Minutes that a sandbox may live. */
  maxSandboxDuration: number;
  /** True if finished tasks may merge their own pull requests. */
  autoMerge: boolean;
}
export type SettingKey = keyof SettingValues;

export const settingDefinitions: {
  readonly [K in SettingKey]: ValueDefinition<SettingValues[K]>;
} = {
  maxMessagesPerDay: { schema: z.int().min(0).max(1_000_000), fallback: 50 },
  maxSandboxDuration: { schema: z.int().min(1).max(300), fallback: 300 },
  autoMerge: { schema: z.boolean(), fallback: false },
};

/** The preferences, by key. */
export interface PreferenceValues {
  theme: 'light' | 'dark' | 'system';
  /** Agent and model of a new task; without a model, the agent chooses. */
  defaultAgent: { agent: Agent; model: string | null };
  /** Widths of the panes of the task view, in pixels, from the left. */
  paneWidths: number[];
}
export type PreferenceKey = keyof PreferenceValues;

export const preferenceDefinitions: {
  readonly [K in PreferenceKey]: ValueDefinition<PreferenceValues[K]>;
} = {
  theme: { schema: z.enum(['light', 'dark', 'system']), fallback: 'system' },
  defaultAgent: {
    schema: z.strictObject({
      agent: z.enum(agent.enumValues),
      model: line(100)(z.string()).nullable(),
    }),
    fallback: { agent: 'claude', model: null },
  },
  paneWidths: { schema: z.array(z.int().min(0).max(10_000)).max(4), fallback: [] },
};

/**
 * A row is one user's limit or switch that differs from its default; the operator sets it. The
 * value is JSON.
 */
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

/** A row is a user's own choice, such as the colour theme. */
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
 * A row is the number of messages that a user has sent on one day (UTC). It is not counted over
 * task_messages, because one conditional upsert admits exactly the limit, and deleting a task must
 * give no messages back.
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
const preferenceFields = { key: line(100), value: () => z.json() };
const usageFields = { day: () => z.iso.date(), messages: (field: z.ZodInt) => field.min(0) };

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
