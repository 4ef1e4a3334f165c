import { DbError } from '@reference/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as api from '../../src/index.ts';
import * as schema from '../../src/schema/index.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { ownPairWrites, pairReads, pairWrites } from './between-two.ts';
import { fingerprint } from './fingerprint.ts';
import { ownCounts, ownReads, ownWrites, writesByOther } from './personal.ts';
import { outside } from './places.ts';
import {
  type Asked,
  driveReads,
  pageReads,
  quietDriveReads,
  quietPageReads,
  wideReads,
} from './reads.ts';
import {
  buildWorld,
  type World,
  type WorldDrive,
  type WorldPage,
  worldArbitrary,
} from './world.ts';
import { driveWrites, mayWrite, pageWrites } from './writes.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await api.upsertPlan(workspace.db, {
    key: 'free',
    name: 'Free',
    monthlyPriceCents: 0,
    limits: { storageBytes: 1000, maxFileBytes: 10, aiRequestsPerDay: 1 },
  });
});
afterAll(() => workspace.close());

/** ORACLE_WORLDS, which `pnpm oracle` sets to 500, else 3. */
const worlds = Number(process.env.ORACLE_WORLDS || 3);

test('every exported function has a case here, or a reason why it has none', () => {
  const isQuery = (value: unknown) =>
    typeof value === 'function' && !('enumValues' in value) && !/^class /.test(`${value}`);
  const exported = Object.entries(api).flatMap(([name, value]) => (isQuery(value) ? [name] : []));
  const cases = [
    pageReads,
    quietPageReads,
    driveReads,
    quietDriveReads,
    wideReads,
    pageWrites,
    driveWrites,
    ownReads,
    ownCounts,
    ownWrites,
    writesByOther,
    pairReads,
    pairWrites,
    ownPairWrites,
  ].flatMap((group) => Object.keys(group));
  expect([...cases, ...Object.values(outside).flat()].sort()).toEqual(exported.sort());
});

/** The result of a read, or its refusal. */
const outcomeOf = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    return JSON.stringify(await call()) ?? 'undefined';
  } catch (error) {
    if (!(error instanceof DbError)) throw error;
    return `${error.code}: ${error.message}`;
  }
};

/** The pages that a text tells of: by id, by the token of their texts, or by what hangs on them. */
function pagesIn(world: World, text: string): string[] {
  const told = new Set([...world.model.pages.keys()].filter((id) => text.includes(id)));
  for (const page of world.pages) {
    const marks = [page.token, page.commentId, page.channelMessageId, page.chatMessageId];
    if (marks.some((mark) => text.includes(mark))) told.add(page.id);
  }
  return [...told];
}

const drivesIn = (world: World, text: string): string[] =>
  world.drives.flatMap(({ id, token }) => (text.includes(id) || text.includes(token) ? [id] : []));

const unknownPage: WorldPage = {
  id: 'unknown',
  driveId: 'unknown',
  token: 'unknown',
  commentId: 'unknown',
  channelMessageId: 'unknown',
  chatMessageId: 'unknown',
  fileId: 'unknown',
  linkId: 'unknown',
};
const unknownDrive: WorldDrive = {
  id: 'unknown',
  token: 'unknown',
  slug: 'unknown',
  firstOwnerId: 'unknown',
  tagId: 'unknown',
  invitationId: 'unknown',
  roleId: 'unknown',
};

/** Expects that a text tells of no page and no drive but those that the user sees. */
function expectNoLeak({ world, userId }: Asked, text: string, name: string): void {
  const { model } = world;
  const visible = new Set(model.visible(userId));
  const leaked = pagesIn(world, text).filter((id) => !visible.has(id));
  const leakedDrives = drivesIn(world, text).filter((id) => !model.sees(userId, id));
  expect({ name, leaked, leakedDrives }).toEqual({ name, leaked: [], leakedDrives: [] });
}

async function checkReads(asked: Asked): Promise<void> {
  const { world, userId } = asked;
  const { model } = world;
  for (const [name, run] of Object.entries({ ...pageReads, ...quietPageReads })) {
    const forUnknown = await outcomeOf(() => run(asked, unknownPage));
    for (const page of world.pages) {
      const text = await outcomeOf(() => run(asked, page));
      expectNoLeak(asked, text, name);
      if (!model.may(userId, page.id, 'canView')) expect([name, text]).toEqual([name, forUnknown]);
      else if (name in pageReads)
        expect([name, pagesIn(world, text)]).toContainEqual(expect.arrayContaining([page.id]));
    }
  }
  for (const [name, { run, shows }] of Object.entries(driveReads)) {
    const forUnknown = await outcomeOf(() => run(asked, unknownDrive));
    for (const drive of world.drives) {
      const text = await outcomeOf(() => run(asked, drive));
      expectNoLeak(asked, text, name);
      const shown = shows(asked, drive);
      expect([name, pagesIn(world, text)]).toEqual([name, expect.arrayContaining(shown)]);
      if (!model.sees(userId, drive.id)) expect([name, text]).toEqual([name, forUnknown]);
    }
  }
  for (const [name, run] of Object.entries(quietDriveReads)) {
    const forUnknown = await outcomeOf(() => run(asked, unknownDrive));
    for (const drive of world.drives) {
      const text = await outcomeOf(() => run(asked, drive));
      expectNoLeak(asked, text, name);
      if (!model.sees(userId, drive.id)) expect([name, text]).toEqual([name, forUnknown]);
    }
  }
  for (const [name, { run, shows }] of Object.entries(wideReads)) {
    const text = await outcomeOf(() => run(asked));
    expectNoLeak(asked, text, name);
    expect([name, pagesIn(world, text)]).toEqual([name, expect.arrayContaining(shows(asked))]);
  }
  const pageIds = [...model.pages.keys()];
  const access = await api.getAccessToPages(world.db, { userId, pageIds });
  for (const pageId of pageIds) {
    const one = await api.getPageAccess(world.db, { userId, pageId });
    expect(access.get(pageId)).toEqual(one);
    for (const right of ['canView', 'canEdit', 'canShare', 'canDelete'] as const) {
      expect([right, one[right]]).toEqual([right, model.may(userId, pageId, right)]);
    }
  }
}

/** Expects each write that the user has no right to be refused, and all of them to change no row. */
async function checkWrites(asked: Asked): Promise<void> {
  const { world, userId } = asked;
  const before = await fingerprint(world.db);
  const done: string[] = [];
  const refused = async (name: string, call: () => Promise<unknown>) => {
    try {
      await call();
      done.push(name);
    } catch (error) {
      if (!(error instanceof DbError)) throw error;
    }
  };
  for (const [name, { right, run }] of Object.entries(pageWrites)) {
    for (const page of world.pages) {
      if (!world.model.may(userId, page.id, right)) await refused(name, () => run(asked, page));
    }
  }
  for (const [name, write] of Object.entries(driveWrites)) {
    for (const drive of world.drives) {
      if (!mayWrite(asked, write, drive)) await refused(name, () => write.run(asked, drive));
    }
  }
  expect(done).toEqual([]);
  expect(await fingerprint(world.db)).toEqual(before);
}

test('every read shows what the model allows, and every other write is refused and changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(worldArbitrary, async (plan) => {
      await workspace.db.delete(schema.users);
      const world = await buildWorld(workspace.db, plan);
      for (const userId of world.people) {
        await checkReads({ world, userId });
        await checkWrites({ world, userId });
      }
    }),
    { numRuns: worlds, endOnFailure: true },
  );
}, 3_600_000);
