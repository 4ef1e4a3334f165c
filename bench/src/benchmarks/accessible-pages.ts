import { listAccessiblePageIds, pagePermissions, pages } from '@pagespace/db';
import { and, asc, eq, not, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, rowsBy } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { accessiblePagesInPrisma } from '../prisma/queries.ts';
import { guests, ownedDrives } from '../samples.ts';

type Params = Awaited<ReturnType<typeof guests>>[number];
const limit = 1000;

const managesIn = ({ userId, driveId }: Filled<keyof Params>) =>
  sql`(select drives."ownerId" = ${userId} or exists (select 1 from drive_members m
    where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN')
    from drives where drives.id = ${driveId})`;
const managesInKysely = (userId: string, driveId: string) =>
  kyselySql<boolean>`(select drives."ownerId" = ${userId} or exists (select 1 from drive_members m
    where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN')
    from drives where drives.id = ${driveId})`;

export const accessiblePages: Benchmark<Params> = {
  name: 'accessible-pages',
  title: 'Accessible pages of a drive',
  about:
    'The ids of the first 1,000 pages that a user may see: guests with grants and owners, half and half.',
  throughput: true,
  targets: hotTargets(),
  samples: async (clients) => {
    const [someGuests, owners] = await Promise.all([guests(clients), ownedDrives(clients)]);
    return someGuests.flatMap((guest, index) => [guest, owners[index % owners.length] ?? guest]);
  },
  comparable: rowsOf,
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, driveId }) => raw`
        (select id from pages
          where "driveId" = ${driveId} and (select drives."ownerId" = ${userId} or exists (
            select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN')
            from drives where drives.id = ${driveId})
          order by id limit ${limit + 1})
        union all
        (select pages.id from page_permissions g join pages on pages."driveId" = ${driveId} and pages.id = g."pageId"
          where g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now())
            and not pages."isTrashed" and (select not "isTrashed" from drives where id = ${driveId})
            and (select drives."ownerId" = ${userId} or exists (
              select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN')
              from drives where drives.id = ${driveId}) is not true
          order by pages.id limit ${limit + 1})`,
    },
    {
      name: 'this project',
      run: ({ userId, driveId }) => listAccessiblePageIds(db, { userId, driveId, limit }),
    },
    { name: 'plain Drizzle', run: (params) => inDrizzle(drizzle, params) },
    {
      name: 'Drizzle, prepared',
      run: rowsBy(inDrizzle(drizzle, placeholders).prepare('accessible_pages')),
    },
    {
      name: 'Drizzle 1.0, prepared',
      run: rowsBy(drizzleNext.accessiblePages, { limit: limit + 1 }),
    },
    { name: 'Kysely', run: (params) => inKysely(kysely, params).execute() },
    {
      name: 'Kysely, prepared',
      run: compiledOnce(preparingKysely, ['userId', 'driveId'], (params) =>
        inKysely(preparingKysely, params),
      ),
    },
    ...prismaContestant(prisma, (client, params: Params) =>
      accessiblePagesInPrisma(client, params, limit + 1),
    ),
  ],
};

const placeholders = { userId: sql.placeholder('userId'), driveId: sql.placeholder('driveId') };

function inDrizzle(drizzle: Clients['drizzle'], params: Filled<keyof Params>) {
  const { userId, driveId } = params;
  const managed = drizzle
    .select({ id: pages.id })
    .from(pages)
    .where(and(eq(pages.driveId, driveId), managesIn(params)))
    .orderBy(asc(pages.id))
    .limit(limit + 1);
  const granted = drizzle
    .select({ id: pages.id })
    .from(pagePermissions)
    .innerJoin(pages, and(eq(pages.driveId, driveId), eq(pages.id, pagePermissions.pageId)))
    .where(
      and(
        eq(pagePermissions.userId, userId),
        pagePermissions.canView,
        sql`(${pagePermissions.expiresAt} is null or ${pagePermissions.expiresAt} > now())`,
        not(pages.isTrashed),
        sql`(select not "isTrashed" from drives where id = ${driveId})`,
        sql`${managesIn(params)} is not true`,
      ),
    )
    .orderBy(asc(pages.id))
    .limit(limit + 1);
  return unionAll(managed, granted);
}

function inKysely(kysely: Clients['kysely'], { userId, driveId }: Params) {
  const granted = kysely
    .selectFrom('page_permissions as g')
    .innerJoin('pages', (join) =>
      join.on('pages.driveId', '=', driveId).onRef('pages.id', '=', 'g.pageId'),
    )
    .select('pages.id')
    .where('g.userId', '=', userId)
    .where(kyselySql<boolean>`g."canView" and (g."expiresAt" is null or g."expiresAt" > now())`)
    .where(kyselySql<boolean>`not pages."isTrashed"`)
    .where(kyselySql<boolean>`(select not "isTrashed" from drives where id = ${driveId})`)
    .where(kyselySql<boolean>`${managesInKysely(userId, driveId)} is not true`)
    .orderBy('pages.id')
    .limit(limit + 1);
  const managed = kysely
    .selectFrom('pages')
    .select('pages.id')
    .where('driveId', '=', driveId)
    .where(managesInKysely(userId, driveId))
    .orderBy('pages.id')
    .limit(limit + 1);
  // As a subquery, because Kysely sets an order and a limit after the union.
  return kysely
    .selectFrom(managed.as('managed'))
    .select('id')
    .unionAll((eb) => eb.parens(granted));
}
