import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createDrive,
  getDrive,
  getDriveBySlug,
  listDrives,
  requireDrive,
  restoreDrive,
  trashDrive,
  updateDrive,
} from '../../src/queries/core.ts';
import { driveMembers, pagePermissions } from '../../src/schema/index.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

describe('createDrive', () => {
  test('makes the owner its first member and a slug of its name', async () => {
    const { db } = workspace;
    const ownerId = await addUser(db);
    const drive = await createDrive(db, { ownerId, name: '  Été à Paris (2026)  ' });
    expect(drive).toMatchObject({ name: 'Été à Paris (2026)', slug: 'ete-a-paris-2026', ownerId });
    const members = await db
      .select({ userId: driveMembers.userId, role: driveMembers.role })
      .from(driveMembers)
      .where(eq(driveMembers.driveId, drive.id));
    expect(members).toEqual([{ userId: ownerId, role: 'OWNER' }]);
  });

  test('numbers a slug that is taken, per owner', async () => {
    const { db } = workspace;
    const [ada, ben] = [await addUser(db), await addUser(db)];
    const slugs = [];
    for (const ownerId of [ada, ada, ada, ben]) {
      slugs.push((await createDrive(db, { ownerId, name: 'Docs' })).slug);
    }
    expect(slugs).toEqual(['docs', 'docs-2', 'docs-3', 'docs']);
    expect((await createDrive(db, { ownerId: ada, name: '日本語' })).slug).toBe('drive');
  });

  test.skipIf(!capabilities.concurrency)('gives 20 at once 20 slugs', async () => {
    const { db } = workspace;
    const ownerId = await addUser(db);
    const made = await Promise.all(
      Array.from({ length: 20 }, () => createDrive(db, { ownerId, name: 'Race' })),
    );
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(20);
  });

  test.skipIf(!capabilities.concurrency)('gives a chosen slug to one of many at once', async () => {
    const { db } = workspace;
    const ownerId = await addUser(db);
    const made = await Promise.allSettled(
      Array.from({ length: 8 }, () => createDrive(db, { ownerId, name: 'Mine', slug: 'mine' })),
    );
    const failures = made.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    );
    expect(failures).toHaveLength(7);
    for (const failure of failures) expect(failure).toBeInstanceOf(ConflictError);
  });

  test('refuses wrong values, an unknown owner and NUL', async () => {
    const { db } = workspace;
    const ownerId = await addUser(db);
    const wrong = (params: { ownerId: string; name: string; slug?: string }) =>
      createDrive(db, params);
    await expect(wrong({ ownerId, name: '   ' })).rejects.toThrow(InvalidInputError);
    await expect(wrong({ ownerId, name: 'a\0b' })).rejects.toThrow(/NUL/);
    await expect(wrong({ ownerId, name: 'x', slug: 'Not A Slug' })).rejects.toThrow(/hyphens/);
    await expect(wrong({ ownerId: 'nobody', name: 'x' })).rejects.toThrow(NotFoundError);
    expect((await listDrives(db, { userId: ownerId })).items).toEqual([]);
  });
});

