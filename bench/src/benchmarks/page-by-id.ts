import { getPage, pages } from '@pagespace/db';
import { and, eq, sql } from 'drizzle-orm';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, firstOf } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { pageInPrisma } from '../prisma/queries.ts';
import { visiblePages } from '../samples.ts';
import {
  mayViewInDrizzle,
  mayViewInKysely,
  shownParentInDrizzle,
  shownParentInKysely,
} from './access-conditions.ts';
import { pageDetail, pageDetailNames } from './columns.ts';

type Params = Awaited<ReturnType<typeof visiblePages>>[number];

export const pageById: Benchmark<Params> = {
  name: 'page-by-id',
  title: 'Page by id',
  about: 'One page with all its columns, if this user may see it.',
  throughput: true,
  targets: hotTargets(),
  samples: visiblePages,
  comparable: (result) => rowsOf(Array.isArray(result) ? result : [result]),
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, pageId }) => raw`
        select pages."id", pages."driveId",
          case when pages."parentId" is not null and (
              exists (select 1 from page_permissions g where g."pageId" = pages."parentId" and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
              or exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
              or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
                or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")))))
            then pages."parentId" end as "parentId",
          pages."title", pages."type", pages."position",
          pages."revision", pages."isTrashed", pages."trashedAt", pages."lastViewedAt", pages."createdAt",
          pages."updatedAt", pages."originalParentId", pages."content", pages."aiProvider", pages."aiModel",
          pages."systemPrompt", pages."enabledTools", pages."fileSize", pages."mimeType",
          pages."originalFileName", pages."filePath", pages."fileMetadata", pages."processingStatus",
          pages."processingError", pages."processedAt", pages."extractionMethod", pages."extractionMetadata",
          pages."contentHash"
        from pages
        where pages.id = ${pageId} and ((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
          or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
            or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
              and not pages."isTrashed" and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))))
          or (not pages."isTrashed"
            and exists (select 1 from page_permissions g where g."pageId" = pages.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
            and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))`,
    },
    { name: 'this project', run: (params) => getPage(db, params) },
    {
      name: 'plain Drizzle',
      run: (params) => inDrizzle(drizzle, params).then(([page]) => page),
    },
    {
      name: 'Drizzle, prepared',
      run: firstOf(inDrizzle(drizzle, placeholders).prepare('page_by_id')),
    },
    { name: 'Drizzle 1.0, prepared', run: firstOf(drizzleNext.pageById) },
    { name: 'Kysely', run: (params) => inKysely(kysely, params).executeTakeFirst() },
    {
      name: 'Kysely, prepared',
      run: compiledOnce(preparingKysely, ['userId', 'pageId'], (params) =>
        inKysely(preparingKysely, params),
      ),
    },
    ...prismaContestant(prisma, pageInPrisma),
  ],
};

const placeholders = { userId: sql.placeholder('userId'), pageId: sql.placeholder('pageId') };

const inDrizzle = (drizzle: Clients['drizzle'], { userId, pageId }: Filled<'userId' | 'pageId'>) =>
  drizzle
    .select({ ...pageDetail, parentId: shownParentInDrizzle(userId) })
    .from(pages)
    .where(and(eq(pages.id, pageId), mayViewInDrizzle(userId)));

const inKysely = (
  kysely: Clients['kysely'],
  { userId, pageId }: Pick<Params, 'userId' | 'pageId'>,
) =>
  kysely
    .selectFrom('pages')
    .select(pageDetailNames)
    .select(shownParentInKysely(userId).as('parentId'))
    .where('id', '=', pageId)
    .where(mayViewInKysely(userId));
