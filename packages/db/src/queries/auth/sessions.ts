import {
  hashToken,
  issueToken,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseInput,
  prepared,
} from '@reference/kit';
import { and, eq, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertSessionSchema,
  type Session,
  sessions,
  type UserRole,
  users,
} from '../../schema/auth.ts';
import { onlyRow } from '../rows.ts';
import { endOfLife, holds, type Issued, noSuchUser, presentVersion } from './issued.ts';

const issueSessionSchema = insertSessionSchema.pick({
  userId: true,
  userAgent: true,
  ipAddress: true,
});

const thirtyDays = 30 * 86_400;

/**
 * Signs a user in.
 *
 * @param params.lifetimeSeconds default 30 days
 * @throws NotFoundError when there is no such user
 */
export async function issueSession(
  db: Db,
  params: z.input<typeof issueSessionSchema> & { lifetimeSeconds?: number },
): Promise<Issued> {
  const { lifetimeSeconds = thirtyDays, ...input } = params;
  const fields = parseInput(issueSessionSchema, input);
  const { token, ...stored } = issueToken('ses');
  const rows = await mapConstraints(
    db
      .insert(sessions)
      .values({
        ...fields,
        ...stored,
        tokenVersion: presentVersion(fields.userId),
        expiresAt: endOfLife(lifetimeSeconds),
      })
      .returning({ id: sessions.id, expiresAt: sessions.expiresAt }),
    { sessions_userId_fkey: noSuchUser },
  );
  return { ...onlyRow(rows), token };
}

/** The user that a request acts for. */
export interface SessionHolder {
  readonly sessionId: string;
  readonly userId: string;
  readonly email: string;
  readonly displayName: string | null;
  readonly role: UserRole;
  readonly issuedAt: Date;
  readonly lastUsedAt: Date | null;
}

/**
 * Finds the session of a token. It only reads; call `touchSession` to record the use.
 *
 * @returns undefined for an unknown, expired or revoked token, and for one that a raised
 *   tokenVersion has voided
 */
export async function verifySession(
  db: Db,
  params: { token: string },
): Promise<SessionHolder | undefined> {
  const [holder] = await holderOfToken(db, { tokenHash: hashToken(params.token) });
  return holder;
}

const holderOfToken = prepared((db: Db, p: Placeholders<{ tokenHash: string }>) =>
  db
    .select({
      sessionId: sessions.id,
      userId: users.id,
      email: users.email,
      displayName: users.displayName,
      role: users.role,
      issuedAt: sessions.createdAt,
      lastUsedAt: sessions.lastUsedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, p.tokenHash), holds(sessions))),
);

/**
 * Records that a session is in use; writes at most once a minute, however many requests there are.
 */
export async function touchSession(db: Db, params: { sessionId: string }): Promise<void> {
  await db
    .update(sessions)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(sessions.id, params.sessionId),
        or(isNull(sessions.lastUsedAt), lt(sessions.lastUsedAt, sql`now() - interval '1 minute'`)),
      ),
    );
}

const summary = {
  id: sessions.id,
  tokenPrefix: sessions.tokenPrefix,
  userAgent: sessions.userAgent,
  ipAddress: sessions.ipAddress,
  expiresAt: sessions.expiresAt,
  lastUsedAt: sessions.lastUsedAt,
  revokedAt: sessions.revokedAt,
  revokedReason: sessions.revokedReason,
  createdAt: sessions.createdAt,
};
/** A session as its owner sees it listed: neither the token nor its hash. */
export type SessionSummary = Pick<Session, keyof typeof summary>;

const latestFirst = keyset([
  { column: sessions.createdAt, direction: 'desc' },
  { column: sessions.id, direction: 'desc' },
]);

/** Lists a user's sessions, latest first, also those that ended. */
export async function listSessions(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<SessionSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(sessions)
      .where(and(eq(sessions.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Ends one session of a user. Ending it again changes nothing.
 *
 * @throws NotFoundError when this user has no such session
 */
export async function revokeSession(
  db: Db,
  params: { userId: string; sessionId: string; reason?: string },
): Promise<void> {
  const { revokedReason } = parseInput(insertSessionSchema.pick({ revokedReason: true }), {
    revokedReason: params.reason,
  });
  const revoked = await db
    .update(sessions)
    .set({
      revokedAt: sql`coalesce(${sessions.revokedAt}, now())`,
      revokedReason: sql`coalesce(${sessions.revokedReason}, ${revokedReason ?? null})`,
    })
    .where(and(eq(sessions.id, params.sessionId), eq(sessions.userId, params.userId)))
    .returning({ id: sessions.id });
  if (revoked.length === 0) {
    throw new NotFoundError('This user has no such session. List the sessions and choose one.');
  }
}

/**
 * Ends a user's other sessions, or all of them.
 *
 * @param params.exceptSessionId the session to keep
 * @returns how many ended
 */
export async function revokeSessions(
  db: Db,
  params: { userId: string; exceptSessionId?: string; reason?: string },
): Promise<number> {
  const { revokedReason } = parseInput(insertSessionSchema.pick({ revokedReason: true }), {
    revokedReason: params.reason,
  });
  const revoked = await db
    .update(sessions)
    .set({ revokedAt: sql`now()`, revokedReason: revokedReason ?? null })
    .where(
      and(
        eq(sessions.userId, params.userId),
        isNull(sessions.revokedAt),
        params.exceptSessionId === undefined ? undefined : ne(sessions.id, params.exceptSessionId),
      ),
    )
    .returning({ id: sessions.id });
  return revoked.length;
}

/**
 * Deletes sessions that expired before an instant, oldest first, one batch a call.
 *
 * @param params.batch rows at most, default 1,000
 * @returns how many were deleted; fewer than `batch` means that none are left
 */
export async function purgeSessions(
  db: Db,
  params: { expiredBefore: Date; batch?: number },
): Promise<number> {
  const expired = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(lt(sessions.expiresAt, params.expiredBefore))
    .orderBy(sessions.expiresAt)
    .limit(params.batch ?? 1000)
    .for('update', { skipLocked: true });
  const purged = await db
    .delete(sessions)
    .where(inArray(sessions.id, expired))
    .returning({ id: sessions.id });
  return purged.length;
}
