import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listPageFiles } from './files.ts';
import { usedBytes } from './ledger.ts';
import { listStorageEvents } from './usage.ts';

export const storagePlans: readonly HotQuery[] = [
  {
    name: 'listPageFiles',
    run: (db, { userId, pageId }) => listPageFiles(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listStorageEvents',
    run: (db, { userId }) => listStorageEvents(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: "a person's used storage, from an index alone",
    run: (db, { userId }) => usedBytes(db, userId),
    forbidden: [
      ...scanOrSort,
      'Index Scan on storage_events',
      'Bitmap Heap Scan on storage_events',
    ],
    statements: 1,
  },
];
