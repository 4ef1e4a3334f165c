import { capabilities } from '@reference/local-postgres';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  changeMemberRole,
  getMemberRole,
  leaveDrive,
  listDriveMembers,
  removeMember,
  transferOwnership,
} from '../../src/queries/members.ts';
import { getPageAccess, grantPageAccess } from '../../src/queries/permissions.ts';
import { driveMembers, drives } from '../../src/schema/index.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let owner: string;
let admin: string;
let member: string;
let stranger: string;
let driveId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  [owner, admin, member, stranger] = [
    await addUser(db),
    await addUser(db),
    await addUser(db),
    await addUser(db),
  ];
  driveId = await addDrive(db, owner);
  await addMember(db, driveId, admin, 'ADMIN');
  await addMember(db, driveId, member, 'MEMBER');
});

const forbidden = { code: 'FORBIDDEN' };
const missing = { code: 'NOT_FOUND' };
const conflict = { code: 'CONFLICT' };
const roleOf = (userId: string) => getMemberRole(workspace.db, { userId, driveId });

test('members are listed in the order they joined, to members only', async () => {
  const { db } = workspace;
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listDriveMembers>> = await listDriveMembers(db, {
      userId: member,
      driveId,
      after,
      limit: 2,
    });
    seen.push(...page.items.map(({ userId }) => userId));
    expect(page.items[0]).toHaveProperty('email');
    after = page.nextCursor;
  } while (after);
  expect(new Set(seen)).toEqual(new Set([owner, admin, member]));
  expect((await listDriveMembers(db, { userId: stranger, driveId })).items).toEqual([]);
  await expect(listDriveMembers(db, { userId: member, driveId, after: 'x' })).rejects.toMatchObject(
    {
      code: 'INVALID_INPUT',
    },
  );
});

