import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deleteUnusedFiles,
  getStorageUsage,
  listPageFiles,
  listStorageEvents,
  recordUpload,
  removeFileFromPage,
} from '../../src/queries/storage.ts';
import { upsertPlan } from '../../src/queries/subscriptions.ts';
import { drives, files, plans, subscriptions } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { addPages, grant } from '../core/trees.ts';
import { addDrive } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await upsertPlan(workspace.db, {
    key: 'tiny',
    name: 'Tiny',
    monthlyPriceCents: 0,
    limits: { storageBytes: 100, maxFileBytes: 70, aiRequestsPerDay: 1 },
  });
});
afterAll(() => workspace.close());

let counter = 0;
const upload = (sizeBytes: number, contentHash = String(++counter).padStart(64, 'a')) => ({
  contentHash,
  sizeBytes,
  mimeType: 'image/png',
  storagePath: `store/${contentHash}`,
});

async function scene() {
  const made = await makeScene(workspace);
  const { db, owner, member, driveId } = made;
  const [plan] = await db.select({ id: plans.id }).from(plans).where(eq(plans.key, 'tiny'));
  for (const userId of [owner, member]) {
    await db.insert(subscriptions).values({
      userId,
      planId: plan?.id ?? '',
      status: 'ACTIVE',
      currentPeriodStart: new Date(Date.now() - 1000),
      currentPeriodEnd: new Date(Date.now() + 86_400_000),
    });
  }
  const [pageId = '', other = ''] = await addPages(db, driveId, ['page', 'other']);
  const record = (file: ReturnType<typeof upload>, page = pageId, userId = owner) =>
    recordUpload(db, { userId, pageId: page, upload: file });
  const used = async (userId = owner) => (await getStorageUsage(db, { userId })).usedBytes;
  return { ...made, pageId, other, record, used };
}

test('an upload is stored once, linked once and counted once', async () => {
  const { db, owner, pageId, other, record, used } = await scene();
  const file = upload(30);
  const first = await record(file);
  expect((await record(file)).id).toBe(first.id);
  expect(await used()).toBe(30);
  expect((await record(file, other)).id).toBe(first.id);
  expect(await used()).toBe(60);
  expect((await listPageFiles(db, { userId: owner, pageId })).items).toEqual([first]);
  await removeFileFromPage(db, { userId: owner, pageId, fileId: first.id });
  expect(await used()).toBe(30);
  const again = removeFileFromPage(db, { userId: owner, pageId, fileId: first.id });
  await expect(again).rejects.toThrow(NotFoundError);
  const { items } = await listStorageEvents(db, { userId: owner });
  expect(items.map(({ sizeDelta }) => sizeDelta).sort((a, b) => a - b)).toEqual([-30, 30, 30]);
});

test('refuses what the plan does not allow, and stores nothing of it', async () => {
  const { db, owner, pageId, record, used } = await scene();
  await expect(record(upload(71))).rejects.toThrow(InvalidInputError);
  await record(upload(60));
  await expect(record(upload(41))).rejects.toThrow(/60 of 100 bytes are used/);
  const same = upload(10);
  await record(same);
  await expect(record({ ...same, sizeBytes: 11 })).rejects.toThrow(/another size/);
  await expect(record({ ...upload(1), contentHash: 'short' })).rejects.toThrow(InvalidInputError);
  await expect(record({ ...upload(1), sizeBytes: -1 })).rejects.toThrow(InvalidInputError);
  expect(await used()).toBe(70);
  expect((await listPageFiles(db, { userId: owner, pageId })).items).toHaveLength(2);
});

test('takes a file of exactly what the plan allows for one, and fills the storage to its end', async () => {
  const { record, used } = await scene();
  await record(upload(70));
  await record(upload(30));
  expect(await used()).toBe(100);
  await expect(record(upload(1))).rejects.toThrow(ConflictError);
});

test.skipIf(!capabilities.concurrency)(
  'of two uploads that fit alone but not together, one is stored',
  async () => {
    for (let round = 0; round < 10; round++) {
      const { other, record, used } = await scene();
      const results = await Promise.allSettled([record(upload(60)), record(upload(60), other)]);
      const failed = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason] : [],
      );
      expect(failed).toHaveLength(1);
      expect(failed[0]).toBeInstanceOf(ConflictError);
      expect(await used()).toBe(60);
    }
  },
);

test('is for who may edit the page, seen by who may view it', async () => {
  const { db, member, stranger, pageId, record } = await scene();
  const file = upload(5);
  await expect(record(file, pageId, stranger)).rejects.toThrow(NotFoundError);
  await expect(record(file, pageId, member)).rejects.toThrow(NotFoundError);
  await grant(db, pageId, member, ['canView']);
  await expect(record(file, pageId, member)).rejects.toThrow(ForbiddenError);
  const stored = await record(file);
  const seen = async (userId: string) =>
    (await listPageFiles(db, { userId, pageId })).items.map(({ id }) => id);
  expect(await seen(member)).toEqual([stored.id]);
  expect(await seen(stranger)).toEqual([]);
  const remove = removeFileFromPage(db, { userId: member, pageId, fileId: stored.id });
  await expect(remove).rejects.toThrow(ForbiddenError);
});

test('tells nobody who else has stored the same content', async () => {
  const [here, elsewhere] = [await scene(), await scene()];
  const file = upload(5);
  expect(await here.record(file)).toMatchObject({ createdBy: here.owner });
  const same = await recordUpload(elsewhere.db, {
    userId: elsewhere.owner,
    pageId: elsewhere.pageId,
    upload: file,
  });
  expect(same.createdBy).toBeNull();
  const listed = (userId: string, pageId: string) => listPageFiles(here.db, { userId, pageId });
  expect((await listed(elsewhere.owner, elsewhere.pageId)).items).toMatchObject([
    { id: same.id, createdBy: null },
  ]);
  expect((await listed(here.owner, here.pageId)).items).toMatchObject([
    { id: same.id, createdBy: here.owner },
  ]);
});

test('deleting a drive keeps the files that another drive’s pages use', async () => {
  const { db, owner, driveId, record } = await scene();
  const otherDrive = await addDrive(db, owner);
  const [elsewhere = ''] = await addPages(db, otherDrive, ['elsewhere']);
  const [shared, alone] = [upload(10), upload(10)];
  const kept = await record(shared);
  await record(shared, elsewhere);
  const unused = await record(alone);
  await db.delete(drives).where(eq(drives.id, driveId));
  expect(await deleteUnusedFiles(db)).toEqual([]);
  await db.update(files).set({ createdAt: sql`now() - interval '2 days'` });
  const deleted = await deleteUnusedFiles(db, { limit: 200 });
  expect(deleted).toContainEqual({ storagePath: unused.storagePath });
  expect(deleted).not.toContainEqual({ storagePath: kept.storagePath });
  const left = await listPageFiles(db, { userId: owner, pageId: elsewhere });
  expect(left.items.map(({ id }) => id)).toEqual([kept.id]);
});
