import {
  type Db,
  listAccessiblePageIds,
  listChatMessages,
  listChildPages,
  listDrivePages,
  listRecentPages,
} from '@pagespace/db';
import type { Benchmark } from '../benchmark.ts';
import { deep, pageSize } from '../seed.ts';

type Page = { items: { id: string }[]; nextCursor: string | null };
type List = (db: Db, after: string | undefined, limit: number) => Promise<Page>;

const { ownerId: userId, driveId, chatId: pageId } = deep;

/** Every list that is long in the deep drive and its chat. */
const lists: Record<string, List> = {
  children: (db, after, limit) =>
    listChildPages(db, { userId, driveId, parentId: null, after, limit }),
  'drive-pages': (db, after, limit) => listDrivePages(db, { userId, driveId, after, limit }),
  'recent-pages': (db, after, limit) => listRecentPages(db, { userId, driveId, after, limit }),
  history: (db, after, limit) => listChatMessages(db, { userId, pageId, after, limit }),
  'accessible-ids': (db, after, limit) =>
    listAccessiblePageIds(db, { userId, driveId, after, limit }),
};

/** The last full page of each list against its first: page 10,000 at full size. */
export const deepPages: readonly Benchmark<{ cursor: string }>[] = Object.entries(lists).map(
  ([name, list]) => ({
    name: `deep-${name}`,
    title: `Last page of ${name} against the first`,
    about: `The list of ${name}, ${pageSize} rows a page.`,
    throughput: false,
    targets: [{ contestant: 'last page', figure: 'latencyRatio', atMost: 1.2 }],
    samples: async ({ db }) => [{ cursor: await lastCursor(list, db) }],
    comparable: (result) => (result as Page).items.length,
    contestants: ({ db }) => [
      { name: 'first page', run: () => list(db, undefined, pageSize) },
      { name: 'last page', run: ({ cursor }) => list(db, cursor, pageSize) },
    ],
  }),
);

/** The cursor before the last full page, found by walking in large steps, then in small ones. */
async function lastCursor(list: List, db: Db): Promise<string> {
  const before = await walk(list, db, undefined, 10 * pageSize);
  return walk(list, db, before, pageSize);
}

/** The last cursor from which a whole page can still be read. */
async function walk(list: List, db: Db, from: string | undefined, limit: number): Promise<string> {
  let cursor = from;
  let next = (await list(db, cursor, limit)).nextCursor;
  while (next) {
    const page = await list(db, next, limit);
    if (page.items.length < limit) break;
    cursor = next;
    next = page.nextCursor;
  }
  if (!cursor) throw new Error('The deep list has no second page: seed it again.');
  return cursor;
}
