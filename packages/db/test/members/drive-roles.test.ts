import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  assignDriveRole,
  changeMemberRole,
  createDriveRole,
  deleteDriveRole,
  listDriveMembers,
  listDriveRoles,
  removeMember,
  transferOwnership,
  updateDriveRole,
} from '../../src/queries/members.ts';
import { listActivity } from '../../src/queries/monitoring.ts';
import { listNotifications } from '../../src/queries/notifications.ts';
import {
  getPageAccess,
  grantPageAccess,
  listAccessiblePageIds,
} from '../../src/queries/permissions.ts';
import { driveMembers, driveRoles, drives, pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

let owner: string;
let admin: string;
let member: string;
let stranger: string;
let driveId: string;
let pageId: string;
beforeEach(async () => {
  const { db } = workspace;
  owner = await addUser(db);
  admin = await addUser(db);
  member = await addUser(db);
  stranger = await addUser(db);
  driveId = await addDrive(db, owner);
  await addMember(db, driveId, admin, 'ADMIN');
  await addMember(db, driveId, member, 'MEMBER');
  pageId = await addPage(db, driveId);
});

const none = { canView: false, canEdit: false, canShare: false, canDelete: false };
const editing = { ...none, canView: true, canEdit: true };
const editor = () =>
  createDriveRole(workspace.db, { actorId: owner, driveId, name: 'Editor', canEdit: true });
const accessOf = (userId: string) => getPageAccess(workspace.db, { userId, pageId });
const idsOf = async (userId: string) =>
  (await listAccessiblePageIds(workspace.db, { userId, driveId })).items.map(({ id }) => id);

describe('a role of a drive', () => {
  test('gives its rights on every live page, of now and later, until it is taken away', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    expect(await accessOf(member)).toEqual(none);
    const given = await assignDriveRole(db, { actorId: admin, driveId, userId: member, roleId });
    expect(given).toEqual({ driveId, userId: member, before: null, after: roleId });
    expect(await accessOf(member)).toEqual(editing);
    const later = await addPage(db, driveId);
    expect(await idsOf(member)).toEqual([pageId, later].sort());
    await db
      .update(pages)
      .set({ isTrashed: true, trashedAt: new Date() })
      .where(eq(pages.id, later));
    expect(await idsOf(member)).toEqual([pageId]);
    await db
      .update(drives)
      .set({ isTrashed: true, trashedAt: new Date() })
      .where(eq(drives.id, driveId));
    expect(await idsOf(member)).toEqual([]);
    await db
      .update(drives)
      .set({ isTrashed: false, trashedAt: null })
      .where(eq(drives.id, driveId));
    await assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId: null });
    expect(await accessOf(member)).toEqual(none);
  });

  test('adds to a grant, and what it gives changes for everyone who holds it', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    await assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId });
    await grantPageAccess(db, { actorId: owner, pageId, userId: member, canDelete: true });
    expect(await accessOf(member)).toEqual({ ...editing, canDelete: true });
    await updateDriveRole(db, { actorId: admin, roleId, changes: { canEdit: false } });
    expect(await accessOf(member)).toEqual({ ...none, canView: true, canDelete: true });
  });

  test('lets its holder share for good what it gives, and what a grant adds no longer than that', async () => {
    const { db } = workspace;
    const sharer = { actorId: owner, driveId, name: 'Sharer', canShare: true };
    const { id: roleId } = await createDriveRole(db, sharer);
    await assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId });
    const expiresAt = new Date(Date.now() + 86_400_000);
    const mine = { actorId: owner, pageId, userId: member, canEdit: true, expiresAt };
    await grantPageAccess(db, mine);
    const theirs = { actorId: member, pageId, userId: stranger };
    await grantPageAccess(db, theirs);
    await expect(grantPageAccess(db, { ...theirs, canEdit: true })).rejects.toThrow(ForbiddenError);
    await grantPageAccess(db, { ...theirs, canEdit: true, expiresAt });
    await expect(grantPageAccess(db, { ...theirs, canDelete: true })).rejects.toThrow(
      ForbiddenError,
    );
  });

  test('leaves its holders as members when it is deleted', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    await assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId });
    expect(await deleteDriveRole(db, { actorId: admin, roleId })).toEqual({ holders: 1 });
    expect(await accessOf(member)).toEqual(none);
    const { items } = await listDriveMembers(db, { userId: member, driveId });
    expect(items.find(({ userId }) => userId === member)).toMatchObject({
      role: 'MEMBER',
      customRoleId: null,
      customRole: null,
    });
    const gone = { actorId: owner, roleId };
    await expect(deleteDriveRole(db, gone)).rejects.toThrow(NotFoundError);
    await expect(updateDriveRole(db, { ...gone, changes: { name: 'x' } })).rejects.toThrow(
      NotFoundError,
    );
  });

  test('ends with the membership, and with a change to ADMIN or owner', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    const give = () => assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId });
    const role = (name: 'ADMIN' | 'MEMBER') =>
      changeMemberRole(db, { actorId: owner, driveId, userId: member, role: name });
    await give();
    await role('MEMBER');
    expect(await accessOf(member)).toEqual(editing);
    await role('ADMIN');
    await expect(give()).rejects.toThrow(ConflictError);
    await role('MEMBER');
    expect(await accessOf(member)).toEqual(none);
    await give();
    await removeMember(db, { actorId: owner, driveId, userId: member });
    expect(await accessOf(member)).toEqual(none);
    await addMember(db, driveId, member, 'MEMBER');
    await give();
    await transferOwnership(db, { actorId: owner, driveId, userId: member });
    const held = await db
      .select({ roleId: driveMembers.customRoleId })
      .from(driveMembers)
      .where(eq(driveMembers.driveId, driveId));
    expect(held).toEqual([{ roleId: null }, { roleId: null }, { roleId: null }]);
  });

  test('goes with its drive, holders and all', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    await assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId });
    await db.delete(drives).where(eq(drives.id, driveId));
    expect(await db.select().from(driveRoles).where(eq(driveRoles.id, roleId))).toEqual([]);
  });

  test('tells the member, and is in the audit trail', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    const assign = { actorId: owner, driveId, userId: member };
    await assignDriveRole(db, { ...assign, roleId });
    await assignDriveRole(db, { ...assign, roleId });
    await assignDriveRole(db, { ...assign, roleId: null });
    const { items: told } = await listNotifications(db, { userId: member });
    expect(told.map(({ type, metadata }) => ({ type, metadata }))).toEqual(
      expect.arrayContaining([
        { type: 'DRIVE_ROLE_CHANGED', metadata: { before: null, after: 'Editor' } },
        { type: 'DRIVE_ROLE_CHANGED', metadata: { before: 'Editor', after: null } },
      ]),
    );
    expect(told).toHaveLength(2);
    await updateDriveRole(db, { actorId: owner, roleId, changes: { canDelete: true } });
    await deleteDriveRole(db, { actorId: owner, roleId });
    const { items } = await listActivity(db, { subject: 'driveId', id: driveId });
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['role.create', 'role.assign', 'role.update', 'role.delete']),
    );
    expect(items).toHaveLength(5);
  });
});

