import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import type { Database, Transaction } from './database.ts';
import { ConflictError } from './errors.ts';
import { parseInput } from './input.ts';
import { idempotencyKeys } from './tables/idempotency-keys.ts';
import { hashToken } from './tokens.ts';
import { transaction } from './transaction.ts';

type Schema = Record<string, unknown>;
/** The type of an answer: it is stored as JSON and given again. */
export type Json = z.infer<ReturnType<typeof z.json>>;

const requestSchema = z.object({
  scope: z.string().min(1).max(200),
  key: z.string().min(1).max(255),
  request: z.unknown(),
  lifetimeSeconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(86_400),
});

const longestAnswer = 1_000_000;

/**
 * Answers a request once, however often it is sent, also at the same moment: the key, the effect and
 * the answer commit together. A repetition gets the stored answer; one that arrives while the first
 * runs waits for it. If `work` throws, or the process dies, nothing is stored and the key is free.
 *
 * @param params.scope the key's owner and purpose, such as `createPage <user id>`; it is part of
 *   the key, so that nobody gets another's answer
 * @param params.key the client's key for this request; only its hash is stored
 * @param params.request the request as JSON; the same key with another one is a conflict
 * @param params.lifetimeSeconds how long the answer is kept; default a day, at most 30
 * @param work the effect, in the transaction; send effects outside the database from an
 *   outbox. Its answer must hold no secret, because it is stored as it is
 * @returns the answer, and whether it is that of an earlier request
 * @throws ConflictError when the key was used for another request
 * @throws InvalidInputError for a malformed key, or a request or answer that JSON cannot hold
 */
export async function answerOnce<S extends Schema, T extends Json>(
  db: Database<S>,
  params: z.input<typeof requestSchema>,
  work: (tx: Transaction<S>) => Promise<T>,
): Promise<{ readonly answer: T; readonly isReplay: boolean }> {
  const { scope, key, request, lifetimeSeconds } = parseInput(requestSchema, params);
  const requestHash = hashToken(canonicalJson(request));
  const keyHash = hashToken(key);
  const ofKey = and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.keyHash, keyHash));
  return transaction(db, async (tx) => {
    const expiresAt = sql`now() + make_interval(secs => ${lifetimeSeconds})`;
    // A second request waits here for the first to commit, and then gets no row.
    const taken = await tx
      .insert(idempotencyKeys)
      .values({ scope, keyHash, requestHash, expiresAt })
      .onConflictDoUpdate({
        target: [idempotencyKeys.scope, idempotencyKeys.keyHash],
        set: { requestHash, answer: null, expiresAt, createdAt: sql`now()` },
        setWhere: lte(idempotencyKeys.expiresAt, sql`now()`),
      })
      .returning({ keyHash: idempotencyKeys.keyHash });
    if (taken.length === 0) return { answer: await storedAnswer<T>(), isReplay: true };
    const answer = await work(tx);
    const text = canonicalJson(answer);
    parseInput(z.string().max(longestAnswer, 'is too long an answer to keep'), text);
    await tx
      .update(idempotencyKeys)
      .set({ answer: sql`${text}::jsonb` })
      .where(ofKey);
    return { answer, isReplay: false };

    async function storedAnswer<A>(): Promise<A> {
      const [stored] = await tx
        .select({ requestHash: idempotencyKeys.requestHash, answer: idempotencyKeys.answer })
        .from(idempotencyKeys)
        .where(ofKey)
        .limit(1);
      // Purged between the two statements: the client may send it again.
      if (!stored) throw new ConflictError('This key has just expired. Send the request again.');
      if (stored.requestHash !== requestHash) {
        throw new ConflictError(
          'This key was used for another request. Make a new key for each request.',
        );
      }
      return stored.answer as A;
    }
  });
}

/**
 * Deletes keys that have expired, the oldest first.
 *
 * @param params.limit how many at most; default 1,000
 * @returns how many were deleted; call again while it is `limit`
 */
export async function purgeIdempotencyKeys<S extends Schema>(
  db: Database<S>,
  { limit = 1000 } = {},
): Promise<number> {
  const expired = db
    .select({ keyHash: idempotencyKeys.keyHash, scope: idempotencyKeys.scope })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, sql`now()`))
    .orderBy(idempotencyKeys.expiresAt)
    .limit(limit)
    .for('update', { skipLocked: true })
    .as('expired');
  const deleted = await db
    .delete(idempotencyKeys)
    .where(
      inArray(
        sql`(${idempotencyKeys.scope}, ${idempotencyKeys.keyHash})`,
        db.select({ scope: expired.scope, keyHash: expired.keyHash }).from(expired),
      ),
    )
    .returning({ keyHash: idempotencyKeys.keyHash });
  return deleted.length;
}
