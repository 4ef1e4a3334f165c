import { type Keyring, parseInput, SealingError, transaction } from '@reference/kit';
import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { connectors } from '../schema/connectors.ts';
import { keys } from '../schema/keys.ts';
import { sealingKeyId } from '../schema/sealed.ts';
import { accounts, users } from '../schema/users.ts';
import { type SealedColumn, type SecretRow, sealedPlace } from './secrets.ts';

/** How many values of one column are sealed with one key. */
export interface KeyUsage {
  readonly table: string;
  readonly column: string;
  readonly keyId: string;
  readonly values: number;
}

/** A value that could not be resealed: its key is gone, or it was moved or damaged. */
export interface UnopenedValue {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

export interface RotationReport {
  /** Values this call sealed with the current key. */
  readonly resealed: number;
  /** Values left unchanged, the first 100. */
  readonly unopened: readonly UnopenedValue[];
  /**
   * Values not sealed with the current key at the end of the call: unopened, or written meanwhile.
   */
  readonly remaining: number;
}

const optionsSchema = z.object({ batchSize: z.int().min(1).max(10_000).default(500) });
const maxPasses = 10;
const maxListed = 100;

/**
 * Reseals, in batches, every secret of an older key with the keyring's current one.
 *
 * It may be killed at any instant and run again, because each batch is one statement and finds no
 * resealed value again. It runs while others write, because it replaces a value only if it is still
 * the one that it read. Rows' `updated_at` stays, because nobody changed them.
 *
 * To retire a key: put the new one first in the keyring of every process, run this, and remove the
 * old one when `getKeyRetirement` says so. It covers all users; for operators, not for requests.
 *
 * @param batchSize values per statement, 1 to 10,000; default 500
 * @param onProgress called after each batch with the processed values, of the total at the start
 */
export async function rotateEncryptionKey(
  db: Db,
  {
    keyring,
    onProgress,
    ...options
  }: {
    readonly keyring: Keyring;
    readonly batchSize?: number | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<RotationReport> {
  const { batchSize } = parseInput(optionsSchema, options);
  const isOld = ({ keyId }: KeyUsage) => keyId !== keyring.currentKeyId;
  const listOld = async () => (await listKeyUsage(db)).filter(isOld);
  let old = await listOld();
  const total = count(old);
  const unopened = new Map<string, UnopenedValue>();
  let resealed = 0;
  // More than one pass, because processes with the old keyring may write behind this one.
  for (let pass = 0; pass < maxPasses && old.length > 0; pass++) {
    const before = resealed;
    for (const { table, column, keyId } of old) {
      const place = places.find(({ at }) => at.table === table && at.column === column);
      if (!place) continue;
      for await (const batch of oldValues(db, { place, keyId, batchSize })) {
        const { replacements, failed } = await resealAll(keyring, place, batch);
        for (const { rowId } of failed) {
          unopened.set(`${table}.${column}.${rowId}`, { table, column, rowId });
        }
        resealed += await replace(db, place, replacements);
        onProgress?.(Math.min(resealed + unopened.size, total), total);
      }
    }
    old = await listOld();
    if (resealed === before) break;
  }
  return {
    resealed,
    unopened: [...unopened.values()].slice(0, maxListed),
    remaining: count(old),
  };
}

/**
 * Lists how many values each key has sealed, by column. It reads every sealed value's header; for
 * operators.
 */
export async function listKeyUsage(db: Db): Promise<KeyUsage[]> {
  const usage: KeyUsage[] = [];
  for (const { table, column, at } of places) {
    const keyId = sealingKeyId(column).mapWith(String);
    const rows = await db
      .select({ keyId, values: sql<number>`count(*)::int` })
      .from(table)
      .where(isNotNull(column))
      .groupBy(keyId)
      .orderBy(keyId);
    usage.push(...rows.map((row) => ({ ...at, ...row })));
  }
  return usage;
}

/**
 * Tells whether a key can be removed from the keyring. The answer stays true only if no running
 * process still seals with that key.
 */
export async function getKeyRetirement(
  db: Db,
  { keyId }: { readonly keyId: string },
): Promise<{ readonly keyId: string; readonly remaining: number; readonly retirable: boolean }> {
  let remaining = 0;
  for (const { table, column } of places) {
    remaining += await db.$count(table, and(eq(sealingKeyId(column), keyId), isNotNull(column)));
  }
  return { keyId, remaining, retirable: remaining === 0 };
}

interface Place {
  readonly at: SealedColumn;
  readonly table: PgTable;
  readonly column: AnyPgColumn;
  readonly id: AnyPgColumn;
  readonly userId: AnyPgColumn;
}

const ofUsers = { table: users, id: users.id, userId: users.id };
const ofAccounts = { table: accounts, id: accounts.id, userId: accounts.userId };
const ofKeys = { table: keys, id: keys.id, userId: keys.userId };
const ofConnectors = { table: connectors, id: connectors.id, userId: connectors.userId };

/** Every sealed column; a test compares them with the sealed checks in the database. */
const places: readonly Place[] = [
  { ...ofUsers, column: users.accessToken, at: { table: 'users', column: 'access_token' } },
  { ...ofUsers, column: users.refreshToken, at: { table: 'users', column: 'refresh_token' } },
  {
    ...ofAccounts,
    column: accounts.accessToken,
    at: { table: 'accounts', column: 'access_token' },
  },
  {
    ...ofAccounts,
    column: accounts.refreshToken,
    at: { table: 'accounts', column: 'refresh_token' },
  },
  { ...ofKeys, column: keys.value, at: { table: 'keys', column: 'value' } },
  {
    ...ofConnectors,
    column: connectors.oauthClientSecret,
    at: { table: 'connectors', column: 'oauth_client_secret' },
  },
  { ...ofConnectors, column: connectors.env, at: { table: 'connectors', column: 'env' } },
];

interface StoredValue extends SecretRow {
  readonly sealed: string;
}

/** The values of a column that one key sealed, in batches by row id, as its index holds them. */
async function* oldValues(
  db: Db,
  { place, keyId, batchSize }: { place: Place; keyId: string; batchSize: number },
): AsyncGenerator<StoredValue[]> {
  const { table, column, id, userId } = place;
  let after = '';
  for (;;) {
    const batch = await db
      .select({
        rowId: sql<string>`${id}`,
        userId: sql<string>`${userId}`,
        sealed: sql<string>`${column}`,
      })
      .from(table)
      .where(and(eq(sealingKeyId(column), keyId), isNotNull(column), gt(id, after)))
      .orderBy(asc(id))
      .limit(batchSize);
    const last = batch.at(-1);
    if (!last) return;
    yield batch;
    after = last.rowId;
  }
}

interface Replacement {
  readonly id: string;
  readonly seen: string;
  readonly sealed: string;
}

async function resealAll(keyring: Keyring, place: Place, batch: readonly StoredValue[]) {
  const replacements: Replacement[] = [];
  const failed: SecretRow[] = [];
  for (const { rowId, userId, sealed: seen } of batch) {
    const at = sealedPlace({ ...place.at, rowId, userId });
    try {
      const sealed = await keyring.seal(await keyring.open(seen, at), at);
      replacements.push({ id: rowId, seen, sealed });
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
      failed.push({ rowId, userId });
    }
  }
  return { replacements, failed };
}

/** Replaces a value only if it is still the one that was read; a value written since is newer. */
async function replace(db: Db, place: Place, replacements: Replacement[]): Promise<number> {
  if (replacements.length === 0) return 0;
  const { table, column, id } = place;
  // A transaction of one statement, so that a deadlock of two rotations is retried.
  const replaced = await transaction(db, (tx) =>
    tx.execute(sql`
      update ${table} set ${sql.identifier(column.name)} = batch.sealed
      from jsonb_to_recordset(${JSON.stringify(replacements)}::text::jsonb)
        as batch (id text, seen text, sealed text)
      where ${id} = batch.id and ${column} = batch.seen
      returning ${id}
    `),
  );
  return replaced.length;
}

const count = (usage: readonly KeyUsage[]) => usage.reduce((sum, { values }) => sum + values, 0);
