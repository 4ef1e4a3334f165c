import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrationsFolder } from '../../src/migrations.ts';
import { purgeTrash, restorePage, trashDrive, trashPage } from '../../src/queries/core.ts';
import { transferOwnership } from '../../src/queries/members.ts';
import {
  deleteUnusedFiles,
  getStorageUsage,
  listStorageDrift,
  listStorageEvents,
  reconcileStorage,
  recordUpload,
  removeFileFromPage,
} from '../../src/queries/storage.ts';
import { upsertPlan } from '../../src/queries/subscriptions.ts';
import { drives, filePages, pages, storageEvents, users } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { addPages, grant } from '../core/trees.ts';
import { addMember, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { drifting, expectLedgerAddsUp } from './ledger.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await upsertPlan(workspace.db, {
    key: 'free',
    name: 'Free',
    monthlyPriceCents: 0,
    limits: { storageBytes: 1000, maxFileBytes: 100, aiRequestsPerDay: 1 },
  });
});
afterAll(() => workspace.close());

const upload = (sizeBytes: number, content = '') => ({
  contentHash: `${content}${sizeBytes}`.padStart(64, 'c'),
  sizeBytes,
  mimeType: 'image/png',
  storagePath: `store/${content}${sizeBytes}`,
});

/** An event that no function wrote, after those that are there: in one millisecond their order would be open. */
const insertLater = (
  userId: string,
  event: Pick<typeof storageEvents.$inferInsert, 'type' | 'sizeDelta' | 'totalAfter'>,
) =>
  workspace.db
    .insert(storageEvents)
    .values({ userId, ...event, createdAt: sql`now() + interval '1 second'` });

/** A drive whose owner and ADMIN both upload to its pages. */
async function scene() {
  const made = await makeScene(workspace);
  const { db, driveId, owner } = made;
  const admin = await addUser(db);
  await addMember(db, driveId, admin, 'ADMIN');
  const pageIds = await addPages(db, driveId, ['one', 'two']);
  pageIds.push(...(await addPages(db, driveId, ['three'], pageIds[0])));
  const used = async (userId = owner) => (await getStorageUsage(db, { userId })).usedBytes;
  return { ...made, admin, pageIds, used };
}

test('the bytes come back when a page is deleted for good, not before', async () => {
  const { db, owner, pageIds, used } = await scene();
  const [pageId = ''] = pageIds;
  await recordUpload(db, { userId: owner, pageId, upload: upload(80) });
  await trashPage(db, { userId: owner, pageId });
  expect(await used()).toBe(80);
  await purgeTrash(db, { olderThanDays: 0 });
  expect(await used()).toBe(0);
  const { items } = await listStorageEvents(db, { userId: owner });
  expect(items).toMatchObject([
    { type: 'DELETE', sizeDelta: -80, totalAfter: 0, pageId: null },
    { type: 'UPLOAD', sizeDelta: 80, totalAfter: 80, pageId: null },
  ]);
});

test('the bytes come back to who uploaded them, whoever takes the file off', async () => {
  const { db, owner, admin, pageIds, used } = await scene();
  const [pageId = ''] = pageIds;
  const { id } = await recordUpload(db, { userId: admin, pageId, upload: upload(70) });
  await recordUpload(db, { userId: owner, pageId, upload: upload(30) });
  await removeFileFromPage(db, { userId: owner, pageId, fileId: id });
  expect([await used(admin), await used(owner)]).toEqual([0, 30]);
  const { items } = await listStorageEvents(db, { userId: admin });
  expect(items[0]).toMatchObject({ type: 'DELETE', sizeDelta: -70, pageId });
});

test('a deleted uploader takes their events along, and their files stay on the pages', async () => {
  const { db, owner, admin, pageIds } = await scene();
  const [pageId = ''] = pageIds;
  await recordUpload(db, { userId: admin, pageId, upload: upload(20) });
  await db.delete(users).where(eq(users.id, admin));
  const [kept] = await db
    .select({ uploadedBy: filePages.uploadedBy, chargedBytes: filePages.chargedBytes })
    .from(filePages)
    .where(eq(filePages.pageId, pageId));
  expect(kept).toEqual({ uploadedBy: null, chargedBytes: 20 });
  await db.delete(pages).where(eq(pages.id, pageId));
  await recordUpload(db, { userId: owner, pageId: pageIds[1] ?? '', upload: upload(20) });
  await db.delete(users).where(eq(users.id, owner));
  expect(await drifting(db)).toEqual([]);
});