describe('roles are refused', () => {
  test('to whoever does not administer the drive', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    for (const [actorId, refusal] of [
      [member, ForbiddenError],
      [stranger, NotFoundError],
    ] as const) {
      const acts = [
        () => createDriveRole(db, { actorId, driveId, name: 'Mine' }),
        () => updateDriveRole(db, { actorId, roleId, changes: { canDelete: true } }),
        () => deleteDriveRole(db, { actorId, roleId }),
        () => assignDriveRole(db, { actorId, driveId, userId: member, roleId }),
      ];
      for (const act of acts) await expect(act()).rejects.toThrow(refusal);
      expect((await listDriveRoles(db, { userId: actorId, driveId })).items).toEqual([]);
    }
  });

  test('to nobody who administers it; they see them by name, with how many hold each', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    const { id: readerId } = await createDriveRole(db, {
      actorId: admin,
      driveId,
      name: 'auditor',
    });
    await assignDriveRole(db, { actorId: admin, driveId, userId: member, roleId });
    const first = await listDriveRoles(db, { userId: admin, driveId, limit: 1 });
    expect(first.items).toMatchObject([{ id: readerId, name: 'auditor', holders: 0 }]);
    const after = first.nextCursor;
    const { items } = await listDriveRoles(db, { userId: owner, driveId, limit: 1, after });
    expect(items).toMatchObject([{ id: roleId, name: 'Editor', holders: 1, ...editing }]);
  });

  test('by a wrong name or set of rights, and beyond 50', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    const make = (role: { name: string; canView?: boolean; canEdit?: boolean }) =>
      createDriveRole(db, { actorId: owner, driveId, ...role });
    await expect(make({ name: 'EDITOR' })).rejects.toThrow(ConflictError);
    await expect(make({ name: ' ' })).rejects.toThrow(InvalidInputError);
    await expect(make({ name: 'Blind', canView: false, canEdit: true })).rejects.toThrow(
      InvalidInputError,
    );
    const change = (changes: Parameters<typeof updateDriveRole>[1]['changes']) =>
      updateDriveRole(db, { actorId: owner, roleId, changes });
    await expect(change({ canView: false })).rejects.toThrow(InvalidInputError);
    await expect(change({})).rejects.toThrow(InvalidInputError);
    const rows = Array.from({ length: 49 }, (_, n) => ({ driveId, name: `${n}`, ...none }));
    await db.insert(driveRoles).values(rows);
    await expect(make({ name: 'One more' })).rejects.toThrow(ConflictError);
  });

  test('to strangers to the drive, and from another drive', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    const assign = { actorId: owner, driveId, userId: stranger, roleId };
    await expect(assignDriveRole(db, assign)).rejects.toThrow(NotFoundError);
    const otherDrive = await addDrive(db, owner);
    await addMember(db, otherDrive, member, 'MEMBER');
    const there = { actorId: owner, driveId: otherDrive, userId: member, roleId };
    await expect(assignDriveRole(db, there)).rejects.toThrow(NotFoundError);
    const byHand = db
      .update(driveMembers)
      .set({ customRoleId: roleId })
      .where(eq(driveMembers.driveId, otherDrive));
    await expect(byHand).rejects.toThrow(ConflictError);
  });

  test('in a drive in the trash', async () => {
    const { db } = workspace;
    const { id: roleId } = await editor();
    await db
      .update(drives)
      .set({ isTrashed: true, trashedAt: new Date() })
      .where(eq(drives.id, driveId));
    const acts = [
      () => createDriveRole(db, { actorId: owner, driveId, name: 'Late' }),
      () => updateDriveRole(db, { actorId: owner, roleId, changes: { canDelete: true } }),
      () => deleteDriveRole(db, { actorId: owner, roleId }),
      () => assignDriveRole(db, { actorId: owner, driveId, userId: member, roleId }),
    ];
    for (const act of acts) await expect(act()).rejects.toThrow(ConflictError);
  });
});
