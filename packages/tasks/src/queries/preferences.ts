import { mapConstraints, parseInput } from '@reference/kit';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database.ts';
import {
  type PreferenceKey,
  type PreferenceValues,
  preferenceDefinitions,
  preferences,
} from '../schema/settings.ts';
import { noSuchUser } from './refusals.ts';
import { readStored } from './stored-values.ts';

/**
 * Gives every preference of a user, with defaults.
 * @throws InvalidInputError when a stored value is malformed
 */
export async function getPreferences(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<PreferenceValues> {
  const keys = Object.keys(preferenceDefinitions);
  const rows = await db
    .select({ key: preferences.key, value: preferences.value })
    .from(preferences)
    .where(and(eq(preferences.userId, userId), inArray(preferences.key, keys)))
    .limit(keys.length);
  const stored = new Map<string, unknown>(rows.map(({ key, value }) => [key, value]));
  const read = <K extends PreferenceKey>(key: K): PreferenceValues[K] => {
    const definition = preferenceDefinitions[key];
    return stored.has(key) ? readStored(definition, key, stored.get(key)) : definition.fallback;
  };
  return {
    theme: read('theme'),
    defaultAgent: read('defaultAgent'),
    paneWidths: read('paneWidths'),
  };
}

/**
 * Stores a user's choice.
 * @throws InvalidInputError when the key is unknown or the value malformed
 * @throws NotFoundError when there is no such user
 */
export async function setPreference<K extends PreferenceKey>(
  db: Db,
  {
    userId,
    key,
    value,
  }: { readonly userId: string; readonly key: K; readonly value: PreferenceValues[K] },
): Promise<PreferenceValues[K]> {
  const { schema } = preferenceDefinitions[checkKey(key)];
  const checked = parseInput(z.object({ value: schema }), { value }).value;
  await mapConstraints(
    db
      .insert(preferences)
      .values({ userId, key, value: checked })
      .onConflictDoUpdate({
        target: [preferences.userId, preferences.key],
        set: { value: checked, updatedAt: sql`now()` },
      }),
    { preferences_user_id_fkey: noSuchUser },
  );
  return checked;
}

/** Resets a preference to its default; a second call changes nothing. */
export async function resetPreference(
  db: Db,
  { userId, key }: { readonly userId: string; readonly key: PreferenceKey },
): Promise<void> {
  await db
    .delete(preferences)
    .where(and(eq(preferences.userId, userId), eq(preferences.key, checkKey(key))));
}

/** Callers without types can pass any key, and an unknown one would read as undefined later. */
function checkKey<K extends PreferenceKey>(key: K): K {
  parseInput(z.object({ key: z.enum(Object.keys(preferenceDefinitions)) }), { key });
  return key;
}
