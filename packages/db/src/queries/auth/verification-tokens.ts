import { hashToken, issueToken, mapConstraints, parseInput, transaction } from '@reference/kit';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertVerificationTokenSchema,
  users,
  type VerificationTokenType,
  verificationTokens,
} from '../../schema/auth.ts';
import { onlyRow } from '../rows.ts';
import { endOfLife, type Issued, noSuchUser, presentVersion } from './issued.ts';
import { lockUser } from './locked-user.ts';

const issueSchema = insertVerificationTokenSchema.pick({ userId: true, type: true });
const consumeSchema = insertVerificationTokenSchema
  .pick({ type: true })
  .extend({ token: z.string() });

const lifetimes: Record<VerificationTokenType, number> = {
  EMAIL: 86_400,
  PASSWORD_RESET: 3600,
  MAGIC_LINK: 900,
};

/**
 * Issues a one-time link. Older unused links of the same type stop working.
 *
 * @param params.lifetimeSeconds default a day for EMAIL, an hour for PASSWORD_RESET, a quarter of
 *   an hour for MAGIC_LINK
 * @throws NotFoundError when there is no such user
 */
export async function issueVerificationToken(
  db: Db,
  params: z.input<typeof issueSchema> & { lifetimeSeconds?: number },
): Promise<Issued> {
  const { lifetimeSeconds, ...input } = params;
  const { userId, type } = parseInput(issueSchema, input);
  const { token, tokenHash } = issueToken('ver');
  return transaction(db, async (tx) => {
    // Two concurrent calls would each delete the older links, and leave both new ones working.
    await lockUser(tx, userId);
    await tx
      .delete(verificationTokens)
      .where(
        and(
          eq(verificationTokens.userId, userId),
          eq(verificationTokens.type, type),
          isNull(verificationTokens.usedAt),
        ),
      );
    const rows = await mapConstraints(
      tx
        .insert(verificationTokens)
        .values({
          userId,
          type,
          tokenHash,
          tokenVersion: presentVersion(userId),
          expiresAt: endOfLife(lifetimeSeconds ?? lifetimes[type]),
        })
        .returning({ id: verificationTokens.id, expiresAt: verificationTokens.expiresAt }),
      { verification_tokens_userId_fkey: noSuchUser },
    );
    return { ...onlyRow(rows), token };
  });
}

/**
 * Uses a one-time link. If several uses come at the same moment, one gets the user.
 *
 * @returns the user's id; undefined for a link that is unknown, of another type, expired, used, or
 *   void because the user's tokenVersion was raised
 */
export async function consumeVerificationToken(
  db: Db,
  params: z.input<typeof consumeSchema>,
): Promise<{ userId: string } | undefined> {
  const { token, type } = parseInput(consumeSchema, params);
  const [used] = await db
    .update(verificationTokens)
    .set({ usedAt: sql`now()` })
    .from(users)
    .where(
      and(
        eq(verificationTokens.tokenHash, hashToken(token)),
        eq(verificationTokens.type, type),
        isNull(verificationTokens.usedAt),
        gt(verificationTokens.expiresAt, sql`now()`),
        eq(users.id, verificationTokens.userId),
        eq(users.tokenVersion, verificationTokens.tokenVersion),
      ),
    )
    .returning({ userId: verificationTokens.userId });
  return used;
}
