import { createTestDatabase } from '@reference/local-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStatementCounter, type StatementCounter } from '../src/plans/count-statements.ts';

let counter: StatementCounter;
let client: pg.Client;
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  close = () => database.close();
  counter = await openStatementCounter(database.url);
  client = new pg.Client(counter.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await counter.close();
  await close();
});

test('simple, parameterised and prepared statements are counted, each time they run', async () => {
  const heard = await counter.during(async () => {
    await client.query('select 1');
    await client.query('select $1::int', [2]);
    for (const n of [1, 2])
      await client.query({ name: 'kept', text: 'select $1::text', values: [String(n)] });
  });
  expect(heard).toEqual(['select 1', 'select $1::int', 'select $1::text', 'select $1::text']);
});

test('what makes a transaction is not, nor what went before the call', async () => {
  await client.query('select 0');
  const heard = await counter.during(async () => {
    await client.query('begin');
    await client.query("set local lock_timeout = '1s'");
    await client.query('select 1');
    await client.query('commit');
  });
  expect(heard).toEqual(['select 1']);
});

test('a query for each row is seen', async () => {
  const loop = (rows: number) =>
    counter.during(async () => {
      for (let row = 0; row < rows; row += 1) await client.query('select $1::int', [row]);
    });
  expect(await loop(1)).toHaveLength(1);
  expect(await loop(20)).toHaveLength(20);
});
