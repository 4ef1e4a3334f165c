import { listAccessiblePageIds, pagePermissions, pages } from '@pagespace/db';
import { and, asc, eq, not, or, sql } from 'drizzle-orm';
import { alias, unionAll } from 'drizzle-orm/pg-core';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, rowsBy } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { accessiblePagesInPrisma } from '../prisma/queries.ts';
import { guests, ownedDrives, roleHolders } from '../samples.ts';

type Params = Awaited<ReturnType<typeof guests>>[number];
const limit = 1000;

/** Whether the user sees every page of the drive, and whether also those in the trash. */
const wholeIn = ({ userId, driveId }: Filled<keyof Params>) =>
  sql`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and (m.role = 'ADMIN'
      or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
        and (select not l."isTrashed" from drives l where l.id = ${driveId})))))`;
const managesIn = ({ userId, driveId }: Filled<keyof Params>) =>
  sql`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN'))`;
const wholeInKysely = ({ userId, driveId }: Params) =>
  kyselySql<boolean>`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and (m.role = 'ADMIN'
      or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
        and (select not l."isTrashed" from drives l where l.id = ${driveId})))))`;
const managesInKysely = ({ userId, driveId }: Params) =>
  kyselySql<boolean>`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN'))`;

export const accessiblePages: Benchmark<Params> = {
  name: 'accessible-pages',
  title: 'Accessible pages of a drive',
  about:
    'The ids of the first 1,000 pages that a user may see: guests with grants, holders of a role and owners, a third each.',
  throughput: true,
  targets: hotTargets(),
  samples: async (clients) => {
    const kinds = await Promise.all([guests(clients), roleHolders(clients), ownedDrives(clients)]);
    return kinds[0].flatMap((guest, index) =>
      kinds.map((kind) => kind[index % kind.length] ?? guest),
    );
  },
  comparable: rowsOf,
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, driveId }) => raw`
        (select id from pages
          where "driveId" = ${driveId} and (select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
              or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and (m.role = 'ADMIN'
                or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
                  and (select not l."isTrashed" from drives l where l.id = ${driveId})))))
            and (not "isTrashed" or (select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
              or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN')))
          order by id limit ${limit + 1})
        union all
        (select pages.id
          from (select g."pageId" as id from page_permissions g
            where g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now())) pages
          cross join lateral (select true from pages there
            where there."driveId" = ${driveId} and there.id = pages.id and not there."isTrashed" limit 1) there
          where (select not "isTrashed" from drives where id = ${driveId}) and not (select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
              or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and (m.role = 'ADMIN'
                or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
                  and (select not l."isTrashed" from drives l where l.id = ${driveId})))))
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

const there = alias(pages, 'there');

function inDrizzle(drizzle: Clients['drizzle'], params: Filled<keyof Params>) {
  const { userId, driveId } = params;
  const all = drizzle
    .select({ id: pages.id })
    .from(pages)
    .where(
      and(eq(pages.driveId, driveId), wholeIn(params), or(not(pages.isTrashed), managesIn(params))),
    )
    .orderBy(asc(pages.id))
    .limit(limit + 1);
  const grants = drizzle
    .select({ id: sql<string>`${pagePermissions.pageId}`.as('id') })
    .from(pagePermissions)
    .where(
      and(
        eq(pagePermissions.userId, userId),
        pagePermissions.canView,
        sql`(${pagePermissions.expiresAt} is null or ${pagePermissions.expiresAt} > now())`,
      ),
    )
    .as('pages');
  const inDrive = drizzle
    .select({ isThere: sql`true`.as('isThere') })
    .from(there)
    .where(and(eq(there.driveId, driveId), eq(there.id, pages.id), not(there.isTrashed)))
    .limit(1)
    .as('inDrive');
  const granted = drizzle
    .select({ id: pages.id })
    .from(grants)
    .crossJoinLateral(inDrive)
    .where(
      and(sql`(select not "isTrashed" from drives where id = ${driveId})`, not(wholeIn(params))),
    )
    .orderBy(asc(pages.id))
    .limit(limit + 1);
  return unionAll(all, granted);
}

function inKysely(kysely: Clients['kysely'], params: Params) {
  const { userId, driveId } = params;
  const all = kysely
    .selectFrom('pages')
    .select('id')
    .where('driveId', '=', driveId)
    .where(wholeInKysely(params))
    .where(kyselySql<boolean>`(not "isTrashed" or ${managesInKysely(params)})`)
    .orderBy('id')
    .limit(limit + 1);
  const granted = kysely
    .selectFrom((eb) =>
      eb
        .selectFrom('page_permissions as g')
        .select('g.pageId as id')
        .where('g.userId', '=', userId)
        .where(kyselySql<boolean>`g."canView" and (g."expiresAt" is null or g."expiresAt" > now())`)
        .as('granted'),
    )
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('pages')
          .select(kyselySql<boolean>`true`.as('isThere'))
          .where('driveId', '=', driveId)
          .whereRef('pages.id', '=', 'granted.id')
          .where(kyselySql<boolean>`not pages."isTrashed"`)
          .limit(1)
          .as('inDrive'),
      (join) => join.onTrue(),
    )
    .select('granted.id')
    .where(kyselySql<boolean>`(select not "isTrashed" from drives where id = ${driveId})`)
    .where(kyselySql<boolean>`not ${wholeInKysely(params)}`)
    .orderBy('granted.id')
    .limit(limit + 1);
  // As a subquery, because Kysely sets an order and a limit after the union.
  return kysely
    .selectFrom(all.as('all'))
    .select('id')
    .unionAll((eb) => eb.parens(granted));
}
