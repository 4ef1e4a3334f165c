import { setTimeout } from 'node:timers/promises';
import { hashToken, InvalidInputError, transaction } from '@reference/kit';
import { countRequest, forgetRequests, purgeRequests } from '@reference/kit/rate-limit';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { sql as statement } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import type { Db } from '../../src/database.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  // Time passes in the tests by whole twelfths; one that ends meanwhile would be one too many.
  const secondsLeft = TWELFTH - ((Date.now() / 1000) % TWELFTH);
  if (secondsLeft < 60) await setTimeout(secondsLeft * 1000);
}, 120_000);
afterAll(() => workspace.close());
beforeEach(() => workspace.sql`truncate rate_limits`);

const DAY = 86_400;
const TWELFTH = DAY / 12;
const limit = { most: 3, windowSeconds: DAY };
const many = { most: 1600, windowSeconds: 60 };

/** Lets time pass: counts are as old as if they had been made that many twelfths earlier. */
const passTwelfths = (count: number) =>
  workspace.sql`update rate_limits set bucket = bucket - ${count}`;
const allowed = async (count: number, of: { key: string } & typeof limit) => {
  let passed = 0;
  for (let n = 0; n < count; n += 1)
    passed += Number((await countRequest(workspace.db, of)).isAllowed);
  return passed;
};

test('as many requests as allowed pass, and the rest are told how long to wait', async () => {
  const of = { key: 'sign-in ada@example.com', ...limit };
  expect(await countRequest(workspace.db, of)).toEqual({
    isAllowed: true,
    left: 2,
    secondsLeft: 0,
  });
  expect(await allowed(4, of)).toBe(2);
  const refused = await countRequest(workspace.db, of);
  expect(refused).toMatchObject({ isAllowed: false, left: 0 });
  // The first count leaves after 13 twelfths, less what has passed of its own.
  expect(refused.secondsLeft).toBeGreaterThan(DAY);
  expect(refused.secondsLeft).toBeLessThanOrEqual(DAY + TWELFTH);
  expect(await allowed(1, { ...of, key: 'sign-in ben@example.com' })).toBe(1);
});

test('a refused request writes nothing', async () => {
  const { sql } = workspace;
  const of = { key: 'refused', ...limit };
  await allowed(3, of);
  const [before] =
    await sql`select xmin::text as version, ctid::text as place, counts from rate_limits`;
  expect(await allowed(5, of)).toBe(0);
  const [after] =
    await sql`select xmin::text as version, ctid::text as place, counts from rate_limits`;
  expect(after).toEqual(before);
});

test('the window slides: each count leaves by itself, a twelfth after its window', async () => {
  const of = { key: 'sliding', ...limit };
  expect(await allowed(2, of)).toBe(2);
  await passTwelfths(6);
  expect(await allowed(2, of)).toBe(1);
  await passTwelfths(6);
  expect(await allowed(1, of)).toBe(0);
  await passTwelfths(1);
  expect(await allowed(3, of)).toBe(2);
  await passTwelfths(1000);
  expect(await allowed(4, of)).toBe(3);
});

test('in any stretch of the window no more than allowed pass, over 400 random moments', async () => {
  const of = { key: 'any stretch', ...limit };
  const passed: number[] = [];
  for (let at = 0, round = 0; round < 400; round += 1) {
    const step = Math.floor(Math.random() * 3);
    at += step;
    if (step > 0) await passTwelfths(step);
    if ((await countRequest(workspace.db, of)).isAllowed) passed.push(at);
  }
  expect(passed.length).toBeGreaterThan(50);
  for (const start of passed) {
    // A count of the stretch's first twelfth may have been made at its end.
    expect(passed.filter((at) => at >= start && at <= start + 12).length).toBeLessThanOrEqual(3);
  }
});

test('another server’s statement that is a twelfth ahead takes no count away', async () => {
  const of = { key: 'ahead', ...limit };
  expect(await allowed(2, of)).toBe(2);
  await passTwelfths(-1);
  const bucket = () => workspace.sql`select bucket from rate_limits`;
  const before = await bucket();
  expect(await allowed(2, of)).toBe(1);
  expect(await bucket()).toEqual(before);
});

test('a large limit is spread over its shares and used up exactly', async () => {
  const of = { key: 'large', most: 167, windowSeconds: 60 };
  expect(await allowed(200, of)).toBe(167);
  const rows =
    await workspace.sql`select slot, (select sum(c)::int from unnest(counts) c) as used from rate_limits order by slot`;
  expect(rows).toHaveLength(16);
  expect(rows.map(({ used }) => used)).toEqual([...Array(7).fill(11), ...Array(9).fill(10)]);
});

test('what succeeded is forgotten at once, and its neighbour is not', async () => {
  const { db } = workspace;
  const of = { key: 'forgotten', ...limit };
  await allowed(3, of);
  await allowed(3, { ...of, key: 'kept' });
  await forgetRequests(db, { key: of.key, windowSeconds: of.windowSeconds });
  expect(await allowed(1, of)).toBe(1);
  expect(await allowed(1, { ...of, key: 'kept' })).toBe(0);
});

test('purging takes what is over, as many as asked for, and nothing else', async () => {
  const { db, sql } = workspace;
  await allowed(1, { key: 'one', ...limit });
  await allowed(1, { key: 'two', ...limit });
  await sql`update rate_limits set "expiresAt" = now() - interval '1 second'`;
  await allowed(1, { key: 'three', ...limit });
  expect(await purgeRequests(db, { limit: 1 })).toBe(1);
  expect(await purgeRequests(db)).toBe(1);
  expect(await sql`select 1 from rate_limits`).toHaveLength(1);
  expect(await allowed(3, { key: 'three', ...limit })).toBe(2);
});

