import { createId } from '@paralleldrive/cuid2';
import {
  InvalidInputError,
  type Keyring,
  mapConstraints,
  NotFoundError,
  parseInput,
  SealingError,
} from '@reference/kit';
import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type AiProvider,
  aiProvider,
  insertUserProviderSettingSchema,
  type UserProviderSetting,
  userProviderSettings,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { onlyRow } from '../rows.ts';

const summary = {
  provider: userProviderSettings.provider,
  baseUrl: userProviderSettings.baseUrl,
  hasApiKey: sql<boolean>`${userProviderSettings.encryptedApiKey} is not null`,
  createdAt: userProviderSettings.createdAt,
  updatedAt: userProviderSettings.updatedAt,
};
/** A person's settings at a provider, without the key. */
export type ProviderSummary = Pick<
  UserProviderSetting,
  'provider' | 'baseUrl' | 'createdAt' | 'updatedAt'
> & { readonly hasApiKey: boolean };

interface OfUser {
  readonly userId: string;
  readonly provider: AiProvider;
}

const placeOf = (rowId: string) => ({
  table: 'user_provider_settings',
  column: 'encryptedApiKey',
  rowId,
});

const settingsSchema = insertUserProviderSettingSchema.pick({ baseUrl: true }).extend({
  provider: z.enum(aiProvider.enumValues),
  apiKey: z
    .string()
    .min(1)
    .max(8192)
    // A key with a pasted line break fails at the provider, with an error that does not say why.
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters')
    .nullish(),
});

/**
 * Stores a user's settings at a provider; omitted fields stay unchanged.
 *
 * A new key gets a new row id, because a sealed value is bound to its row's id, which an upsert
 * does not know before it runs. It is one statement.
 *
 * @param params.apiKey in clear; it is sealed before it is sent to the database. Null removes it
 * @param params.baseUrl an address of the user's own; null for the provider's
 * @throws InvalidInputError for an unknown provider, a key with spaces, or a malformed address
 * @throws NotFoundError when there is no such user
 */
export async function setProviderSettings(
  db: Db,
  {
    userId,
    keyring,
    ...input
  }: OfUser & { keyring: Keyring; apiKey?: string | null; baseUrl?: string | null },
): Promise<ProviderSummary> {
  const { provider, apiKey, baseUrl } = parseInput(settingsSchema, input);
  if (apiKey === undefined && baseUrl === undefined) {
    throw new InvalidInputError('Give an apiKey, a baseUrl, or both.');
  }
  const id = createId();
  const changes = {
    ...(typeof apiKey === 'string' && {
      id,
      encryptedApiKey: await keyring.seal(apiKey, placeOf(id)),
    }),
    ...(apiKey === null && { encryptedApiKey: null }),
    ...(baseUrl !== undefined && { baseUrl }),
  };
  const rows = await mapConstraints(
    db
      .insert(userProviderSettings)
      .values({ userId, provider, ...changes })
      .onConflictDoUpdate({
        target: [userProviderSettings.userId, userProviderSettings.provider],
        set: { ...changes, updatedAt: sql`now()` },
      })
      .returning(summary),
    { user_provider_settings_userId_fkey: noSuchUser },
  );
  return onlyRow(rows);
}

/**
 * Opens a user's key at a provider.
 *
 * @returns the key in clear, or undefined when the user has none there
 * @throws SealingError when the stored value was moved, is damaged, or its sealing key is gone
 */
export async function getProviderKey(
  db: Db,
  { userId, provider, keyring }: OfUser & { keyring: Keyring },
): Promise<string | undefined> {
  // One statement reads id and value, so a key that is replaced meanwhile is read whole, old or
  // new.
  const [found] = await db
    .select({ id: userProviderSettings.id, sealed: userProviderSettings.encryptedApiKey })
    .from(userProviderSettings)
    .where(
      and(eq(userProviderSettings.userId, userId), eq(userProviderSettings.provider, provider)),
    )
    .limit(1);
  if (!found?.sealed) return undefined;
  return keyring.open(found.sealed, placeOf(found.id));
}

