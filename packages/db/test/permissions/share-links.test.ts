import {
  ConflictError,
  ForbiddenError,
  hashToken,
  InvalidInputError,
  NotFoundError,
} from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import { restorePage, trashDrive, trashPage } from '../../src/queries/core.ts';
import { listActivity } from '../../src/queries/monitoring.ts';
import {
  createShareLink,
  grantPageAccess,
  listShareLinks,
  openShareLink,
  revokePageAccess,
  revokeShareLink,
} from '../../src/queries/permissions.ts';
import { pages, shareLinks } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { addPages, grant } from '../core/trees.ts';
import { openRacers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function scene() {
  const made = await makeScene(workspace);
  const [pageId = ''] = await addPages(made.db, made.driveId, ['shared']);
  await made.db.update(pages).set({ content: 'Read me' }).where(eq(pages.id, pageId));
  return { ...made, pageId, of: { userId: made.owner, pageId } };
}
const opens = async (db: Db, token: string) =>
  openShareLink(db, { token }).then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(NotFoundError);
      return false;
    },
  );

test('whoever holds the link reads the page, and nothing that leads to others', async () => {
  const { db, of } = await scene();
  const { token } = await createShareLink(db, { ...of, name: 'For the printer' });
  const page = await openShareLink(db, { token });
  expect(Object.keys(page).sort()).toEqual(['content', 'title', 'type', 'updatedAt']);
  expect(page).toMatchObject({ title: 'shared', content: 'Read me' });
  const { items } = await listShareLinks(db, of);
  expect(items).toMatchObject([
    { name: 'For the printer', uses: 1, maxUses: null, revokedAt: null },
  ]);
  expect(JSON.stringify(items)).not.toContain(token);
  const [row] = await db.execute(
    sql`select s::text as all from share_links s where "pageId" = ${of.pageId}`,
  );
  expect(String(row?.all)).not.toContain(token.slice(12));
});

test('a link ends by expiry, by revocation, by its last use; nobody is told which', async () => {
  const { db, of } = await scene();
  const make = (more: object = {}) => createShareLink(db, { ...of, ...more });
  const [expired, revoked, once] = [await make(), await make(), await make({ maxUses: 1 })];
  await db
    .update(shareLinks)
    .set({ expiresAt: sql`now() - interval '1 ms'` })
    .where(eq(shareLinks.id, expired.id));
  expect(await revokeShareLink(db, { userId: of.userId, linkId: revoked.id })).toEqual({
    revoked: true,
  });
  expect(await opens(db, once.token)).toBe(true);
  const messages = new Set<string>();
  for (const token of [expired.token, revoked.token, once.token, 'share_unknown', '']) {
    await openShareLink(db, { token }).catch((error: unknown) => messages.add(String(error)));
  }
  expect([...messages]).toHaveLength(1);
  for (const { id } of [expired, revoked, once]) {
    expect(await revokeShareLink(db, { userId: of.userId, linkId: id })).toEqual({
      revoked: false,
    });
  }
});

test('a link holds while its maker may share the page, and the page is not in the trash', async () => {
  const { db, owner, stranger, driveId, pageId } = await scene();
  await grant(db, pageId, stranger, ['canView', 'canShare']);
  const { token } = await createShareLink(db, { userId: stranger, pageId });
  const own = await createShareLink(db, { userId: owner, pageId });
  expect(await opens(db, token)).toBe(true);
  await revokePageAccess(db, { actorId: owner, pageId, userId: stranger });
  expect(await opens(db, token)).toBe(false);
  await grantPageAccess(db, { actorId: owner, pageId, userId: stranger, canEdit: true });
  expect(await opens(db, token)).toBe(false);
  await trashPage(db, { userId: owner, pageId });
  expect(await opens(db, own.token)).toBe(false);
  await restorePage(db, { userId: owner, pageId });
  expect(await opens(db, own.token)).toBe(true);
  await trashDrive(db, { userId: owner, driveId });
  expect(await opens(db, own.token)).toBe(false);
});