test('purging begins with the window that was over first', async () => {
  const { db, sql } = workspace;
  for (const key of ['one', 'two', 'three']) await allowed(1, { key, ...limit });
  await sql`update rate_limits set "expiresAt" = now() - make_interval(hours => case "keyHash"
    when ${hashToken(`${limit.windowSeconds} two`)} then 3 else 1 end)`;
  expect(await purgeRequests(db, { limit: 1 })).toBe(1);
  const left = await sql`select "keyHash" from rate_limits`;
  expect(left.map(({ keyHash }) => keyHash).sort()).toEqual(
    ['one', 'three'].map((key) => hashToken(`${limit.windowSeconds} ${key}`)).sort(),
  );
});

test.skipIf(!capabilities.concurrency)(
  'purging passes by a window that somebody holds, without waiting',
  async () => {
    const { db, sql } = workspace;
    for (const key of ['one', 'two']) await allowed(1, { key, ...limit });
    await sql`update rate_limits set "expiresAt" = now() - interval '1 second'`;
    const holder = createDb({ url: workspace.url, max: 1 });
    await transaction(holder.db, async (tx) => {
      await tx.execute(statement`select 1 from rate_limits limit 1 for update`);
      expect(await purgeRequests(db)).toBe(1);
    });
    await holder.close();
    expect(await purgeRequests(db)).toBe(1);
  },
);

test('no key stands in the table in clear', async () => {
  await allowed(1, { key: 'sign-in ada@example.com', ...limit });
  const rows = await workspace.sql`select "keyHash" from rate_limits`;
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain('example.com');
});

test.each([
  { key: '', most: 1, windowSeconds: 1 },
  { key: 'x', most: 0, windowSeconds: 1 },
  { key: 'x', most: 1, windowSeconds: 0 },
])('a limit that is none is refused: %j', async (params) => {
  await expect(countRequest(workspace.db, params)).rejects.toThrow(InvalidInputError);
});

describe.skipIf(!capabilities.concurrency)('requests at once', () => {
  let racers: Racers;
  beforeAll(() => {
    racers = openRacers(workspace, 8);
  });
  afterAll(() => racers.close());

  test.each([
    { name: 'one share', of: { most: 2, windowSeconds: 60 }, used: [0], passing: 2 },
    // Room for one is left in three shares, and some of the eight choose the same one.
    {
      name: 'the last of many shares',
      of: { most: 160, windowSeconds: 60 },
      used: [...Array(13).fill(10), 9, 9, 9],
      passing: 3,
    },
  ])('countRequest × 8, $name: exactly as many as allowed pass', async ({ of, used, passing }) => {
    const passed = new Map<string, number>();
    await race<Db, string>({
      name: `countRequest × 8 of ${of.most}`,
      connections: racers.connections,
      setup: async (round) => {
        const key = `round ${round} of ${of.most}`;
        const hash = hashToken(`${of.windowSeconds} ${key}`);
        await workspace.sql`insert into rate_limits ("keyHash", slot, bucket, counts, "expiresAt")
          select ${hash}, o - 1, floor(extract(epoch from now()) / 5), array_fill(0, array[12]) || c::int, now() + interval '1 hour'
          from unnest(${used}::int[]) with ordinality as u(c, o)`;
        return key;
      },
      calls: Array.from({ length: 8 }, () => async (db, key) => {
        if ((await countRequest(db, { key, ...of })).isAllowed) {
          passed.set(key, (passed.get(key) ?? 0) + 1);
        }
      }),
      check: (key) => expect(passed.get(key)).toBe(passing),
    });
  });

  test('countRequest × purgeRequests: a window that is over is counted anew, once', async () => {
    const of = { most: 1, windowSeconds: 60 };
    await race<Db, string>({
      name: 'countRequest × countRequest × purgeRequests',
      connections: racers.connections,
      setup: async (round) => {
        const key = `over in round ${round}`;
        await countRequest(workspace.db, { key, ...of });
        await workspace.sql`update rate_limits set bucket = bucket - 13, "expiresAt" = now() - interval '1 second'`;
        return key;
      },
      calls: [
        (db, key) => countRequest(db, { key, ...of }),
        (db, key) => countRequest(db, { key, ...of }),
        (db) => purgeRequests(db),
      ],
      check: (_, outcomes) => {
        const passed = outcomes.slice(0, 2).map((one) => one.ok && one.value);
        expect(passed.filter((one) => JSON.stringify(one).includes('true'))).toHaveLength(1);
      },
    });
  });

  test('requests of a large limit wait for one another at most one time in 16', async () => {
    const { db } = workspace;
    await countRequest(db, { key: 'held', ...many });
    let waited = 0;
    await transaction(db, async (held) => {
      // Eight of the shares are held by transactions that do not end.
      await held.execute(
        statement`insert into rate_limits select "keyHash", s, bucket, counts, "expiresAt" from rate_limits, generate_series(0, 7) s on conflict ("keyHash", slot) do update set slot = excluded.slot`,
      );
      const [racer] = racers.connections;
      if (!racer) throw new Error('No connection.');
      await racer.execute("set lock_timeout = '20ms'");
      for (let n = 0; n < 40; n += 1) {
        await countRequest(racer, { key: 'held', ...many }).catch(() => {
          waited += 1;
        });
      }
    });
    // Half of the shares are free: of 40 that choose by chance, 5 to 35 pass but one time in 10⁶.
    expect(waited).toBeGreaterThan(4);
    expect(waited).toBeLessThan(36);
  });
});
