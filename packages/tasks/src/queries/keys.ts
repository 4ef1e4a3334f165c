import { type Keyring, mapConstraints, NotFoundError, parseInput } from '@reference/kit';
import { and, asc, eq, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { secretSchema } from '../schema/fields.ts';
import { type Key, type KeyProvider, keyProvider, keys } from '../schema/keys.ts';
import { noSuchUser } from './refusals.ts';
import { maskSecret, sealedPlace } from './secrets.ts';

const summaryColumns = {
  id: keys.id,
  provider: keys.provider,
  valueHint: keys.valueHint,
  createdAt: keys.createdAt,
  updatedAt: keys.updatedAt,
};

/** An API key with its hint, without its value. */
export type KeySummary = Pick<Key, keyof typeof summaryColumns>;

const setKeySchema = z.strictObject({
  provider: z.enum(keyProvider.enumValues),
  value: secretSchema,
});

/**
 * Stores a user's API key at a provider, in place of the former one.
 *
 * A new value gets a new row id, because a sealed value is bound to its row's id, which an upsert
 * does not know before it runs. Nothing refers to these ids. It is one statement.
 *
 * @param params.value the key in clear; it is sealed before it is sent to the database
 * @throws InvalidInputError when the value is empty, too long or more than one line
 * @throws NotFoundError when there is no such user
 */
export async function setKey(
  db: Db,
  {
    userId,
    keyring,
    ...input
  }: z.input<typeof setKeySchema> & { readonly userId: string; readonly keyring: Keyring },
): Promise<KeySummary> {
  const { provider, value } = parseInput(setKeySchema, input);
  const id = nanoid();
  const sealed = {
    id,
    value: await keyring.seal(value, keyPlace(id, userId)),
    valueHint: maskSecret(value),
  };
  const [key] = await mapConstraints(
    db
      .insert(keys)
      .values({ userId, provider, ...sealed })
      .onConflictDoUpdate({
        target: [keys.userId, keys.provider],
        set: { ...sealed, updatedAt: sql`now()` },
      })
      .returning(summaryColumns),
    { keys_user_id_fkey: noSuchUser },
  );
  if (!key) throw noSuchKey();
  return key;
}

/**
 * Decrypts a user's API key.
 *
 * @returns the key in clear, or undefined when the user has none at this provider
 * @throws SealingError when the stored value was moved, is damaged, or its sealing key is gone
 */
export async function getKey(
  db: Db,
  {
    userId,
    provider,
    keyring,
  }: { readonly userId: string; readonly provider: KeyProvider; readonly keyring: Keyring },
): Promise<string | undefined> {
  const [key] = await db
    .select({ id: keys.id, value: keys.value })
    .from(keys)
    .where(and(eq(keys.userId, userId), eq(keys.provider, provider)))
    .limit(1);
  return key && keyring.open(key.value, keyPlace(key.id, userId));
}

/** Lists a user's API keys, at most one a provider, masked. It decrypts none. */
export async function listKeys(
  db: Db,
  { userId }: { readonly userId: string },
): Promise<KeySummary[]> {
  return db
    .select(summaryColumns)
    .from(keys)
    .where(eq(keys.userId, userId))
    .orderBy(asc(keys.provider));
}

/**
 * Deletes a user's API key.
 * @throws NotFoundError
 */
export async function deleteKey(
  db: Db,
  { userId, provider }: { readonly userId: string; readonly provider: KeyProvider },
): Promise<void> {
  const deleted = await db
    .delete(keys)
    .where(and(eq(keys.userId, userId), eq(keys.provider, provider)))
    .returning({ id: keys.id });
  if (deleted.length === 0) throw noSuchKey();
}

const keyPlace = (rowId: string, userId: string) =>
  sealedPlace({ table: 'keys', column: 'value', rowId, userId });

const noSuchKey = () => new NotFoundError('The user has no key at this provider.');
