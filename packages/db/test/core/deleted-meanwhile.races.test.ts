import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import { createConversation } from '../../src/queries/chat.ts';
import {
  addFavorite,
  createTag,
  removeFavorite,
  setPageMentions,
  tagPage,
} from '../../src/queries/core.ts';
import { pages } from '../../src/schema/index.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages } from './trees.ts';

let workspace: Workspace;
let racers: Racers;
beforeAll(async () => {
  workspace = await openWorkspace();
  racers = openRacers(workspace);
});
afterAll(async () => {
  await racers.close();
  await workspace.close();
});

async function setup() {
  const { db, owner: userId, driveId } = await makeScene(workspace);
  const [pageId = '', other = ''] = await addPages(db, driveId, ['page', 'other']);
  const tag = await createTag(db, { userId, driveId, name: 'tag' });
  return { userId, driveId, pageId, other, tagId: tag.id };
}
type Scene = Awaited<ReturnType<typeof setup>>;

const writes: Record<string, (db: Db, scene: Scene) => Promise<unknown>> = {
  tagPage: (db, { userId, pageId, tagId }) => tagPage(db, { userId, pageId, tagId }),
  addFavorite: (db, { userId, pageId }) => addFavorite(db, { userId, target: { pageId } }),
  createConversation: (db, { userId, pageId }) =>
    createConversation(db, { userId, conversation: { type: 'PAGE', pageId, title: 'talk' } }),
  setPageMentions: (db, { userId, pageId, other }) =>
    setPageMentions(db, { userId, pageId: other, pageIds: [pageId] }),
};

describe.skipIf(!capabilities.concurrency)('a page deleted meanwhile is a page not found', () => {
  test.each(Object.entries(writes))('%s × deleting the page', async (name, write) => {
    await race({
      name: `${name} × delete`,
      connections: racers.connections,
      setup,
      calls: [write, (db, { pageId }) => db.delete(pages).where(eq(pages.id, pageId))],
      check: (_, [written]) => {
        if (written?.ok === false) expect(written.code).toBe('NOT_FOUND');
      },
    });
  });
});

test.skipIf(!capabilities.concurrency)(
  'addFavorite × removeFavorite × removeFavorite of one that is there: all succeed',
  async () => {
    await race({
      name: 'addFavorite × removeFavorite × removeFavorite',
      connections: racers.connections,
      // One that is added again reads and waits first: the removals come around its last statements.
      spreadMs: 8,
      setup: async () => {
        const scene = await setup();
        const target = { pageId: scene.pageId };
        await addFavorite(workspace.db, { userId: scene.userId, target });
        return { userId: scene.userId, target };
      },
      calls: [
        (db: Db, favorite) => addFavorite(db, favorite),
        (db: Db, favorite) => removeFavorite(db, favorite),
        (db: Db, favorite) => removeFavorite(db, favorite),
      ],
      check: (_, outcomes) => expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]),
    });
  },
);