test('the ledger adds up after any sequence of uploads, removals, trash, purges and transfers', async () => {
  const step = fc.oneof(
    fc.record({
      act: fc.constant('upload' as const),
      who: fc.boolean(),
      page: fc.nat(2),
      file: fc.nat(3),
    }),
    fc.record({
      act: fc.constantFrom('remove' as const, 'trash' as const, 'restore' as const),
      who: fc.boolean(),
      page: fc.nat(2),
      file: fc.nat(3),
    }),
    fc.record({
      act: fc.constantFrom('purge' as const, 'transfer' as const, 'deletePage' as const),
      who: fc.boolean(),
      page: fc.nat(2),
      file: fc.nat(3),
    }),
    fc.record({
      act: fc.constantFrom('deleteUnused' as const, 'purgeDrive' as const),
      who: fc.boolean(),
      page: fc.nat(2),
      file: fc.nat(3),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const { db, owner, admin, driveId, pageIds } = await scene();
      const fileIds = new Map<number, string>();
      for (const { act, who, page, file } of steps) {
        const userId = who ? owner : admin;
        const pageId = pageIds[page] ?? '';
        // A step may be refused: the page is gone, or in the trash already.
        const refused = () => undefined;
        if (act === 'upload') {
          const stored = await recordUpload(db, {
            userId,
            pageId,
            upload: upload(file * 7 + 1),
          }).catch(refused);
          if (stored) fileIds.set(file, stored.id);
        }
        if (act === 'remove') {
          const fileId = fileIds.get(file) ?? '';
          await removeFileFromPage(db, { userId, pageId, fileId }).catch(refused);
        }
        if (act === 'trash') await trashPage(db, { userId, pageId }).catch(refused);
        if (act === 'restore') await restorePage(db, { userId, pageId }).catch(refused);
        if (act === 'purge') await purgeTrash(db, { olderThanDays: 0 });
        if (act === 'deletePage') await db.delete(pages).where(eq(pages.id, pageId));
        if (act === 'deleteUnused') await deleteUnusedFiles(db);
        if (act === 'transfer')
          await transferOwnership(db, {
            actorId: userId,
            driveId,
            userId: who ? admin : owner,
          }).catch(refused);
        if (act === 'purgeDrive') {
          await trashDrive(db, { userId, driveId }).catch(refused);
          await purgeTrash(db, { olderThanDays: 0 });
        }
      }
      await expectLedgerAddsUp(db, owner);
      await expectLedgerAddsUp(db, admin);
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('deleting a drive and a file gives back every byte, in one event for each', async () => {
  const { db, owner, driveId, pageIds, used } = await scene();
  for (const [index, pageId] of pageIds.entries()) {
    await recordUpload(db, { userId: owner, pageId, upload: upload(10 + index) });
    await recordUpload(db, { userId: owner, pageId, upload: upload(20 + index) });
  }
  expect(await used()).toBe(96);
  await db.delete(drives).where(eq(drives.id, driveId));
  expect(await used()).toBe(0);
  await expectLedgerAddsUp(db, owner);
});

test('a drift is told, mended by an event that stays, and nothing else is written', async () => {
  const { db, owner, admin, pageIds, used } = await scene();
  const [pageId = ''] = pageIds;
  await recordUpload(db, { userId: owner, pageId, upload: upload(50) });
  await recordUpload(db, { userId: admin, pageId, upload: upload(60) });
  expect(await drifting(db)).toEqual([]);
  await insertLater(owner, { type: 'UPLOAD', sizeDelta: 9, totalAfter: 59 });
  expect((await listStorageDrift(db)).items).toEqual([
    { userId: owner, recordedBytes: 59, chargedBytes: 50 },
  ]);
  expect(await used()).toBe(59);
  const before = { userId: owner, recordedBytes: 59, chargedBytes: 50 };
  expect(await reconcileStorage(db, { userId: owner })).toEqual(before);
  expect(await used()).toBe(50);
  const { items } = await listStorageEvents(db, { userId: owner });
  expect(items[0]).toMatchObject({ type: 'RECONCILE', sizeDelta: -9, totalAfter: 50 });
  const again = { ...before, recordedBytes: 50 };
  expect(await reconcileStorage(db, { userId: owner })).toEqual(again);
  expect((await listStorageEvents(db, { userId: owner })).items).toHaveLength(items.length);
  expect(await drifting(db)).toEqual([]);
  await expect(reconcileStorage(db, { userId: 'unknown' })).rejects.toThrow(NotFoundError);
});

test('a total that was too low never keeps a page from being deleted', async () => {
  const { db, owner, pageIds, used } = await scene();
  const [pageId = ''] = pageIds;
  await recordUpload(db, { userId: owner, pageId, upload: upload(50) });
  await insertLater(owner, { type: 'DELETE', sizeDelta: -30, totalAfter: 20 });
  await db.delete(pages).where(eq(pages.id, pageId));
  expect(await used()).toBe(0);
  await expectLedgerAddsUp(db, owner);
});

// A copy of this package starts with one migration, in which nothing is left to fill in.
const backfillFile = join(migrationsFolder, '0010_quota_ledger_backfill.sql');
test.skipIf(!existsSync(backfillFile))(
  'the migration finds who uploaded what was there before it',
  async () => {
    const { db, owner, admin, member, pageIds } = await scene();
    const [one = '', two = ''] = pageIds;
    await recordUpload(db, { userId: owner, pageId: one, upload: upload(11) });
    await recordUpload(db, { userId: admin, pageId: one, upload: upload(12) });
    await recordUpload(db, { userId: admin, pageId: two, upload: upload(11) });
    await grant(db, two, member, ['canView', 'canEdit']);
    const read = () =>
      db
        .select({
          pageId: filePages.pageId,
          uploadedBy: filePages.uploadedBy,
          chargedBytes: filePages.chargedBytes,
        })
        .from(filePages)
        .orderBy(filePages.pageId, filePages.chargedBytes);
    const before = await read();
    await db.update(filePages).set({ uploadedBy: null, chargedBytes: 0 });
    const file = await readFile(backfillFile, 'utf8');
    const backfill = file.split('--> statement-breakpoint')[0] ?? '';
    await db.execute(sql.raw(backfill));
    expect(await read()).toEqual(before);
  },
);
