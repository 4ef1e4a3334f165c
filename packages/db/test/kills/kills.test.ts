import { NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  appendActivityLogs,
  forgetInAuditTrail,
  pruneAuditTrail,
  redactInAuditTrail,
  verifyAuditTrail,
} from '../../src/queries/audit.ts';
import {
  closeAccount,
  eraseUser,
  getUser,
  issueSession,
  verifySession,
} from '../../src/queries/auth.ts';
import {
  getPage,
  getPageVersion,
  purgePageVersions,
  restorePageVersion,
  updatePage,
} from '../../src/queries/core.ts';
import { assignDriveRole, createDriveRole, deleteDriveRole } from '../../src/queries/members.ts';
import { listActivity } from '../../src/queries/monitoring.ts';
import { createShareLink, listShareLinks, revokeShareLink } from '../../src/queries/permissions.ts';
import { makeScene } from '../core/scene.ts';
import { addPages } from '../core/trees.ts';
import { addMember, addUser } from '../people.ts';
import { backendOf, openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

// KILL_ROUNDS=300 for a long run.
const rounds = Number(process.env.KILL_ROUNDS ?? 12);

describe.skipIf(!capabilities.concurrency)('a server that is lost in the middle', () => {
  let workspace: Workspace;
  let racers: Racers;
  let victim: Db;
  beforeAll(async () => {
    workspace = await openWorkspace();
    racers = openRacers(workspace, 1);
    const [connection] = racers.connections;
    if (!connection) throw new Error('No connection.');
    victim = connection;
  });
  afterAll(async () => {
    await racers.close();
    await workspace.close();
  });

  /** Kills the call's backend a little later in each round: whatever it was doing then, `check` must hold. */
  async function killed<S>(
    setup: (round: number) => Promise<S>,
    call: (db: Db, state: S) => Promise<unknown>,
    check: (state: S) => Promise<void>,
  ): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const state = await setup(round);
      const pid = await backendOf(victim);
      const calling = call(victim, state).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, (round % 12) * 1.5));
      await workspace.sql`select pg_terminate_backend(${pid})`;
      await calling;
      await check(state);
    }
  }

  async function makeTrail() {
    const { db } = workspace;
    const [userId, { driveId }] = [await addUser(db), await makeScene(workspace)];
    const line = { actorId: userId, action: 'page.rename', driveId, after: { title: 'x' } };
    await appendActivityLogs(db, { lines: Array.from({ length: 20 }, () => line) });
    return { userId, driveId, scope: `drive ${driveId}`, line };
  }
  const verified = async (scope: string) => {
    const report = await verifyAuditTrail(workspace.db, { scope });
    expect(report.broken).toBeUndefined();
    return report;
  };

  test('an append: all of its entries are there, or none', () =>
    killed(
      makeTrail,
      (db, { line }) => appendActivityLogs(db, { lines: Array.from({ length: 20 }, () => line) }),
      async ({ scope }) => expect([20, 40]).toContain((await verified(scope)).entries),
    ));

  test('redacting, forgetting and pruning: the chain holds, and a second call finishes', () =>
    killed(
      makeTrail,
      async (db, { userId, scope }) => {
        await redactInAuditTrail(db, { userId, batch: 5 });
        await forgetInAuditTrail(db, { userId });
        await pruneAuditTrail(db, { scope, before: new Date(Date.now() + 60_000), limit: 5 });
      },
      async ({ userId, scope }) => {
        await verified(scope);
        await forgetInAuditTrail(workspace.db, { userId });
        const { redacted, prunedPosition } = await verified(scope);
        expect(redacted).toBe(20 - prunedPosition);
      },
    ));

  async function makePage() {
    const { db, owner, driveId } = await makeScene(workspace);
    const [pageId = ''] = await addPages(db, driveId, ['draft']);
    const of = { userId: owner, pageId };
    for (let revision = 0; revision < 4; revision += 1)
      await updatePage(db, { ...of, revision, changes: { content: `text ${revision + 1}` } });
    return of;
  }
  const textOf = async (of: { userId: string; pageId: string }, revision: number) =>
    (await getPageVersion(workspace.db, { ...of, revision }))?.content;

  test('restoring a version: done with its history, or not at all', () =>
    killed(
      makePage,
      (db, of) => restorePageVersion(db, { ...of, version: 1, revision: 4 }),
      async (of) => {
        const page = await getPage(workspace.db, of);
        expect([
          [4, 'text 4'],
          [5, 'text 1'],
        ]).toContainEqual([page?.revision, page?.content]);
        for (let revision = 1; revision <= 4; revision += 1)
          expect(await textOf(of, revision)).toBe(`text ${revision}`);
      },
    ));

  test('making and ending a link: with its entry in the trail, or not at all', async () => {
    const { db } = workspace;
    const check = async (of: { userId: string; pageId: string }) => {
      const { items: links } = await listShareLinks(db, of);
      const { items: acts } = await listActivity(db, { subject: 'pageId', id: of.pageId });
      expect(acts.map(({ action }) => action).sort()).toEqual([
        ...links.map(() => 'link.create'),
        ...links.flatMap(({ revokedAt }) => (revokedAt ? ['link.revoke'] : [])),
      ]);
    };
    await killed(makePage, createShareLink, check);
    await killed(
      async () => {
        const of = await makePage();
        return { ...of, linkId: (await createShareLink(db, of)).id };
      },
      revokeShareLink,
      check,
    );
  });

  test('purging versions: those that remain are read as they were written', () =>
    killed(
      makePage,
      (db) => purgePageVersions(db, { before: new Date(Date.now() + 60_000), keep: 1 }),
      async (of) => {
        for (let revision = 1; revision <= 4; revision += 1)
          expect([`text ${revision}`, undefined]).toContain(await textOf(of, revision));
        expect(await textOf(of, 4)).toBe('text 4');
      },
    ));

  test('closing an account: its sessions end and the event is written, or neither', () =>
    killed(
      async () => {
        const userId = await addUser(workspace.db);
        return { userId, ...(await issueSession(workspace.db, { userId })) };
      },
      (db, { userId }) => closeAccount(db, { userId }),
      async ({ userId, token }) => {
        const isOpen = (await verifySession(workspace.db, { token })) !== undefined;
        const [row] =
          await workspace.sql`select count(*)::int as events from outbox_events where key = ${`account ${userId}`}`;
        expect(row).toEqual({ events: isOpen ? 0 : 1 });
      },
    ));

  test('erasing a person: all is gone or all is there, and a second call finishes', () =>
    killed(
      async () => {
        const { userId, scope } = await makeTrail();
        await issueSession(workspace.db, { userId });
        return { userId, scope };
      },
      (db, { userId }) => eraseUser(db, { userId }),
      async ({ userId, scope }) => {
        const { db, sql } = workspace;
        const isThere = (await getUser(db, { userId })) !== undefined;
        const [row] = await sql`select
          (select count(*)::int from sessions where "userId" = ${userId}) as sessions,
          (select count(*)::int from audit_pseudonyms where "userId" = ${userId}) as names`;
        expect(row).toEqual(isThere ? { sessions: 1, names: 1 } : { sessions: 0, names: 0 });
        const again = eraseUser(db, { userId });
        if (isThere) await again;
        else await expect(again).rejects.toThrow(NotFoundError);
        expect((await verified(scope)).redacted).toBe(20);
      },
    ));

  async function makeHolders() {
    const { db, owner, driveId } = await makeScene(workspace);
    const { id: roleId } = await createDriveRole(db, { actorId: owner, driveId, name: 'Reader' });
    for (let n = 0; n < 3; n += 1) {
      const userId = await addUser(db);
      await addMember(db, driveId, userId, 'MEMBER');
      await assignDriveRole(db, { actorId: owner, driveId, userId, roleId });
    }
    return { owner, driveId, roleId };
  }
  const standing = async ({ driveId, roleId }: { driveId: string; roleId: string }) => {
    const [row] = await workspace.sql`select
      (select count(*)::int from drive_roles where id = ${roleId}) as roles,
      (select count(*)::int from drive_members where "customRoleId" = ${roleId}) as holders,
      (select count(*)::int from activity_logs where "driveId" = ${driveId} and action = 'role.delete') as logged`;
    return row;
  };

  test('deleting a role: gone from all its holders and in the trail, or from none', () =>
    killed(
      makeHolders,
      (db, { owner: actorId, roleId }) => deleteDriveRole(db, { actorId, roleId }),
      async (scene) => {
        expect([
          { roles: 1, holders: 3, logged: 0 },
          { roles: 0, holders: 0, logged: 1 },
        ]).toContainEqual(await standing(scene));
        await verified(`drive ${scene.driveId}`);
      },
    ));
});
