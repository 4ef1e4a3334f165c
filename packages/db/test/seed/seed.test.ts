import { isCuid } from '@paralleldrive/cuid2';
import { getTableColumns, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { verifyPassword } from '../../src/queries/auth.ts';
import { getDriveTree, listTrashedPages, searchPages } from '../../src/queries/core.ts';
import { getPageAccess, listAccessiblePageIds } from '../../src/queries/permissions.ts';
import {
  type chatMessages,
  driveInvitations,
  drives,
  pages,
  pageType,
  type users,
} from '../../src/schema/index.ts';
import {
  driveId,
  pageId,
  people,
  seedPassword,
  seedWorkspace,
  userId,
} from '../../src/seed/seed.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let client: ReturnType<typeof createDb>;
beforeAll(async () => {
  workspace = await openWorkspace();
  await workspace.sql.end();
  // A statement of ten thousand pages may take longer than a query may.
  client = createDb({ url: workspace.url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
});
afterAll(async () => {
  await client.close();
  await workspace.close();
});

const count = async (table: typeof pages | typeof chatMessages | typeof users) =>
  client.db.$count(table);

describe('the small workspace', () => {
  test('is the same however often it is seeded, and keeps what people changed', async () => {
    const { db } = client;
    const first = await seedWorkspace(client);
    expect(first).toMatchObject({ users: 6, drives: 3, invitations: 4, messages: 5 });
    const all = () => db.select(getTableColumns(pages)).from(pages).orderBy(pages.id);
    await db
      .update(drives)
      .set({ name: 'Renamed' })
      .where(sql`${drives.id} = ${driveId('notes')}`);
    const before = await all();
    const second = await seedWorkspace(client);
    expect(Object.values(second).every((added) => added === 0)).toBe(true);
    expect(await all()).toEqual(before);
    const [kept] = await db
      .select({ name: drives.name })
      .from(drives)
      .where(sql`${drives.id} = ${driveId('notes')}`);
    expect(kept?.name).toBe('Renamed');
    expect(before.every(({ id }) => isCuid(id))).toBe(true);
  });

  test('shows every type of page, every state of an invitation, the trash', async () => {
    const { db } = client;
    const types = await db.selectDistinct({ type: pages.type }).from(pages);
    expect(types.map(({ type }) => type).sort()).toEqual([...pageType.enumValues].sort());
    const invitations = await db
      .select({
        accepted: sql<boolean>`${sql`${driveInvitations.acceptedAt}`} is not null`,
        revoked: sql<boolean>`${sql`${driveInvitations.revokedAt}`} is not null`,
        expired: sql<boolean>`${sql`${driveInvitations.expiresAt}`} < now()`,
      })
      .from(driveInvitations);
    expect(new Set(invitations.map((state) => JSON.stringify(state))).size).toBe(4);
    const ada = userId('ada');
    const trashed = await listTrashedPages(db, { userId: ada, driveId: driveId('notes') });
    expect(trashed.items.map(({ title }) => title)).toEqual(['Old drafts']);
    const tree = await getDriveTree(db, { userId: ada, driveId: driveId('product') });
    expect(tree.map(({ title }) => title)).toEqual(['Roadmap', 'Research', 'Assistant', 'general']);
  });

  test('lets people in as it says', async () => {
    const { db } = client;
    expect(
      await verifyPassword(db, { email: 'ada@example.com', password: seedPassword }),
    ).toBeTruthy();
    const sees = async (title: string) => {
      const seen = [];
      for (const person of people) {
        const access = { userId: userId(person), pageId: pageId('product', title) };
        if ((await getPageAccess(db, access)).canView) seen.push(person);
      }
      return seen;
    };
    expect(await sees('Launch plan')).toEqual(['ada', 'ben', 'chloe', 'dmitri', 'emi']);
    // Dmitri's grant on it has expired.
    expect(await sees('Interview notes')).toEqual(['ada', 'ben']);
    const { items } = await searchPages(db, { userId: userId('zoe'), words: 'launch' });
    expect(items).toEqual([]);
  });
});

test('medium adds 10,000 pages and 5,000 messages, once', { timeout: 600_000 }, async () => {
  const before = await count(pages);
  const added = await seedWorkspace(client, { size: 'medium' });
  expect(added).toMatchObject({
    pages: 10_000,
    messages: 5000,
    grants: 2000,
    conversations: 250,
    'conversation messages': 2500,
    'channel messages': 1000,
  });
  expect(await count(pages)).toBe(before + 10_000);
  await seedWorkspace(client, { size: 'medium' });
  expect(await count(pages)).toBe(before + 10_000);
  const { db } = client;
  const [some] = await db
    .select({ driveId: drives.id, ownerId: drives.ownerId })
    .from(drives)
    .where(sql`${drives.slug} = 'team-7'`);
  const params = { driveId: some?.driveId ?? '', userId: some?.ownerId ?? '' };
  expect((await listAccessiblePageIds(db, params)).items).toHaveLength(200);
  expect(await getDriveTree(db, params)).toHaveLength(8);
});
