import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listPageFiles } from './files.ts';
import { listStorageEvents, usedBytes } from './usage.ts';

export const storagePlans: readonly HotQuery[] = [
  {
    name: 'listPageFiles',
    run: (db, { userId, pageId }) => listPageFiles(db, { userId, pageId }),
    forbidden: scanOrSort,
  },
  {
    name: 'listStorageEvents',
    run: (db, { userId }) => listStorageEvents(db, { userId }),
    forbidden: scanOrSort,
  },
  {
    name: 'what a person has stored, from an index alone',
    run: (db, { userId }) => usedBytes(db, userId),
    forbidden: [
      ...scanOrSort,
      'Index Scan on storage_events',
      'Bitmap Heap Scan on storage_events',
    ],
  },
];
