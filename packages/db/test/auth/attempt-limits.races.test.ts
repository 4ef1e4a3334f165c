import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import { countAttempt, purgeAttempts } from '../../src/queries/auth.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const isAllowed = (value: unknown) =>
  typeof value === 'object' && value !== null && 'isAllowed' in value && value.isAllowed === true;

describe.skipIf(!capabilities.concurrency)('attempts at once', () => {
  let workspace: Workspace;
  let racers: Racers;
  beforeAll(async () => {
    workspace = await openWorkspace();
    racers = openRacers(workspace, 5);
  });
  afterAll(async () => {
    await racers.close();
    await workspace.close();
  });

  test('countAttempt × 5: exactly as many as allowed pass', async () => {
    const allowed = new Map<string, number>();
    await race<Db, string>({
      name: 'countAttempt × 5',
      connections: racers.connections,
      setup: async (round) => `key of round ${round}`,
      calls: Array.from({ length: 5 }, () => async (db, key) => {
        const { isAllowed } = await countAttempt(db, { key, most: 2, windowSeconds: 60 });
        if (isAllowed) allowed.set(key, (allowed.get(key) ?? 0) + 1);
      }),
      check: (key) => expect(allowed.get(key)).toBe(2),
    });
  });

  test('countAttempt × purgeAttempts: a window that is over is counted anew, once', async () => {
    await race<Db, string>({
      name: 'countAttempt × countAttempt × purgeAttempts',
      connections: racers.connections,
      setup: async (round) => {
        const key = `over in round ${round}`;
        await countAttempt(workspace.db, { key, most: 1, windowSeconds: 60 });
        await workspace.sql`update attempt_limits set "windowEndsAt" = now() - interval '1 second'`;
        return key;
      },
      calls: [
        (db, key) => countAttempt(db, { key, most: 1, windowSeconds: 60 }),
        (db, key) => countAttempt(db, { key, most: 1, windowSeconds: 60 }),
        (db) => purgeAttempts(db),
      ],
      check: (_, outcomes) => {
        const passed = outcomes.slice(0, 2).filter((one) => one.ok && isAllowed(one.value));
        expect(passed).toHaveLength(1);
      },
    });
  });
});
