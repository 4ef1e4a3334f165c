import { ConflictError, InvalidInputError, transaction } from '@reference/kit';
import { answerOnce, purgeIdempotencyKeys } from '@reference/kit/idempotency';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createDb } from '../../src/client.ts';
import type { Db } from '../../src/database.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await workspace.sql`create table effects (id uuid primary key default gen_random_uuid(), name text not null)`;
});
afterAll(() => workspace.close());
beforeEach(() => workspace.sql`truncate idempotency_keys, effects`);

const scope = 'addEffect ada';
/** An effect that can be counted: a row of this name. */
const addEffect = (db: Db, key: string, name: string, at = scope) =>
  answerOnce(db, { scope: at, key, request: { name } }, async (tx) => {
    const id = crypto.randomUUID();
    await tx.execute(raw`insert into effects (id, name) values (${id}, ${name})`);
    return { id, rank: 1, none: null };
  });
const answerSchema = z.object({ answer: z.object({ id: z.string() }), isReplay: z.boolean() });
const countEffects = async () => (await workspace.sql`select id from effects`).length;

test('the same key and request: the same answer, and one effect', async () => {
  const { db } = workspace;
  const first = await addEffect(db, 'k1', 'red');
  expect(first.isReplay).toBe(false);
  const again = await addEffect(db, 'k1', 'red');
  expect(again).toEqual({ answer: first.answer, isReplay: true });
  expect(await countEffects()).toBe(1);
  expect((await addEffect(db, 'k2', 'red')).isReplay).toBe(false);
  expect((await addEffect(db, 'k1', 'red', 'addEffect ben')).isReplay).toBe(false);
  expect(await countEffects()).toBe(3);
});

test('the same key and another request: a conflict, and no effect', async () => {
  const { db } = workspace;
  await addEffect(db, 'k1', 'red');
  await expect(addEffect(db, 'k1', 'blue')).rejects.toThrow(ConflictError);
  expect(await countEffects()).toBe(1);
});

test('the order of an object’s keys makes no other request; a value and an undefined member do or do not', async () => {
  const { db } = workspace;
  const once = (request: unknown) => answerOnce(db, { scope, key: 'k', request }, async () => 1);
  await once({ a: 1, b: { c: [1, 2], d: 'x' } });
  expect((await once({ b: { d: 'x', c: [1, 2], e: undefined }, a: 1 })).isReplay).toBe(true);
  await expect(once({ a: 1, b: { c: [2, 1], d: 'x' } })).rejects.toThrow(ConflictError);
  await expect(once({ a: '1', b: { c: [1, 2], d: 'x' } })).rejects.toThrow(ConflictError);
});

test.each([[null], ['text'], [0], [false], [[1, { deep: ['ü', null] }]]])(
  'an answer is given again as it was: %j',
  async (answer) => {
    const ask = () =>
      answerOnce(workspace.db, { scope, key: 'k', request: {} }, async () => answer);
    await ask();
    expect(await ask()).toEqual({ answer, isReplay: true });
  },
);

test('what fails leaves neither effect nor key', async () => {
  const { db } = workspace;
  const failing = answerOnce(db, { scope, key: 'k1', request: { name: 'red' } }, async (tx) => {
    await tx.execute(raw`insert into effects (name) values ('half done')`);
    throw new Error('the rest failed');
  });
  await expect(failing).rejects.toThrow('the rest failed');
  expect(await countEffects()).toBe(0);
  expect((await addEffect(db, 'k1', 'red')).isReplay).toBe(false);
});

test('a key that has expired is a new one', async () => {
  const { db, sql } = workspace;
  await addEffect(db, 'k1', 'red');
  await sql`update idempotency_keys set "expiresAt" = now() - interval '1 ms'`;
  expect((await addEffect(db, 'k1', 'blue')).isReplay).toBe(false);
  expect((await addEffect(db, 'k1', 'blue')).isReplay).toBe(true);
  await expect(addEffect(db, 'k1', 'red')).rejects.toThrow(ConflictError);
});

