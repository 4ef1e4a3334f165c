import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { getAccessToPages, getPageAccess, listAccessiblePageIds } from './page-access.ts';
import { listPageGrants } from './page-grants.ts';

/** Ids come out of the indexes alone: page_permissions_userId_pageId_idx and pages_driveId_id_key. */
const idsFromIndexes = [
  ...scanOrSort,
  'Index Scan on pages',
  'Bitmap Heap Scan on pages',
  'Index Scan on page_permissions',
  'Bitmap Heap Scan on page_permissions',
];

export const permissionPlans: readonly HotQuery[] = [
  {
    name: 'getPageAccess',
    run: (db, { userId, pageId }) => getPageAccess(db, { userId, pageId }),
    forbidden: scanOrSort,
  },
  {
    name: 'getAccessToPages',
    run: (db, { userId, pageId }) => getAccessToPages(db, { userId, pageIds: [pageId] }),
    forbidden: scanOrSort,
  },
  {
    name: 'listAccessiblePageIds, first page',
    run: (db, { userId, driveId }) => listAccessiblePageIds(db, { userId, driveId, limit: 10 }),
    forbidden: idsFromIndexes,
  },
  {
    name: 'listAccessiblePageIds, further pages',
    run: async (db, { ownerId: userId, driveId }) => {
      const { nextCursor } = await listAccessiblePageIds(db, { userId, driveId, limit: 10 });
      return listAccessiblePageIds(db, { userId, driveId, limit: 10, after: nextCursor });
    },
    forbidden: idsFromIndexes,
  },
  {
    name: 'listPageGrants',
    run: (db, { ownerId: userId, pageId }) => listPageGrants(db, { userId, pageId }),
    forbidden: scanOrSort,
  },
];
