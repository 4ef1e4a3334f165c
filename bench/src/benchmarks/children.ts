import { listChildPages, pages } from '@pagespace/db';
import { and, asc, eq, sql } from 'drizzle-orm';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, rowsBy } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { childrenInPrisma } from '../prisma/queries.ts';
import { parents } from '../samples.ts';
import {
  mayViewInDrizzle,
  mayViewInKysely,
  shownParentInDrizzle,
  shownParentInKysely,
} from './access-conditions.ts';
import { pageSummary, pageSummaryNames } from './columns.ts';

type Params = Awaited<ReturnType<typeof parents>>[number];
const limit = 50;

export const children: Benchmark<Params> = {
  name: 'children',
  title: 'Children of a page',
  about: 'The first 50 children that this user may see, in order, with a cursor.',
  throughput: true,
  targets: hotTargets(),
  samples: parents,
  comparable: rowsOf,
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, driveId, parentId }) => raw`
        select pages."id", pages."driveId",
          case when pages."parentId" is not null and (
              exists (select 1 from page_permissions g where g."pageId" = pages."parentId" and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
              or exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
              or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
                or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")))))
            then pages."parentId" end as "parentId",
          pages."title", pages."type", pages."position",
          pages."revision", pages."isTrashed", pages."trashedAt", pages."lastViewedAt", pages."createdAt",
          pages."updatedAt",
          jsonb_build_array(pages.position::text, pages.id)::text as "cursorKey"
        from pages
        where pages."driveId" = ${driveId} and pages."parentId" = ${parentId} and pages."isTrashed" = ${false}
          and ((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
          or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
            or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
              and not pages."isTrashed" and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))))
          or (not pages."isTrashed"
            and exists (select 1 from page_permissions g where g."pageId" = pages.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
            and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))
        order by pages.position, pages.id limit ${limit + 1}`,
    },
    {
      name: 'this project',
      run: ({ userId, driveId, parentId }) =>
        listChildPages(db, { userId, driveId, parentId, limit }),
    },
    { name: 'plain Drizzle', run: (params) => inDrizzle(drizzle, params) },
    {
      name: 'Drizzle, prepared',
      run: rowsBy(inDrizzle(drizzle, placeholders).prepare('children')),
    },
    { name: 'Drizzle 1.0, prepared', run: rowsBy(drizzleNext.children, { limit: limit + 1 }) },
    { name: 'Kysely', run: (params) => inKysely(kysely, params).execute() },
    {
      name: 'Kysely, prepared',
      run: compiledOnce(preparingKysely, ['userId', 'driveId', 'parentId'], (params) =>
        inKysely(preparingKysely, params),
      ),
    },
    ...prismaContestant(prisma, (client, params: Params) =>
      childrenInPrisma(client, params, limit + 1),
    ),
  ],
};

const placeholders = {
  userId: sql.placeholder('userId'),
  driveId: sql.placeholder('driveId'),
  parentId: sql.placeholder('parentId'),
};

const inDrizzle = (
  drizzle: Clients['drizzle'],
  { userId, driveId, parentId }: Filled<keyof Params>,
) =>
  drizzle
    .select({
      ...pageSummary,
      parentId: shownParentInDrizzle(userId),
      cursorKey: sql<string>`jsonb_build_array(${pages.position}::text, ${pages.id})::text`,
    })
    .from(pages)
    .where(
      and(
        eq(pages.driveId, driveId),
        eq(pages.parentId, parentId),
        eq(pages.isTrashed, false),
        mayViewInDrizzle(userId),
      ),
    )
    .orderBy(asc(pages.position), asc(pages.id))
    .limit(limit + 1);

const inKysely = (kysely: Clients['kysely'], { userId, driveId, parentId }: Params) =>
  kysely
    .selectFrom('pages')
    .select(pageSummaryNames)
    .select(shownParentInKysely(userId).as('parentId'))
    .select(kyselySql<string>`jsonb_build_array(position::text, id)::text`.as('cursorKey'))
    .where('driveId', '=', driveId)
    .where('parentId', '=', parentId)
    .where('isTrashed', '=', false)
    .where(mayViewInKysely(userId))
    .orderBy('position')
    .orderBy('id')
    .limit(limit + 1);
