import {
  ConflictError,
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  transaction,
} from '@reference/kit';
import { and, desc, eq, ne, or, sql } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { drives, type Favorite, favorites, type PageType, pages } from '../../schema/index.ts';
import { lockUser } from '../auth/locked-user.ts';
import { hasPageRight, seesDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { requireDrive } from './drives.ts';
import { noSuchDrive } from './locked-drive.ts';
import { noSuchPage, requirePageRight } from './page-rights.ts';
import { positionBetween } from './position.ts';

const favoriteDetail = {
  id: favorites.id,
  userId: favorites.userId,
  pageId: favorites.pageId,
  driveId: favorites.driveId,
  position: favorites.position,
  createdAt: favorites.createdAt,
  updatedAt: favorites.updatedAt,
};

/** A page or a drive, never both. */
export type FavoriteTarget = { readonly pageId: string } | { readonly driveId: string };

/** A favourite with the title and type of its target. */
export type ListedFavorite = Favorite & { title: string; pageType: PageType | null };

/**
 * Adds a page or a drive to the end of the user's favourites. A second call changes nothing.
 * @throws NotFoundError when the user may not see it
 */
export async function addFavorite(
  db: Db,
  { userId, target }: { userId: string; target: FavoriteTarget },
): Promise<Favorite> {
  if ('pageId' in target) {
    await requirePageRight(db, { userId, pageId: target.pageId, right: 'canView' });
  } else {
    await requireDrive(db, { userId, driveId: target.driveId });
  }
  return transaction(db, async (tx) => {
    await lockUser(tx, userId);
    const [last] = await tx
      .select({ position: favorites.position })
      .from(favorites)
      .where(eq(favorites.userId, userId))
      .orderBy(desc(favorites.position))
      .limit(1);
    const position = (last?.position ?? 0) + 1;
    // The update changes nothing but locks the row, so that an existing one is not removed before
    // it is read.
    const rows = await mapConstraints(
      tx
        .insert(favorites)
        .values({ userId, ...target, position })
        .onConflictDoUpdate({
          target: [favorites.userId, 'pageId' in target ? favorites.pageId : favorites.driveId],
          set: { position: sql`${favorites.position}`, updatedAt: sql`${favorites.updatedAt}` },
        })
        .returning(favoriteDetail),
      { favorites_pageId_fkey: noSuchPage, favorites_driveId_fkey: noSuchDrive },
    );
    return onlyRow(rows);
  });
}

const isTarget = (userId: string, target: FavoriteTarget) =>
  and(
    eq(favorites.userId, userId),
    'pageId' in target
      ? eq(favorites.pageId, target.pageId)
      : eq(favorites.driveId, target.driveId),
  );

/** @returns whether it was a favourite */
export async function removeFavorite(
  db: Db,
  { userId, target }: { userId: string; target: FavoriteTarget },
): Promise<boolean> {
  const removed = await db
    .delete(favorites)
    .where(isTarget(userId, target))
    .returning({ id: favorites.id });
  return removed.length > 0;
}

const listOrder = keyset([{ column: favorites.position }, { column: favorites.id }]);

/** Lists a user's favourites in their order, without those that the user may no longer see. */
export async function listFavorites(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<ListedFavorite>> {
  return listPage(listOrder, params, (seek) =>
    db
      .select({
        ...favoriteDetail,
        title: sql<string>`coalesce(${pages.title}, ${drives.name})`,
        pageType: pages.type,
        ...seek.select,
      })
      .from(favorites)
      .leftJoin(pages, eq(pages.id, favorites.pageId))
      .leftJoin(drives, eq(drives.id, favorites.driveId))
      .where(
        and(
          eq(favorites.userId, params.userId),
          or(
            and(sql`${pages.id} is not null`, hasPageRight(params.userId, 'canView')),
            and(sql`${drives.id} is not null`, seesDrive(params.userId)),
          ),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Moves a favourite within its user's list.
 *
 * @param params.before the id of the favourite to stand above; null for the end
 * @throws NotFoundError when the user has no such favourite
 * @throws InvalidInputError when `before` is not another of the user's favourites
 */
export async function moveFavorite(
  db: Db,
  params: { userId: string; favoriteId: string; before: string | null },
): Promise<Favorite> {
  const { userId, favoriteId } = params;
  return transaction(db, async (tx) => {
    await lockUser(tx, userId);
    const position = (await placeBefore(tx, params)) ?? (await placeAfterRenumbering(tx, params));
    const [moved] = await tx
      .update(favorites)
      .set({ position })
      .where(and(eq(favorites.id, favoriteId), eq(favorites.userId, userId)))
      .returning(favoriteDetail);
    if (!moved) throw new NotFoundError('There is no such favourite of yours.');
    return moved;
  });
}

async function placeAfterRenumbering(
  tx: Tx,
  params: { userId: string; favoriteId: string; before: string | null },
): Promise<number> {
  await tx.execute(sql`
    update ${favorites} set "position" = numbered.position
    from (
      select ${favorites.id}, row_number() over (order by ${favorites.position}, ${favorites.id})::real as position
      from ${favorites} where ${favorites.userId} = ${params.userId}
    ) numbered
    where ${favorites.id} = numbered.id and ${favorites.position} <> numbered.position`);
  const position = await placeBefore(tx, params);
  if (position === null) throw new ConflictError('There are too many favourites. Remove some.');
  return position;
}

async function placeBefore(
  tx: Tx,
  { userId, favoriteId, before }: { userId: string; favoriteId: string; before: string | null },
): Promise<number | null> {
  const others = and(eq(favorites.userId, userId), ne(favorites.id, favoriteId));
  const anchor = before === null ? null : await anchorPosition(tx, others, before);
  const [above] = await tx
    .select({ position: favorites.position })
    .from(favorites)
    .where(
      and(
        others,
        anchor === null
          ? undefined
          : sql`(${favorites.position}, ${favorites.id}) < (${anchor}::real, ${before}::text)`,
      ),
    )
    .orderBy(desc(favorites.position), desc(favorites.id))
    .limit(1);
  return positionBetween(above?.position ?? null, anchor);
}

async function anchorPosition(
  tx: Tx,
  others: ReturnType<typeof and>,
  favoriteId: string,
): Promise<number> {
  const [anchor] = await tx
    .select({ position: favorites.position })
    .from(favorites)
    .where(and(others, eq(favorites.id, favoriteId)));
  if (!anchor)
    throw new InvalidInputError('The favourite to place it above is not another of yours.');
  return anchor.position;
}