test('owner and ADMIN change roles; the owner’s own stays', async () => {
  const { db } = workspace;
  expect(
    await changeMemberRole(db, { actorId: admin, driveId, userId: member, role: 'ADMIN' }),
  ).toEqual({ driveId, userId: member, before: 'MEMBER', after: 'ADMIN' });
  await changeMemberRole(db, { actorId: owner, driveId, userId: admin, role: 'MEMBER' });
  expect(await roleOf(admin)).toBe('MEMBER');
  const change = { driveId, userId: member, role: 'MEMBER' as const };
  await expect(changeMemberRole(db, { ...change, actorId: admin })).rejects.toMatchObject(
    forbidden,
  );
  await expect(changeMemberRole(db, { ...change, actorId: stranger })).rejects.toMatchObject(
    missing,
  );
  await expect(
    changeMemberRole(db, { ...change, actorId: member, userId: owner }),
  ).rejects.toMatchObject(conflict);
  await expect(
    changeMemberRole(db, { ...change, actorId: owner, userId: stranger }),
  ).rejects.toMatchObject(missing);
  await expect(
    // @ts-expect-error: a role that is not given but transferred
    changeMemberRole(db, { actorId: owner, driveId, userId: member, role: 'OWNER' }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('removing a member takes their grants in this drive along, and no other', async () => {
  const { db } = workspace;
  const pageId = await addPage(db, driveId);
  const otherDrive = await addDrive(db, owner);
  const otherPage = await addPage(db, otherDrive);
  for (const id of [pageId, otherPage]) {
    await grantPageAccess(db, { actorId: owner, pageId: id, userId: member });
  }
  await grantPageAccess(db, { actorId: owner, pageId, userId: stranger });
  expect(await removeMember(db, { actorId: admin, driveId, userId: member })).toEqual({
    driveId,
    userId: member,
    before: 'MEMBER',
    after: null,
  });
  const canView = async (userId: string, id: string) =>
    (await getPageAccess(db, { userId, pageId: id })).canView;
  expect(await canView(member, pageId)).toBe(false);
  expect(await canView(member, otherPage)).toBe(true);
  expect(await canView(stranger, pageId)).toBe(true);
  await expect(removeMember(db, { actorId: admin, driveId, userId: member })).rejects.toMatchObject(
    missing,
  );
});

test('the owner is neither removed nor lets go without a successor', async () => {
  const { db } = workspace;
  await expect(removeMember(db, { actorId: admin, driveId, userId: owner })).rejects.toMatchObject(
    conflict,
  );
  await expect(leaveDrive(db, { userId: owner, driveId })).rejects.toMatchObject(conflict);
  expect(await roleOf(owner)).toBe('OWNER');
});

test('a member and a stranger remove nobody; anyone but the owner may leave', async () => {
  const { db } = workspace;
  await expect(removeMember(db, { actorId: member, driveId, userId: admin })).rejects.toMatchObject(
    forbidden,
  );
  await expect(
    removeMember(db, { actorId: stranger, driveId, userId: admin }),
  ).rejects.toMatchObject(missing);
  const pageId = await addPage(db, driveId);
  await grantPageAccess(db, { actorId: owner, pageId, userId: member });
  await leaveDrive(db, { userId: member, driveId });
  expect((await getPageAccess(db, { userId: member, pageId })).canView).toBe(false);
  await expect(leaveDrive(db, { userId: stranger, driveId })).rejects.toMatchObject(missing);
  await expect(leaveDrive(db, { userId: member, driveId: 'nowhere' })).rejects.toMatchObject(
    missing,
  );
});

test('a transfer makes one owner of two; the former stays as ADMIN', async () => {
  const { db } = workspace;
  await expect(
    transferOwnership(db, { actorId: admin, driveId, userId: member }),
  ).rejects.toMatchObject(forbidden);
  await expect(
    transferOwnership(db, { actorId: owner, driveId, userId: stranger }),
  ).rejects.toMatchObject(missing);
  await expect(
    transferOwnership(db, { actorId: owner, driveId, userId: owner }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await transferOwnership(db, { actorId: owner, driveId, userId: member });
  expect([await roleOf(owner), await roleOf(member)]).toEqual(['ADMIN', 'OWNER']);
  const [drive] = await db.select().from(drives).where(eq(drives.id, driveId));
  expect(drive?.ownerId).toBe(member);
  await expect(
    transferOwnership(db, { actorId: owner, driveId, userId: admin }),
  ).rejects.toMatchObject(forbidden);
});

test('a transfer to one who has a drive of that slug says what to do and changes nothing', async () => {
  const { db } = workspace;
  const [drive] = await db.select().from(drives).where(eq(drives.id, driveId));
  await db.insert(drives).values({ name: 'x', slug: drive?.slug ?? '', ownerId: member });
  await expect(
    transferOwnership(db, { actorId: owner, driveId, userId: member }),
  ).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('slug') });
  expect([await roleOf(owner), await roleOf(member)]).toEqual(['OWNER', 'MEMBER']);
});

describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
  const owners = () =>
    workspace.db
      .select({ userId: driveMembers.userId, ownerId: drives.ownerId })
      .from(driveMembers)
      .innerJoin(drives, eq(drives.id, driveMembers.driveId))
      .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.role, 'OWNER')));

  test('a drive keeps one owner who is its member while they transfer and the other leaves', async () => {
    const { db } = workspace;
    for (let round = 0; round < 20; round++) {
      const heir = await addUser(db);
      await addMember(db, driveId, heir, 'MEMBER');
      const [current] = await owners();
      const results = await Promise.allSettled([
        transferOwnership(db, { actorId: current?.userId ?? '', driveId, userId: heir }),
        leaveDrive(db, { userId: heir, driveId }),
      ]);
      // One of them came first, and the other was refused for what it then saw.
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const now = await owners();
      expect(now).toHaveLength(1);
      expect(now[0]?.ownerId).toBe(now[0]?.userId);
    }
  });

  test('of two transfers at once one holds', async () => {
    const { db } = workspace;
    const results = await Promise.allSettled([
      transferOwnership(db, { actorId: owner, driveId, userId: admin }),
      transferOwnership(db, { actorId: owner, driveId, userId: member }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await owners()).toHaveLength(1);
  });

  test('a grant made while its receiver is removed does not survive the removal', async () => {
    const { db } = workspace;
    for (let round = 0; round < 15; round++) {
      const leaver = await addUser(db);
      await addMember(db, driveId, leaver, 'ADMIN');
      const guest = await addUser(db);
      const pageId = await addPage(db, driveId);
      const [grant] = await Promise.allSettled([
        grantPageAccess(db, { actorId: leaver, pageId, userId: guest }),
        removeMember(db, { actorId: owner, driveId, userId: leaver }),
      ]);
      const { canView } = await getPageAccess(db, { userId: guest, pageId });
      expect(canView).toBe(grant.status === 'fulfilled');
      await expect(
        grantPageAccess(db, { actorId: leaver, pageId, userId: stranger }),
      ).rejects.toMatchObject(missing);
    }
  });
});