test('purging takes what has expired, as many as asked for, and nothing else', async () => {
  const { db, sql } = workspace;
  // Under one scope and key of another each: a purge by one column alone would take too many.
  for (const at of ['a', 'b']) for (const key of ['1', '2']) await addEffect(db, key, 'x', at);
  await sql`update idempotency_keys set "expiresAt" = now() - interval '1 second'
    where (scope, "keyHash") in (select scope, "keyHash" from idempotency_keys where scope = 'a' order by "keyHash" limit 1)
       or (scope, "keyHash") in (select scope, "keyHash" from idempotency_keys where scope = 'b' order by "keyHash" desc limit 1)`;
  expect(await purgeIdempotencyKeys(db, { limit: 1 })).toBe(1);
  expect(await purgeIdempotencyKeys(db)).toBe(1);
  expect(await sql`select 1 from idempotency_keys`).toHaveLength(2);
});

test('purging begins with the key that expired first', async () => {
  const { db, sql } = workspace;
  for (const at of ['a', 'b', 'c']) await addEffect(db, '1', 'x', at);
  await sql`update idempotency_keys
    set "expiresAt" = now() - make_interval(hours => case scope when 'b' then 3 else 1 end)`;
  expect(await purgeIdempotencyKeys(db, { limit: 1 })).toBe(1);
  const left = await sql`select scope from idempotency_keys order by 1`;
  expect(left.map(({ scope }) => scope)).toEqual(['a', 'c']);
});

test.skipIf(!capabilities.concurrency)(
  'purging passes by a key that somebody holds, without waiting',
  async () => {
    const { db, sql } = workspace;
    for (const at of ['a', 'b']) await addEffect(db, '1', 'x', at);
    await sql`update idempotency_keys set "expiresAt" = now() - interval '1 second'`;
    const holder = createDb({ url: workspace.url, max: 1 });
    await transaction(holder.db, async (tx) => {
      await tx.execute(raw`select 1 from idempotency_keys where scope = 'a' for update`);
      expect(await purgeIdempotencyKeys(db)).toBe(1);
    });
    await holder.close();
    expect(await purgeIdempotencyKeys(db)).toBe(1);
  },
);

test('neither key nor request stands in the table', async () => {
  await addEffect(workspace.db, 'key-canary', 'request-canary');
  const rows = await workspace.sql`select to_jsonb(k)::text as line from idempotency_keys k`;
  expect(JSON.stringify(rows)).not.toContain('canary');
});

test('what JSON cannot hold is refused before anything is done', async () => {
  const { db } = workspace;
  for (const request of [1n, { at: new Date() }, { f: () => 1 }, [Number.NaN]]) {
    await expect(answerOnce(db, { scope, key: 'k', request }, async () => 1)).rejects.toThrow(
      InvalidInputError,
    );
  }
  await expect(addEffect(db, '', 'red')).rejects.toThrow(InvalidInputError);
});

describe.skipIf(!capabilities.concurrency)('two at once', () => {
  let racers: Racers;
  beforeAll(() => {
    racers = openRacers(workspace, 4);
  });
  afterAll(() => racers.close());

  test('one runs, and all get its answer', async () => {
    await race<Db, string>({
      name: 'answerOnce × 4',
      connections: racers.connections,
      setup: async (round) => {
        await workspace.sql`truncate effects`;
        return `key ${round}`;
      },
      calls: Array.from({ length: 4 }, () => (db, key) => addEffect(db, key, 'red')),
      check: async (_, outcomes) => {
        expect(await countEffects()).toBe(1);
        const given = outcomes.flatMap((one) => (one.ok ? [answerSchema.parse(one.value)] : []));
        expect(given).toHaveLength(4);
        expect(new Set(given.map(({ answer }) => answer.id)).size).toBe(1);
        expect(given.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
      },
    });
  });

  test('a purge in between neither runs it twice within its life, nor crashes', async () => {
    await race<Db, string>({
      name: 'answerOnce × answerOnce × purgeIdempotencyKeys',
      connections: racers.connections,
      setup: async (round) => {
        await workspace.sql`truncate idempotency_keys, effects`;
        await addEffect(workspace.db, `key ${round}`, 'red');
        await workspace.sql`update idempotency_keys set "expiresAt" = now() - interval '1 second'`;
        return `key ${round}`;
      },
      calls: [
        (db, key) => addEffect(db, key, 'red'),
        (db, key) => addEffect(db, key, 'red'),
        (db) => purgeIdempotencyKeys(db),
      ],
      check: async () => expect(await countEffects()).toBe(2),
    });
  });
});
