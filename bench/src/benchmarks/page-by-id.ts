import { getPage, pages } from '@pagespace/db';
import { and, eq } from 'drizzle-orm';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import { visiblePages } from '../samples.ts';
import { mayViewInDrizzle, mayViewInKysely } from './access-conditions.ts';
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
  contestants: ({ db, raw, drizzle, kysely }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, pageId }) => raw`
        select pages."id", pages."driveId", pages."parentId", pages."title", pages."type", pages."position",
          pages."revision", pages."isTrashed", pages."trashedAt", pages."lastViewedAt", pages."createdAt",
          pages."updatedAt", pages."originalParentId", pages."content", pages."aiProvider", pages."aiModel",
          pages."systemPrompt", pages."enabledTools", pages."fileSize", pages."mimeType",
          pages."originalFileName", pages."filePath", pages."fileMetadata", pages."processingStatus",
          pages."processingError", pages."processedAt", pages."extractionMethod", pages."extractionMetadata",
          pages."contentHash"
        from pages
        where pages.id = ${pageId} and ((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
          or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and m.role = 'ADMIN'))
          or (not pages."isTrashed"
            and exists (select 1 from page_permissions g where g."pageId" = pages.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
            and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))`,
    },
    { name: 'this project', run: (params) => getPage(db, params) },
    {
      name: 'plain Drizzle',
      run: ({ userId, pageId }) =>
        drizzle
          .select(pageDetail)
          .from(pages)
          .where(and(eq(pages.id, pageId), mayViewInDrizzle(userId)))
          .then(([page]) => page),
    },
    {
      name: 'Kysely',
      run: ({ userId, pageId }) =>
        kysely
          .selectFrom('pages')
          .select(pageDetailNames)
          .where('id', '=', pageId)
          .where(mayViewInKysely(userId))
          .executeTakeFirst(),
    },
  ],
};
