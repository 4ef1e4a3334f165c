import { capabilities } from '@reference/local-postgres';
import { eq, sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  acceptInvitation,
  getMemberRole,
  inviteMember,
  listInvitations,
  revokeInvitation,
} from '../../src/queries/members.ts';
import { driveInvitations, drives } from '../../src/schema/index.ts';
import { addDrive, addMember, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let owner: string;
let invitee: string;
let stranger: string;
let driveId: string;
let email: string;
let counter = 0;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  email = `invitee${++counter}@example.com`;
  owner = await addUser(db);
  invitee = await addUser(db, email);
  stranger = await addUser(db);
  driveId = await addDrive(db, owner);
});

const invite = (more: { email?: string; role?: 'ADMIN' | 'MEMBER'; actorId?: string } = {}) =>
  inviteMember(workspace.db, { actorId: owner, driveId, email, role: 'MEMBER', ...more });
const accept = (token: string, userId = invitee) =>
  acceptInvitation(workspace.db, { token, userId });
const roleOf = (userId: string) => getMemberRole(workspace.db, { userId, driveId });
const expire = (id: string) =>
  workspace.db
    .update(driveInvitations)
    .set({ expiresAt: raw`now() - interval '1 ms'` })
    .where(eq(driveInvitations.id, id));
const conflict = { code: 'CONFLICT' };

test('an invitation makes its address a member, once, in the role it names', async () => {
  const { token, id } = await invite({ email: email.toUpperCase(), role: 'ADMIN' });
  expect(await accept(token)).toEqual({ driveId, userId: invitee, before: null, after: 'ADMIN' });
  expect(await roleOf(invitee)).toBe('ADMIN');
  await expect(accept(token)).rejects.toMatchObject({ ...conflict, reason: 'accepted' });
  const { items } = await listInvitations(workspace.db, { userId: owner, driveId });
  expect(items).toMatchObject([{ id, acceptedAt: expect.any(Date), revokedAt: null }]);
  expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}/);
  await expect(invite()).rejects.toMatchObject(conflict);
});

test('each state of an invitation has an error of its own', async () => {
  const { db } = workspace;
  await expect(accept('inv_unknown')).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const first = await invite();
  await expect(accept(first.token, stranger)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(accept(first.token, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expire(first.id);
  await expect(accept(first.token)).rejects.toMatchObject({ ...conflict, reason: 'expired' });

  const second = await invite();
  await revokeInvitation(db, { actorId: owner, invitationId: second.id });
  await revokeInvitation(db, { actorId: owner, invitationId: second.id });
  await expect(accept(second.token)).rejects.toMatchObject({ ...conflict, reason: 'revoked' });
  await expect(accept(first.token)).rejects.toMatchObject({ ...conflict, reason: 'revoked' });

  const third = await invite();
  await addMember(db, driveId, invitee, 'MEMBER');
  await expect(accept(third.token)).rejects.toMatchObject({ ...conflict, reason: 'member' });
  const { items } = await listInvitations(db, { userId: owner, driveId });
  expect(items[0]).toMatchObject({ id: third.id, acceptedAt: null });
});

test('an address has one pending invitation to a drive', async () => {
  await invite();
  await expect(invite({ email: email.toUpperCase() })).rejects.toMatchObject({
    ...conflict,
    message: expect.stringContaining('Revoke'),
  });
});

test('an accepted invitation can’t be withdrawn', async () => {
  const { token, id } = await invite();
  await accept(token);
  await expect(
    revokeInvitation(workspace.db, { actorId: owner, invitationId: id }),
  ).rejects.toMatchObject({ reason: 'accepted' });
});

test('only the owner and ADMINs invite, withdraw and see invitations', async () => {
  const { db } = workspace;
  const { id } = await invite();
  const member = await addUser(db);
  await addMember(db, driveId, member, 'MEMBER');
  const address = { email: 'someone@example.com' };
  await expect(invite({ actorId: member, ...address })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  for (const userId of [stranger, member]) {
    await expect(revokeInvitation(db, { actorId: userId, invitationId: id })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    );
    expect((await listInvitations(db, { userId, driveId })).items).toEqual([]);
  }
  await expect(invite({ actorId: stranger, ...address })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const admin = await addUser(db);
  await addMember(db, driveId, admin, 'ADMIN');
  await invite({ actorId: admin, ...address });
});

test('nobody joins or is invited to a drive in the trash', async () => {
  const { token } = await invite();
  await workspace.db
    .update(drives)
    .set({ isTrashed: true, trashedAt: new Date() })
    .where(eq(drives.id, driveId));
  await expect(accept(token)).rejects.toMatchObject(conflict);
  await expect(invite({ email: 'b@example.com' })).rejects.toMatchObject(conflict);
  expect(await roleOf(invitee)).toBeUndefined();
});

test('refuses malformed addresses, the role OWNER and an unknown drive', async () => {
  const invalid = { code: 'INVALID_INPUT' };
  await expect(invite({ email: 'nobody' })).rejects.toMatchObject(invalid);
  // @ts-expect-error: a role that is not given but transferred
  await expect(invite({ role: 'OWNER' })).rejects.toMatchObject(invalid);
  await expect(
    inviteMember(workspace.db, { actorId: owner, driveId: 'nowhere', email, role: 'MEMBER' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
  test('of five acceptances at once one makes the member', async () => {
    for (let round = 0; round < 10; round++) {
      const address = `race${++counter}@example.com`;
      const userId = await addUser(workspace.db, address);
      const { token } = await invite({ email: address });
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => accept(token, userId)),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') {
          expect(result.reason).toMatchObject({ ...conflict, reason: 'accepted' });
        }
      }
      expect(await roleOf(userId)).toBe('MEMBER');
    }
  });

  test('an invitation is either accepted or withdrawn, never both', async () => {
    for (let round = 0; round < 15; round++) {
      const address = `race${++counter}@example.com`;
      const userId = await addUser(workspace.db, address);
      const { token, id } = await invite({ email: address });
      const results = await Promise.allSettled([
        accept(token, userId),
        revokeInvitation(workspace.db, { actorId: owner, invitationId: id }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await roleOf(userId)).toBe(results[0].status === 'fulfilled' ? 'MEMBER' : undefined);
    }
  });

  test('of two invitations of one address at once one is sent', async () => {
    const results = await Promise.allSettled([invite(), invite({ email: email.toUpperCase() })]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
