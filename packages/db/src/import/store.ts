import { insertChunked, upsertRows } from '@reference/kit';
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { collectSearchWords, mergeSearchWords } from '../bulk-search.ts';
import type { Db, Tx } from '../database.ts';
import { reviveActs, trashActs } from '../queries/core/trash-act.ts';
import { mentions, type NewPage, pages } from '../schema/index.ts';
import type { ImportedPage, Plan } from './plan.ts';

const ofImport = (driveId: string) =>
  and(
    eq(pages.driveId, driveId),
    sql`${pages.extractionMethod} = 'import'`,
    isNotNull(pages.filePath),
  );

/** The pages of a drive that earlier imports made, by path, those in the trash too. */
export async function loadImported(db: Db, driveId: string): Promise<Map<string, ImportedPage>> {
  const rows = await db
    .select({
      id: pages.id,
      filePath: sql<string>`${pages.filePath}`,
      parentId: pages.parentId,
      type: pages.type,
      title: pages.title,
      position: pages.position,
      revision: pages.revision,
      isTrashed: pages.isTrashed,
      contentHash: pages.contentHash,
      links: sql<string[]>`coalesce(${sql`${pages.fileMetadata}`} -> 'links', '[]')`,
      importedRevision: sql<number | null>`${sql`${pages.fileMetadata}`} -> 'revision'`,
    })
    .from(pages)
    .where(ofImport(driveId));
  return new Map(rows.map((row) => [row.filePath, row]));
}

/**
 * Restores the pages whose files are in the folder again, with everything trashed together with
 * them.
 * @returns how many pages came back
 */
export async function reviveImported(
  tx: Tx,
  driveId: string,
  known: ReadonlyMap<string, ImportedPage>,
  paths: readonly string[],
): Promise<number> {
  const began = paths.flatMap((path) => {
    const page = known.get(path);
    return page?.isTrashed && page.parentId === null ? [page.id] : [];
  });
  return began.length > 0 ? reviveActs(tx, driveId, began) : 0;
}

export interface Stored {
  /** Pages that went to the trash, with their subtrees. */
  readonly trashed: number;
  readonly mentionsAdded: number;
  readonly mentionsRemoved: number;
}

/** Applies a plan to a drive. The transaction must hold the drive's lock. */
export async function storePlan(
  tx: Tx,
  driveId: string,
  plan: Plan,
  onProgress: (pages: number) => void,
): Promise<Stored> {
  await tx.execute(sql.raw(collectSearchWords));
  for (const batch of inBatches([...plan.created, ...plan.updated])) {
    await upsertRows(tx, pages, batch, { conflict: [pages.id] });
    onProgress(batch.length);
  }
  await tx.execute(sql.raw(mergeSearchWords));
  const trashed = plan.gone.length > 0 ? await trashActs(tx, driveId, plan.gone) : 0;
  return { trashed, ...(await storeMentions(tx, driveId, plan)) };
}

const batchSize = 1000;

/** Folders by depth and then the rest: a page is never stored before its parent. */
function* inBatches(rows: readonly NewPage[]): Generator<NewPage[]> {
  const depth = ({ type, filePath }: NewPage) =>
    type === 'FOLDER' ? (filePath?.split('/').length ?? 0) : Number.POSITIVE_INFINITY;
  const levels = new Map<number, NewPage[]>();
  for (const row of rows) {
    const level = levels.get(depth(row));
    if (level) level.push(row);
    else levels.set(depth(row), [row]);
  }
  for (const [, level] of [...levels].sort(([one], [other]) => one - other)) {
    for (let start = 0; start < level.length; start += batchSize) {
      yield level.slice(start, start + batchSize);
    }
  }
}

type Wanted = Pick<Plan, 'mentions' | 'read'>;

/**
 * Sets the mentions of the pages that were read to the plan's. It first locks each page whose
 * mentions differ, as `setPageMentions` does, and reads its mentions again; otherwise both would
 * leave theirs.
 */
async function storeMentions(
  tx: Tx,
  driveId: string,
  wanted: Wanted,
): Promise<{ mentionsAdded: number; mentionsRemoved: number }> {
  const seen = await differences(tx, driveId, wanted);
  const differing = new Set(
    [...seen.added, ...seen.removed].map(({ sourcePageId }) => sourcePageId),
  );
  if (differing.size === 0) return { mentionsAdded: 0, mentionsRemoved: 0 };
  await tx
    .select({ id: pages.id })
    .from(pages)
    .where(sql`${pages.id} = any (${sql.param([...differing])}::text[])`)
    .orderBy(pages.id)
    .for('no key update');
  const now = await differences(tx, driveId, wanted);
  const added = now.added.filter(({ sourcePageId }) => differing.has(sourcePageId));
  const removed = now.removed.filter(({ sourcePageId }) => differing.has(sourcePageId));
  await insertChunked(
    tx,
    mentions,
    added.map((pair) => ({ sourceDriveId: driveId, ...pair })),
  );
  for (let start = 0; start < removed.length; start += batchSize) {
    const ids = removed.slice(start, start + batchSize).map(({ id }) => id);
    await tx.delete(mentions).where(inArray(mentions.id, ids));
  }
  return { mentionsAdded: added.length, mentionsRemoved: removed.length };
}

async function differences(tx: Tx, driveId: string, { mentions: wanted, read }: Wanted) {
  const key = (source: string, target: string | null) => `${source} ${target}`;
  const stored = await tx
    .select({
      id: mentions.id,
      sourcePageId: mentions.sourcePageId,
      targetPageId: mentions.targetPageId,
    })
    .from(mentions)
    .innerJoin(pages, eq(pages.id, mentions.sourcePageId))
    .where(and(ofImport(driveId), isNotNull(mentions.targetPageId)));
  const wantedByKey = new Map(
    wanted.map((pair) => [key(pair.sourcePageId, pair.targetPageId), pair]),
  );
  const storedKeys = new Set(stored.map((row) => key(row.sourcePageId, row.targetPageId)));
  return {
    added: [...wantedByKey].flatMap(([name, pair]) => (storedKeys.has(name) ? [] : [pair])),
    removed: stored.filter(
      (row) =>
        read.has(row.sourcePageId) && !wantedByKey.has(key(row.sourcePageId, row.targetPageId)),
    ),
  };
}
