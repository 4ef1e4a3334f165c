import { createId } from '@paralleldrive/cuid2';
import { hashToken, issueToken, mapConstraints, transaction } from '@reference/kit';
import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { type RefreshToken, refreshTokens, users } from '../../schema/auth.ts';
import { onlyRow } from '../rows.ts';
import { endOfLife, type Issued, noSuchUser, presentVersion } from './issued.ts';

const ninetyDays = 90 * 86_400;

/**
 * Starts a family of refresh tokens: those of one sign-in and its renewals.
 *
 * @param params.lifetimeSeconds default 90 days
 * @throws NotFoundError when there is no such user
 */
export async function issueRefreshToken(
  db: Db,
  params: { userId: string; lifetimeSeconds?: number },
): Promise<Issued> {
  const { token, ...stored } = issueToken('ref');
  const rows = await mapConstraints(
    db
      .insert(refreshTokens)
      .values({
        ...stored,
        userId: params.userId,
        tokenVersion: presentVersion(params.userId),
        familyId: createId(),
        expiresAt: endOfLife(params.lifetimeSeconds ?? ninetyDays),
      })
      .returning({ id: refreshTokens.id, expiresAt: refreshTokens.expiresAt }),
    { refresh_tokens_userId_fkey: noSuchUser },
  );
  return { ...onlyRow(rows), token };
}

/**
 * The result of a rotation. `reused` means that a token was used twice, so one of the two users is
 * a thief: the whole family is now revoked, and the person must sign in again.
 */
export type Rotation =
  | { outcome: 'rotated'; userId: string; issued: Issued }
  | { outcome: 'reused'; userId: string; revoked: number }
  | { outcome: 'invalid' };

/**
 * Exchanges a refresh token for its successor, once. A second use, also a concurrent one, revokes
 * the family (RFC 9700, section 4.14.2).
 *
 * The outcome is a value and not an error, because an error inside a caller's transaction would
 * roll back the revocation.
 *
 * @param params.lifetimeSeconds the successor's, default 90 days
 */
export async function rotateRefreshToken(
  db: Db,
  params: { token: string; lifetimeSeconds?: number },
): Promise<Rotation> {
  return transaction(db, async (tx): Promise<Rotation> => {
    const presented = await lockToken(tx, hashToken(params.token));
    if (!presented) return { outcome: 'invalid' };
    const { userId, familyId } = presented;
    if (presented.revokedAt) {
      return { outcome: 'reused', userId, revoked: await revokeFamily(tx, familyId) };
    }
    if (presented.isExpired || presented.isVoid) return { outcome: 'invalid' };

    const { token, ...stored } = issueToken('ref');
    const successor = onlyRow(
      await tx
        .insert(refreshTokens)
        .values({
          ...stored,
          userId,
          familyId,
          tokenVersion: presented.tokenVersion,
          expiresAt: endOfLife(params.lifetimeSeconds ?? ninetyDays),
        })
        .returning({ id: refreshTokens.id, expiresAt: refreshTokens.expiresAt }),
    );
    await tx
      .update(refreshTokens)
      .set({ revokedAt: sql`now()`, replacedById: successor.id })
      .where(eq(refreshTokens.id, presented.id));
    return { outcome: 'rotated', userId, issued: { ...successor, token } };
  });
}

/**
 * Signs out: revokes a token's whole family. An unknown token changes nothing.
 *
 * @returns how many tokens were revoked
 */
export async function revokeRefreshTokens(db: Db, params: { token: string }): Promise<number> {
  return transaction(db, async (tx) => {
    const presented = await lockToken(tx, hashToken(params.token));
    return presented ? revokeFamily(tx, presented.familyId) : 0;
  });
}

/**
 * Deletes tokens that expired before an instant, oldest first, one batch a call.
 *
 * @param params.batch rows at most, default 1,000
 * @returns how many were deleted; fewer than `batch` means that none are left
 */
export async function purgeRefreshTokens(
  db: Db,
  params: { expiredBefore: Date; batch?: number },
): Promise<number> {
  const expired = db
    .select({ id: refreshTokens.id })
    .from(refreshTokens)
    .where(lt(refreshTokens.expiresAt, params.expiredBefore))
    .orderBy(refreshTokens.expiresAt)
    .limit(params.batch ?? 1000)
    .for('update', { skipLocked: true });
  const purged = await db
    .delete(refreshTokens)
    .where(inArray(refreshTokens.id, expired))
    .returning({ id: refreshTokens.id });
  return purged.length;
}

type LockedToken = Pick<
  RefreshToken,
  'id' | 'userId' | 'familyId' | 'tokenVersion' | 'revokedAt'
> & { isExpired: boolean; isVoid: boolean };

/**
 * Reads a token once no other transaction can rotate or revoke one of this user's. It locks the
 * user's row, because with a lock on the token alone, a successor made meanwhile from another token
 * of the family would escape the revocation.
 */
async function lockToken(tx: Tx, tokenHash: string): Promise<LockedToken | undefined> {
  const owner = tx
    .select({ userId: refreshTokens.userId })
    .from(refreshTokens)
    .where(eq(refreshTokens.tokenHash, tokenHash));
  await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, owner))
    .limit(1)
    .for('no key update');
  // A second statement, so that it sees the commit of the lock's last holder.
  const [token] = await tx
    .select({
      id: refreshTokens.id,
      userId: refreshTokens.userId,
      familyId: refreshTokens.familyId,
      tokenVersion: refreshTokens.tokenVersion,
      revokedAt: refreshTokens.revokedAt,
      isExpired: sql<boolean>`${refreshTokens.expiresAt} <= now()`,
      isVoid: sql<boolean>`${refreshTokens.tokenVersion} <> ${users.tokenVersion}`,
    })
    .from(refreshTokens)
    .innerJoin(users, eq(users.id, refreshTokens.userId))
    .where(eq(refreshTokens.tokenHash, tokenHash))
    .limit(1);
  return token;
}

async function revokeFamily(tx: Tx, familyId: string): Promise<number> {
  const revoked = await tx
    .update(refreshTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(refreshTokens.familyId, familyId), isNull(refreshTokens.revokedAt)))
    .returning({ id: refreshTokens.id });
  return revoked.length;
}
