import {
  ConflictError,
  ForbiddenError,
  type KeysetPage,
  keyset,
  type ListSeek,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, isNotNull, ne, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type Connection,
  type ConnectionStatus,
  connectionStatus,
  connections,
  insertConnectionSchema,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { notify } from '../notifications/notify.ts';
import { isPair, pairOf, refuseSelf } from './pair.ts';

type Pair = { userId: string; otherId: string };

/** When this person of the pair blocked the other; null if they did not. */
const ownBlockOf = (userId: string): SQL =>
  sql`case when ${connections.user1Id} = ${userId} then ${connections.user1BlockedAt} else ${connections.user2BlockedAt} end`;

/** For a user, their own block comes before the other's. */
const standingFor = (userId: string) => ({
  id: connections.id,
  status: connections.status,
  requestedBy: connections.requestedBy,
  requestMessage: connections.requestMessage,
  blockedBy: sql<
    string | null
  >`${sql`case when ${ownBlockOf(userId)} is not null then ${userId}::text else ${connections.blockedBy} end`}`,
  updatedAt: connections.updatedAt,
});
/** The relation of two people. `blockedBy` is the caller, if they blocked the other. */
export type Standing = Pick<Connection, keyof ReturnType<typeof standingFor>>;

/** @returns undefined when the two have no relation */
export async function getConnection(db: Db, params: Pair): Promise<Standing | undefined> {
  const [found] = await db
    .select(standingFor(params.userId))
    .from(connections)
    .where(isPair(connections, params.userId, params.otherId))
    .limit(1);
  return found;
}

/**
 * Asks someone to connect. If they have asked as well, also at the same moment, the two are
 * connected at once.
 *
 * @throws InvalidInputError for a request to oneself, or an oversized message
 * @throws NotFoundError when there is no such user
 * @throws ConflictError when the two are connected, or this user has asked already
 * @throws ForbiddenError when one of the two blocked the other
 */
export async function requestConnection(
  db: Db,
  params: Pair & { message?: string },
): Promise<{ status: ConnectionStatus }> {
  const { userId, otherId } = params;
  refuseSelf(userId, otherId);
  const { requestMessage } = parseInput(insertConnectionSchema.pick({ requestMessage: true }), {
    requestMessage: params.message,
  });
  return transaction(db, async (tx) => {
    const [made] = await mapConstraints(
      tx
        .insert(connections)
        .values({
          ...pairOf(userId, otherId),
          status: 'PENDING',
          requestedBy: userId,
          requestMessage,
        })
        .onConflictDoUpdate({
          target: [connections.user1Id, connections.user2Id],
          set: { status: 'ACCEPTED', acceptedAt: sql`now()` },
          setWhere: and(eq(connections.status, 'PENDING'), ne(connections.requestedBy, userId)),
        })
        .returning({ status: connections.status }),
      {
        connections_user1Id_fkey: noSuchUser,
        connections_user2Id_fkey: noSuchUser,
        connections_requestedBy_fkey: noSuchUser,
      },
    );
    if (!made) throw await refusal(tx, params);
    const accepted = made.status === 'ACCEPTED';
    await notify(tx, {
      type: accepted ? 'CONNECTION_ACCEPTED' : 'CONNECTION_REQUEST',
      recipientIds: [otherId],
      actorId: userId,
      words: (actor) => ({
        title: accepted ? `${actor} is now connected with you` : `${actor} wants to connect`,
        message: requestMessage || 'Open your connections to see it.',
      }),
    });
    return made;
  });
}

async function refusal(db: Db, params: Pair): Promise<Error> {
  const found = await getConnection(db, params);
  if (found?.status === 'ACCEPTED') return new ConflictError('You are connected already.');
  if (found?.status === 'PENDING')
    return new ConflictError('You have asked already. Wait for an answer.');
  if (found?.blockedBy === params.userId) {
    return new ForbiddenError('You blocked this person. Unblock them first.');
  }
  return new ForbiddenError('This person accepts no requests from you.');
}

/**
 * Accepts the other's request.
 * @throws NotFoundError when no request of theirs waits for this user
 */
export async function acceptConnection(db: Db, params: Pair): Promise<void> {
  await transaction(db, async (tx) => {
    const accepted = await tx
      .update(connections)
      .set({ status: 'ACCEPTED', acceptedAt: sql`now()` })
      .where(waitsFor(params))
      .returning({ id: connections.id });
    if (accepted.length === 0) throw noRequest();
    await notify(tx, {
      type: 'CONNECTION_ACCEPTED',
      recipientIds: [params.otherId],
      actorId: params.userId,
      words: (actor) => ({
        title: `${actor} is now connected with you`,
        message: 'Your request was accepted.',
      }),
    });
  });
}

/**
 * Rejects the other's request; they may ask again.
 * @throws NotFoundError when no request of theirs waits for this user
 */
export async function rejectConnection(db: Db, params: Pair): Promise<void> {
  await transaction(db, async (tx) => {
    const rejected = await tx
      .delete(connections)
      .where(waitsFor(params))
      .returning({ id: connections.id });
    if (rejected.length === 0) throw noRequest();
    await notify(tx, {
      type: 'CONNECTION_REJECTED',
      recipientIds: [params.otherId],
      actorId: params.userId,
      words: (actor) => ({
        title: `${actor} does not want to connect`,
        message: 'Your request was declined.',
      }),
    });
  });
}

const waitsFor = ({ userId, otherId }: Pair) =>
  and(
    isPair(connections, userId, otherId),
    eq(connections.status, 'PENDING'),
    eq(connections.requestedBy, otherId),
  );
const noRequest = () => new NotFoundError('No request of this person waits for you.');

/**
 * Ends a connection, or withdraws the user's own request. The other is not notified.
 * @throws NotFoundError when there is neither
 */
export async function removeConnection(db: Db, params: Pair): Promise<void> {
  const { userId, otherId } = params;
  const removed = await db
    .delete(connections)
    .where(
      and(
        isPair(connections, userId, otherId),
        sql`(${connections.status} = 'ACCEPTED' or (${connections.status} = 'PENDING' and ${connections.requestedBy} = ${userId}))`,
      ),
    )
    .returning({ id: connections.id });
  if (removed.length === 0) throw new NotFoundError('You are not connected with this person.');
}

/**
 * Blocks someone, whatever their relation, also if they have blocked this user: each side's block
 * stands until that side lifts it. The other is not notified. A second call changes nothing.
 *
 * @throws InvalidInputError for oneself
 * @throws NotFoundError when there is no such user
 */
export async function blockUser(db: Db, params: Pair): Promise<void> {
  const { userId, otherId } = params;
  refuseSelf(userId, otherId);
  const pair = pairOf(userId, otherId);
  const blocked = {
    status: 'BLOCKED' as const,
    blockedBy: sql`case when ${connections.status} = 'BLOCKED' then ${connections.blockedBy} else ${userId} end`,
    blockedAt: sql`coalesce(${connections.blockedAt}, now())`,
    acceptedAt: null,
    user1BlockedAt: sql`case when ${connections.user1Id} = ${userId} then now() else ${connections.user1BlockedAt} end`,
    user2BlockedAt: sql`case when ${connections.user2Id} = ${userId} then now() else ${connections.user2BlockedAt} end`,
  };
  await mapConstraints(
    db
      .insert(connections)
      .values({
        ...pair,
        status: 'BLOCKED',
        requestedBy: userId,
        blockedBy: userId,
        blockedAt: sql`now()`,
        user1BlockedAt: sql`case when ${pair.user1Id} = ${userId} then now() end`,
        user2BlockedAt: sql`case when ${pair.user2Id} = ${userId} then now() end`,
      })
      .onConflictDoUpdate({
        target: [connections.user1Id, connections.user2Id],
        set: blocked,
        setWhere: sql`${ownBlockOf(userId)} is null`,
      }),
    {
      connections_user1Id_fkey: noSuchUser,
      connections_user2Id_fkey: noSuchUser,
      connections_requestedBy_fkey: noSuchUser,
    },
  );
}

/**
 * Lifts the user's own block. If the other has not blocked this user, the two then have no
 * relation.
 *
 * @throws NotFoundError when this user has not blocked the other
 */
export async function unblockUser(db: Db, params: Pair): Promise<void> {
  const { userId, otherId } = params;
  await transaction(db, async (tx) => {
    const [found] = await tx
      .select({
        id: connections.id,
        own: sql<boolean>`${sql`${ownBlockOf(userId)} is not null`}`,
        other: sql<boolean>`${sql`${ownBlockOf(otherId)} is not null`}`,
      })
      .from(connections)
      .where(isPair(connections, userId, otherId))
      .limit(1)
      .for('update');
    if (!found?.own) throw new NotFoundError('You have not blocked this person.');
    if (!found.other) {
      await tx.delete(connections).where(eq(connections.id, found.id));
      return;
    }
    await tx
      .update(connections)
      .set({
        blockedBy: otherId,
        blockedAt: ownBlockOf(otherId),
        user1BlockedAt: sql`case when ${connections.user1Id} = ${otherId} then ${connections.user1BlockedAt} end`,
        user2BlockedAt: sql`case when ${connections.user2Id} = ${otherId} then ${connections.user2BlockedAt} end`,
      })
      .where(eq(connections.id, found.id));
  });
}

const latestFirst = keyset([
  { column: connections.updatedAt, direction: 'desc' },
  { column: connections.id, direction: 'desc' },
]);

/**
 * Lists a user's connections of one status, the latest change first. It shows only the user's own
 * blocks.
 *
 * @param params.status ACCEPTED, PENDING (both ways; see `requestedBy`) or BLOCKED
 */
export async function listConnections(
  db: Db,
  params: PageRequest & { userId: string; status: ConnectionStatus },
): Promise<KeysetPage<Standing & { otherId: string }>> {
  const { userId } = params;
  const { status } = parseInput(z.object({ status: z.enum(connectionStatus.enumValues) }), params);
  // A person is the lesser id of some pairs and the greater of others, so each side has its index.
  const side = (seek: ListSeek, own: 'user1' | 'user2', other: 'user1' | 'user2') =>
    db
      .select({ ...standingFor(userId), otherId: connections[`${other}Id`], ...seek.select })
      .from(connections)
      .where(
        and(
          eq(connections[`${own}Id`], userId),
          eq(connections.status, status),
          status === 'BLOCKED' ? isNotNull(connections[`${own}BlockedAt`]) : undefined,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit);
  return listPage(latestFirst, params, (seek) =>
    unionAll(side(seek, 'user1', 'user2'), side(seek, 'user2', 'user1'))
      .orderBy(
        seek.reversed ? sql`"updatedAt" asc` : sql`"updatedAt" desc`,
        seek.reversed ? sql`"id" asc` : sql`"id" desc`,
      )
      .limit(seek.limit),
  );
}
