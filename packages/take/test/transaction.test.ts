import { sql } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mapConstraints, onlyRow, transaction } from '../portable/database.ts';
import { capabilities, type OpenDatabase, openDatabase } from '../portable/test-database.ts';

const accounts = pgTable('accounts', {
  id: integer('id').primaryKey(),
  owner: text('owner').notNull().unique('accounts_owner_key'),
  cents: integer('cents').notNull(),
});

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.execute(
    sql`create table accounts (id integer primary key, owner text not null, cents integer not null,
                               constraint accounts_owner_key unique (owner))`,
  );
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(accounts);
  await database.db.insert(accounts).values([
    { id: 1, owner: 'ada', cents: 100 },
    { id: 2, owner: 'ben', cents: 100 },
  ]);
});

const balances = async () => {
  const rows = await database.db
    .select({ cents: accounts.cents })
    .from(accounts)
    .orderBy(accounts.id);
  return rows.map(({ cents }) => cents);
};
const failing = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });

describe('transaction', () => {
  it('keeps all writes or none', async () => {
    await expect(
      transaction(database.db, async (tx) => {
        await tx.update(accounts).set({ cents: 0 });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await balances()).toEqual([100, 100]);
  });

  it('runs again after a deadlock or a serialization failure, and after nothing else', async () => {
    let attempts = 0;
    const attempt = (code: string, failures: number) => {
      attempts = 0;
      return transaction(database.db, async () => {
        attempts += 1;
        if (attempts > failures) return attempts;
        // Drizzle wraps the driver's error.
        throw new Error('Failed query', { cause: failing(code) });
      });
    };
    expect(await attempt('40001', 2)).toBe(3);
    expect(await attempt('40P01', 1)).toBe(2);
    await expect(attempt('23505', 1)).rejects.toThrow('Failed query');
    expect(attempts).toBe(1);
    await expect(attempt('40001', 9)).rejects.toThrow('Failed query');
    expect(attempts).toBe(6);
  });

  it('is a savepoint inside another, and leaves running again to the outermost', async () => {
    let inner = 0;
    await transaction(database.db, async (tx) => {
      await tx.update(accounts).set({ cents: 50 });
      const failed = transaction(tx, async (nested) => {
        inner += 1;
        await nested.update(accounts).set({ cents: 0 });
        throw failing('40001');
      });
      await expect(failed).rejects.toThrow('40001');
    });
    expect(inner).toBe(1);
    expect(await balances()).toEqual([50, 50]);
  });

  it.skipIf(!capabilities.concurrency)(
    'two that lock the same rows in opposite orders both succeed',
    async () => {
      const take = (first: number, second: number) =>
        transaction(database.db, async (tx) => {
          for (const id of [first, second]) {
            await tx
              .update(accounts)
              .set({ cents: sql`${accounts.cents} - 1` })
              .where(sql`${accounts.id} = ${id}`);
            await tx.execute(sql`select pg_sleep(0.05)`);
          }
        });
      await Promise.all([take(1, 2), take(2, 1)]);
      expect(await balances()).toEqual([98, 98]);
    },
  );
});

describe('mapConstraints', () => {
  const addAda = () => database.db.insert(accounts).values({ id: 3, owner: 'ada', cents: 0 });

  it('gives a violation the name that its constraint has in the domain', async () => {
    const taken = mapConstraints(addAda(), {
      accounts_owner_key: ({ sqlstate }) => new Error(`taken, ${sqlstate}`),
    });
    await expect(taken).rejects.toThrow('taken, 23505');
  });

  it('lets another violation, and what is no violation, pass', async () => {
    const others = { accounts_pkey: () => new Error('wrong one') };
    await expect(mapConstraints(addAda(), others)).rejects.not.toThrow('wrong one');
    await expect(
      mapConstraints(() => Promise.reject(failing('57014')), others),
    ).rejects.toMatchObject({ code: '57014' });
  });
});

it('onlyRow takes exactly one row', () => {
  expect(onlyRow([1])).toBe(1);
  expect(() => onlyRow([])).toThrow('got 0');
  expect(() => onlyRow([1, 2])).toThrow('got 2');
});