describe('who sees a drive', () => {
  test('owner, members and holders of a live grant; nobody else', async () => {
    const { db } = workspace;
    const people = await Promise.all(Array.from({ length: 5 }, () => addUser(db)));
    const [owner = '', member = '', guest = '', expired = '', stranger = ''] = people;
    const driveId = await addDrive(db, owner);
    await addMember(db, driveId, member, 'MEMBER');
    const pageId = await addPage(db, driveId);
    const view = { canView: true, canEdit: false, canShare: false, canDelete: false };
    await db.insert(pagePermissions).values([
      { pageId, userId: guest, ...view },
      { pageId, userId: expired, ...view, expiresAt: new Date(Date.now() - 1000) },
    ]);
    const sees = async (userId: string) => [
      (await getDrive(db, { userId, driveId }))?.id,
      (await listDrives(db, { userId })).items.map(({ id }) => id).join(),
    ];
    for (const userId of [owner, member, guest])
      expect(await sees(userId)).toEqual([driveId, driveId]);
    for (const userId of [expired, stranger]) expect(await sees(userId)).toEqual([undefined, '']);
    await expect(requireDrive(db, { userId: stranger, driveId })).rejects.toThrow(NotFoundError);

    await trashDrive(db, { userId: owner, driveId });
    for (const userId of [member, guest]) expect(await sees(userId)).toEqual([undefined, '']);
    expect((await listDrives(db, { userId: owner, trashed: true })).items).toHaveLength(1);
    expect((await listDrives(db, { userId: member, trashed: true })).items).toHaveLength(0);
  });

  test('by its address', async () => {
    const { db } = workspace;
    const [owner, stranger] = [await addUser(db), await addUser(db)];
    const drive = await createDrive(db, { ownerId: owner, name: 'Atlas' });
    const address = { ownerId: owner, slug: 'atlas' };
    expect((await getDriveBySlug(db, { userId: owner, ...address }))?.id).toBe(drive.id);
    expect(await getDriveBySlug(db, { userId: stranger, ...address })).toBeUndefined();
  });

  test('lists page by page, latest first, both ways', async () => {
    const { db } = workspace;
    const userId = await addUser(db);
    const made = [];
    for (let n = 0; n < 5; n++) made.unshift(await addDrive(db, userId));
    const first = await listDrives(db, { userId, limit: 2 });
    const second = await listDrives(db, { userId, limit: 2, after: first.nextCursor });
    const third = await listDrives(db, { userId, limit: 2, after: second.nextCursor });
    expect([first, second, third].map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(
      new Set([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))),
    ).toEqual(new Set(made));
    expect(third.nextCursor).toBeNull();
    const back = await listDrives(db, { userId, limit: 2, before: second.previousCursor });
    expect(back.items).toEqual(first.items);
    await expect(listDrives(db, { userId, after: 'tampered' })).rejects.toThrow(InvalidInputError);
    await expect(listDrives(db, { userId, limit: 0 })).rejects.toThrow(InvalidInputError);
  });
});

describe('changing a drive', () => {
  test('is for owner and ADMIN; the trash for the owner alone', async () => {
    const { db } = workspace;
    const [owner, admin, member, stranger] = [
      await addUser(db),
      await addUser(db),
      await addUser(db),
      await addUser(db),
    ];
    const driveId = await addDrive(db, owner);
    await addMember(db, driveId, admin, 'ADMIN');
    await addMember(db, driveId, member, 'MEMBER');
    const rename = (userId: string) =>
      updateDrive(db, { userId, driveId, changes: { name: 'Renamed' } });
    expect((await rename(admin)).name).toBe('Renamed');
    await expect(rename(member)).rejects.toThrow(ForbiddenError);
    await expect(rename(stranger)).rejects.toThrow(NotFoundError);
    await expect(trashDrive(db, { userId: admin, driveId })).rejects.toThrow(ForbiddenError);
    expect((await trashDrive(db, { userId: owner, driveId })).isTrashed).toBe(true);
    await expect(trashDrive(db, { userId: owner, driveId })).rejects.toThrow(ConflictError);
    const restored = await restoreDrive(db, { userId: owner, driveId });
    expect(restored).toMatchObject({ isTrashed: false, trashedAt: null });
  });

  test('names a taken slug, and refuses to change what is not named', async () => {
    const { db } = workspace;
    const userId = await addUser(db);
    await createDrive(db, { ownerId: userId, name: 'One' });
    const two = await createDrive(db, { ownerId: userId, name: 'Two' });
    const change = (changes: object) => updateDrive(db, { userId, driveId: two.id, changes });
    await expect(change({ slug: 'one' })).rejects.toThrow(/already have a drive/);
    await expect(change({})).rejects.toThrow(InvalidInputError);
    await expect(change({ ownerId: 'someone' })).rejects.toThrow(InvalidInputError);
    expect(await getDrive(db, { userId, driveId: two.id })).toMatchObject({ slug: 'two' });
  });
});
