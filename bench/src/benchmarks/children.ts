import { listChildPages, pages } from '@pagespace/db';
import { and, asc, eq, sql } from 'drizzle-orm';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import { parents } from '../samples.ts';
import { mayViewInDrizzle, mayViewInKysely } from './access-conditions.ts';
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
  contestants: ({ db, raw, drizzle, kysely }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, driveId, parentId }) => raw`
        select pages."id", pages."driveId", pages."parentId", pages."title", pages."type", pages."position",
          pages."revision", pages."isTrashed", pages."trashedAt", pages."lastViewedAt", pages."createdAt",
          pages."updatedAt",
          jsonb_build_array(pages.position::text, pages.id)::text as "cursorKey"
        from pages
        where pages."driveId" = ${driveId} and pages."parentId" = ${parentId} and pages."isTrashed" = ${false}
          and ((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
          or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and m.role = 'ADMIN'))
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
    {
      name: 'plain Drizzle',
      run: ({ userId, driveId, parentId }) =>
        drizzle
          .select({
            ...pageSummary,
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
          .limit(limit + 1),
    },
    {
      name: 'Kysely',
      run: ({ userId, driveId, parentId }) =>
        kysely
          .selectFrom('pages')
          .select(pageSummaryNames)
          .select(kyselySql<string>`jsonb_build_array(position::text, id)::text`.as('cursorKey'))
          .where('driveId', '=', driveId)
          .where('parentId', '=', parentId)
          .where('isTrashed', '=', false)
          .where(mayViewInKysely(userId))
          .orderBy('position')
          .orderBy('id')
          .limit(limit + 1)
          .execute(),
    },
  ],
};
