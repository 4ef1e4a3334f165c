import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFolder } from '../../src/import/import-folder.ts';
import { setPageMentions } from '../../src/queries/core.ts';
import { mentions, pages } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let racers: Racers;
let folder: string;
beforeAll(async () => {
  workspace = await openWorkspace();
  racers = openRacers(workspace);
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  await writeFile(join(folder, 'a.md'), '# A\n\n[b](b.md)');
  await writeFile(join(folder, 'b.md'), '# B');
  await writeFile(join(folder, 'c.md'), '# C');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await racers.close();
  await workspace.close();
});

/** A drive that shows the folder, and a page of it whose mentions somebody has changed since. */
async function setup(round: number) {
  const { db } = workspace;
  const email = `importer${round}@example.com`;
  const userId = await addUser(db, email);
  const source = { folder, drive: 'Docs', email };
  const { drive } = await importFolder(db, source);
  const idOf = async (filePath: string) => {
    const [page] = await db
      .select({ id: pages.id })
      .from(pages)
      .where(and(eq(pages.driveId, drive.id), eq(pages.filePath, filePath)));
    return page?.id ?? '';
  };
  const [a, b, c] = [await idOf('a.md'), await idOf('b.md'), await idOf('c.md')];
  await setPageMentions(db, { userId, pageId: a, pageIds: [] });
  return { source, userId, a, b, c };
}

test.skipIf(!capabilities.concurrency)(
  'importFolder × setPageMentions: exactly one of the two sets stays',
  async () => {
    await race({
      name: 'importFolder × setPageMentions',
      connections: racers.connections,
      // An import scans the folder before it comes to the mentions.
      spreadMs: 30,
      setup,
      calls: [
        (db, { source }) => importFolder(db, source),
        (db, { userId, a, c }) => setPageMentions(db, { userId, pageId: a, pageIds: [c] }),
      ],
      check: async ({ a, b, c }, outcomes) => {
        expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
        const rows = await workspace.db
          .select({ id: mentions.targetPageId })
          .from(mentions)
          .where(eq(mentions.sourcePageId, a));
        expect([[b], [c]]).toContainEqual(rows.map(({ id }) => id));
      },
    });
  },
);
