import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { getAccessToPages, getPageAccess, listAccessiblePageIds } from './page-access.ts';
import { listPageGrants } from './page-grants.ts';
import { listShareLinks, openShareLink } from './share-links.ts';

/** Ids come from the indexes alone: page_permissions_userId_pageId_idx and pages_driveId_id_key. */
const idsFromIndexes = [
  ...scanOrSort,
  'Index Scan on pages',
  'Bitmap Heap Scan on pages',
  'Index Scan on page_permissions',
  'Bitmap Heap Scan on page_permissions',
];

export const permissionPlans: readonly HotQuery[] = [
  {
    name: 'openShareLink',
    // No link has this token, so running it for its plan counts no use.
    run: (db) => openShareLink(db, { token: 'none' }).catch(() => undefined),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getPageAccess',
    run: (db, { userId, pageId }) => getPageAccess(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getAccessToPages',
    run: (db, { userId, pageId }) => getAccessToPages(db, { userId, pageIds: [pageId] }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listAccessiblePageIds, first page',
    run: (db, { userId, driveId }) => listAccessiblePageIds(db, { userId, driveId, limit: 10 }),
    forbidden: idsFromIndexes,
    statements: 1,
  },
  {
    name: 'listAccessiblePageIds, further pages',
    run: async (db, { ownerId: userId, driveId }) => {
      const { nextCursor } = await listAccessiblePageIds(db, { userId, driveId, limit: 10 });
      return listAccessiblePageIds(db, { userId, driveId, limit: 10, after: nextCursor });
    },
    forbidden: idsFromIndexes,
    statements: 2,
  },
  {
    name: 'listPageGrants',
    run: (db, { ownerId: userId, pageId }) => listPageGrants(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listShareLinks',
    run: (db, { ownerId: userId, pageId }) => listShareLinks(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