/** Lists a user's settings at each provider. Reads no key. */
export async function listProviderSettings(
  db: Db,
  { userId }: { userId: string },
): Promise<ProviderSummary[]> {
  return db
    .select(summary)
    .from(userProviderSettings)
    .where(eq(userProviderSettings.userId, userId))
    .orderBy(asc(userProviderSettings.provider))
    .limit(aiProvider.enumValues.length);
}

/**
 * Deletes a user's settings at a provider, the key included.
 * @throws NotFoundError when the user has set up nothing there
 */
export async function deleteProviderSettings(db: Db, { userId, provider }: OfUser): Promise<void> {
  const deleted = await db
    .delete(userProviderSettings)
    .where(
      and(eq(userProviderSettings.userId, userId), eq(userProviderSettings.provider, provider)),
    )
    .returning({ id: userProviderSettings.id });
  if (deleted.length === 0) throw new NotFoundError('You have set up nothing at this provider.');
}

/** The result of a rotation. */
export interface KeyRotation {
  /** Keys that are sealed with the current sealing key now, and were not before. */
  readonly resealed: number;
  /** The owners and providers of keys that did not open and were left unchanged; the first 100. */
  readonly unopened: readonly OfUser[];
}

const batchSize = 200;

/**
 * Reseals every provider key that an older sealing key sealed. It may be killed and run again, also
 * while people read and replace their keys, because it replaces a value only if it is still the one
 * that it read. For operators: a sealing key may leave the keyring once this finds nothing.
 */
export async function rotateProviderKeys(
  db: Db,
  { keyring }: { keyring: Keyring },
): Promise<KeyRotation> {
  const unopened: OfUser[] = [];
  let resealed = 0;
  let last = '';
  for (;;) {
    const batch = await readKeys(db, last);
    const ids: string[] = [];
    const before: string[] = [];
    const after: string[] = [];
    for (const { id, userId, provider, sealed } of batch) {
      last = id;
      if (sealed === null || !keyring.needsReseal(sealed)) continue;
      const plain = await openOrSkip(keyring, sealed, id);
      if (plain === undefined) {
        if (unopened.length < 100) unopened.push({ userId, provider });
        continue;
      }
      ids.push(id);
      before.push(sealed);
      after.push(await keyring.seal(plain, placeOf(id)));
    }
    if (ids.length > 0) {
      const changed = await db
        .update(userProviderSettings)
        // `updatedAt` stays, because nobody changed their settings.
        .set({
          encryptedApiKey: sql`fresh.after`,
          updatedAt: sql`${userProviderSettings.updatedAt}`,
        })
        .from(
          sql`unnest(${sql.param(ids)}::text[], ${sql.param(before)}::text[], ${sql.param(after)}::text[]) as fresh(id, before, after)`,
        )
        .where(
          sql`${userProviderSettings.id} = fresh.id and ${userProviderSettings.encryptedApiKey} = fresh.before`,
        )
        .returning({ id: userProviderSettings.id });
      resealed += changed.length;
    }
    if (batch.length < batchSize) return { resealed, unopened };
  }
}

const readKeys = (db: Db, afterId: string) =>
  db
    .select({
      id: userProviderSettings.id,
      userId: userProviderSettings.userId,
      provider: userProviderSettings.provider,
      sealed: userProviderSettings.encryptedApiKey,
    })
    .from(userProviderSettings)
    .where(
      and(gt(userProviderSettings.id, afterId), isNotNull(userProviderSettings.encryptedApiKey)),
    )
    .orderBy(asc(userProviderSettings.id))
    .limit(batchSize);

async function openOrSkip(
  keyring: Keyring,
  sealed: string,
  rowId: string,
): Promise<string | undefined> {
  try {
    return await keyring.open(sealed, placeOf(rowId));
  } catch (error) {
    if (error instanceof SealingError) return undefined;
    throw error;
  }
}