test('who may not share makes, sees and ends no link', async () => {
  const { db, member, stranger, of, pageId } = await scene();
  const { id: linkId } = await createShareLink(db, of);
  await grant(db, pageId, member, ['canView', 'canEdit']);
  await expect(createShareLink(db, { userId: member, pageId })).rejects.toThrow(ForbiddenError);
  await expect(createShareLink(db, { userId: stranger, pageId })).rejects.toThrow(NotFoundError);
  await expect(revokeShareLink(db, { userId: member, linkId })).rejects.toThrow(ForbiddenError);
  await expect(revokeShareLink(db, { userId: stranger, linkId })).rejects.toThrow(NotFoundError);
  expect((await listShareLinks(db, { userId: member, pageId })).items).toEqual([]);
  expect((await listShareLinks(db, of)).items).toHaveLength(1);
  await trashPage(db, of);
  await expect(createShareLink(db, of)).rejects.toThrow(ConflictError);
});

test('a link’s number of uses, name and life are checked; a page has at most 100 open ones', async () => {
  const { db, of } = await scene();
  for (const wrong of [
    { maxUses: 0 },
    { name: ' ' },
    { lifetimeSeconds: 0 },
    { lifetimeSeconds: 9e9 },
  ]) {
    await expect(createShareLink(db, { ...of, ...wrong })).rejects.toThrow(InvalidInputError);
  }
  await db.insert(shareLinks).values(
    Array.from({ length: 99 }, (_, n) => ({
      pageId: of.pageId,
      createdBy: of.userId,
      tokenHash: hashToken(`${of.pageId} ${n}`),
      tokenPrefix: 'share_',
      expiresAt: sql`now() + interval '1 day'`,
    })),
  );
  const last = await createShareLink(db, of);
  await expect(createShareLink(db, of)).rejects.toThrow(/100 open links/);
  await revokeShareLink(db, { userId: of.userId, linkId: last.id });
  await createShareLink(db, of);
});

test('making and ending a link is in the audit trail', async () => {
  const { db, of } = await scene();
  const { id: linkId } = await createShareLink(db, of);
  await revokeShareLink(db, { userId: of.userId, linkId });
  const { items } = await listActivity(db, { subject: 'pageId', id: of.pageId });
  expect(items.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['link.revoke', of.userId],
    ['link.create', of.userId],
  ]);
});

test.skipIf(!capabilities.concurrency)(
  'of six uses at once of a link with two left, two succeed',
  async () => {
    const racers = openRacers(workspace, 6);
    const { db, of } = await scene();
    await race<Db, string>({
      name: 'openShareLink × 6',
      connections: racers.connections,
      setup: async () => {
        await db.delete(shareLinks);
        return (await createShareLink(db, { ...of, maxUses: 2 })).token;
      },
      calls: Array.from(
        { length: 6 },
        () => (db: Db, token: string) => openShareLink(db, { token }),
      ),
      check: async (_, outcomes) => {
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
        expect((await listShareLinks(db, of)).items).toMatchObject([{ uses: 2 }]);
      },
    });
    await racers.close();
  },
);

test.skipIf(!capabilities.concurrency)('a use against a revocation: after it, none', async () => {
  const racers = openRacers(workspace, 2);
  const { db, of } = await scene();
  await race<Db, { id: string; token: string; maxUses: number | null }>({
    name: 'openShareLink × revokeShareLink',
    connections: racers.connections,
    setup: async (round) => {
      const maxUses = round % 2 === 0 ? 1 : null;
      return { ...(await createShareLink(db, { ...of, maxUses })), maxUses };
    },
    calls: [
      (db, { token }) => openShareLink(db, { token }),
      (db, { id }) => revokeShareLink(db, { userId: of.userId, linkId: id }),
    ],
    check: async ({ id, token, maxUses }, [opened, revoked]) => {
      expect(revoked).toMatchObject({ ok: true });
      // The last use ends a link, and so does its revocation: one of the two.
      if (maxUses) expect(revoked).toMatchObject({ value: { revoked: !opened?.ok } });
      expect(await opens(db, token)).toBe(false);
      const [row] = await db
        .select({ uses: shareLinks.uses })
        .from(shareLinks)
        .where(eq(shareLinks.id, id));
      expect(row?.uses).toBe(opened?.ok ? 1 : 0);
      await db.delete(shareLinks);
    },
  });
  await racers.close();
});
