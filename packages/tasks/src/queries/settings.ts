import { mapConstraints, parseInput } from '@reference/kit';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import {
  type SettingKey,
  type SettingValues,
  settingDefinitions,
  settings,
} from '../schema/settings.ts';
import { noSuchUser } from './refusals.ts';
import { readStored } from './stored-values.ts';

/**
 * Gives one setting of a user: the stored value, or its default.
 * @throws InvalidInputError when the key is unknown, or the stored value malformed
 */
export async function getSetting<K extends SettingKey>(
  db: Db,
  { userId, key }: { readonly userId: string; readonly key: K },
): Promise<SettingValues[K]> {
  const definition = settingDefinitions[checkKey(key)];
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(and(eq(settings.userId, userId), eq(settings.key, key)))
    .limit(1);
  return row ? readStored(definition, key, parseJson(row.value)) : definition.fallback;
}

/**
 * Gives every setting of a user, with defaults.
 * @throws InvalidInputError when a stored value is malformed
 */
export async function getSettings(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<SettingValues> {
  const rows = await db
    .select({ key: settings.key, value: settings.value })
    .from(settings)
    .where(and(eq(settings.userId, userId), inArray(settings.key, Object.keys(settingDefinitions))))
    .limit(Object.keys(settingDefinitions).length);
  const stored = new Map(rows.map(({ key, value }) => [key, value]));
  const read = <K extends SettingKey>(key: K): SettingValues[K] => {
    const value = stored.get(key);
    const definition = settingDefinitions[key];
    return value === undefined
      ? definition.fallback
      : readStored(definition, key, parseJson(value));
  };
  return {
    maxMessagesPerDay: read('maxMessagesPerDay'),
    maxSandboxDuration: read('maxSandboxDuration'),
    autoMerge: read('autoMerge'),
  };
}

/**
 * Sets a setting for one user. For operators: settings limit a user, so never pass a user's own
 * input.
 *
 * @throws InvalidInputError when the key is unknown or the value malformed
 * @throws NotFoundError when there is no such user
 */
export async function setSetting<K extends SettingKey>(
  db: Db,
  {
    userId,
    key,
    value,
  }: { readonly userId: string; readonly key: K; readonly value: SettingValues[K] },
): Promise<SettingValues[K]> {
  const { schema } = settingDefinitions[checkKey(key)];
  const checked = parseInput(z.object({ value: schema }), { value }).value;
  const text = JSON.stringify(checked);
  await mapConstraints(
    db
      .insert(settings)
      .values({ userId, key, value: text })
      .onConflictDoUpdate({
        target: [settings.userId, settings.key],
        set: { value: text, updatedAt: sql`now()` },
      }),
    { settings_user_id_fkey: noSuchUser },
  );
  return checked;
}

/** Resets a setting to its default; a second call changes nothing. */
export async function resetSetting(
  db: Db,
  { userId, key }: { readonly userId: string; readonly key: SettingKey },
): Promise<void> {
  await db
    .delete(settings)
    .where(and(eq(settings.userId, userId), eq(settings.key, checkKey(key))));
}

/** Callers without types can pass any key, and an unknown one would read as undefined later. */
function checkKey<K extends SettingKey>(key: K): K {
  parseInput(z.object({ key: z.enum(Object.keys(settingDefinitions)) }), { key });
  return key;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
