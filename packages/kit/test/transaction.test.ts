import { setTimeout as sleep } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ConflictError,
  type Database,
  NotFoundError,
  type Transaction,
  transaction,
  UnavailableError,
  UsageError,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { people, type schema } from './schema.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(people);
  await database.db.insert(people).values([
    { id: 1, email: 'one', balance: 100 },
    { id: 2, email: 'two', balance: 100 },
  ]);
});

const add = (db: Database<typeof schema>, id: number, amount: number) =>
  db
    .update(people)
    .set({ balance: sql`${people.balance} + ${amount}` })
    .where(eq(people.id, id));
/** Lets the first that come wait for one another, so that their statements interleave. */
function meetingOf(number: number) {
  let arrived = 0;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived++;
    if (arrived === number) open();
    return all;
  };
}
const meetingOfTwo = () => meetingOf(2);
const balances = async () => {
  const rows = await database.db
    .select({ balance: people.balance })
    .from(people)
    .orderBy(people.id);
  return rows.map(({ balance }) => balance);
};

describe('a transaction', () => {
  it('keeps all of its writes or none', async () => {
    await transaction(database.db, (tx) => add(tx, 1, 5));
    const failed = transaction(database.db, async (tx) => {
      await add(tx, 1, 5);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await balances()).toEqual([105, 100]);
  });

  it('nested is a savepoint: its failure leaves the outer one usable', async () => {
    await transaction(database.db, async (tx) => {
      await add(tx, 1, 1);
      await expect(
        transaction(tx, async (inner) => {
          await add(inner, 1, 10);
          await inner.insert(people).values({ id: 1, email: 'duplicate' });
        }),
      ).rejects.toBeInstanceOf(ConflictError);
      await add(tx, 2, 1);
    });
    expect(await balances()).toEqual([101, 101]);
  });

  it('reports the statement that failed, not those refused after it', async () => {
    const failed = transaction(database.db, async (tx) => {
      await tx
        .insert(people)
        .values({ id: 1, email: 'duplicate' })
        .catch(() => undefined);
      await add(tx, 1, 1);
    });
    await expect(failed).rejects.toMatchObject({ constraint: 'people_pkey' });
  });

  it('that the caller gives up after a failed statement ends with the reason of the caller', async () => {
    const given = new NotFoundError('There is no such person.');
    const failed = transaction(database.db, async (tx) => {
      await tx
        .insert(people)
        .values({ id: 1, email: 'duplicate' })
        .catch(() => undefined);
      throw given;
    });
    await expect(failed).rejects.toBe(given);
  });

  it('runs at the isolation it is given, read only when asked', async () => {
    const level = (isolation: 'repeatable read' | 'serializable') =>
      transaction(
        database.db,
        async (tx) => {
          const [row] = await tx.execute<{ level: string }>(
            sql`select current_setting('transaction_isolation') as level`,
          );
          return row?.level;
        },
        { isolation },
      );
    expect(await level('serializable')).toBe('serializable');
    expect(await level('repeatable read')).toBe('repeatable read');
    await expect(
      transaction(database.db, (tx) => add(tx, 1, 1), { readOnly: true }),
    ).rejects.toMatchObject({ sqlstate: '25006' });
  });
});

describe('handles know their transaction', () => {
  it.each(['db', 'sql'] as const)(
    "the pool's %s inside is an error, not a hang",
    async (handle) => {
      const failed = transaction(database.db, async (tx) => {
        await add(tx, 1, 1);
        if (handle === 'db') await add(database.db, 2, 1);
        else await database.sql`select 1`;
      });
      await expect(failed).rejects.toBeInstanceOf(UsageError);
      expect(await balances()).toEqual([100, 100]);
    },
  );

  it('also deep below, from sql.begin, and for a second transaction', async () => {
    const helper = async () => {
      await sleep(1);
      await database.db.transaction((tx) => add(tx, 2, 1));
    };
    await expect(transaction(database.db, () => helper())).rejects.toBeInstanceOf(UsageError);
    await expect(database.sql.begin(() => helper())).rejects.toBeInstanceOf(UsageError);
    const inSavepoint = transaction(database.db, (tx) => tx.transaction(() => helper()));
    await expect(inSavepoint).rejects.toBeInstanceOf(UsageError);
  });

  it('kept after its callback, a transaction refuses to run', async () => {
    let kept: Transaction<typeof schema> | undefined;
    let keptRaw: OpenDatabase['sql']['unsafe'] | undefined;
    await transaction(database.db, async (tx) => {
      kept = tx;
    });
    await database.sql.begin(async (tx) => {
      keptRaw = tx.unsafe;
    });
    await expect(Promise.resolve(kept && add(kept, 1, 1))).rejects.toBeInstanceOf(UsageError);
    await expect(Promise.resolve(keptRaw?.('select 1'))).rejects.toBeInstanceOf(UsageError);
    expect(await balances()).toEqual([100, 100]);
  });

  it('the pool is free again after the transaction, in work that it started', async () => {
    let later: Promise<unknown> | undefined;
    await transaction(database.db, async (tx) => {
      await add(tx, 1, 1);
      later = sleep(50).then(() => add(database.db, 2, 1));
    });
    await later;
    expect(await balances()).toEqual([101, 101]);
  });

  it.skipIf(!capabilities.concurrency)(
    'another client inside is none of its business',
    async () => {
      const other = database.connect();
      await transaction(database.db, async (tx) => {
        await add(tx, 1, 1);
        expect(await other.db.$count(people)).toBe(2);
      });
      await other.close();
    },
  );
});

describe.skipIf(!capabilities.concurrency)('what waits for a connection past its deadline', () => {
  const add99 = (db: Database<typeof schema>) => add(db, 1, 99);
  it.each<[string, (client: ReturnType<OpenDatabase['connect']>) => PromiseLike<unknown>]>([
    ['a statement', ({ db }) => add99(db)],
    ['a statement of the template', ({ sql: raw }) => raw`update people set balance = 0`],
    ['transaction()', ({ db }) => transaction(db, add99)],
    ['sql.begin', ({ sql: raw }) => raw.begin((tx) => tx`update people set balance = 0`)],
    ['sql.reserve', ({ sql: raw }) => raw.reserve()],
  ])('%s rejects, and does not run when one is free', async (_, start) => {
    const client = database.connect({ max: 1, deadlineMs: 2500 });
    const held = await client.sql.reserve();
    await expect(start(client)).rejects.toBeInstanceOf(UnavailableError);
    held.release();
    // The next one has the only connection after whatever was waiting for it.
    await client.sql`select 1`;
    await sleep(50);
    expect(await balances()).toEqual([100, 100]);
    await client.close();
  });
});

describe.skipIf(!capabilities.concurrency)('retries', () => {
  it('deadlocks (40P01), until both are through', async () => {
    const met = meetingOfTwo();
    let runs = 0;
    const move = (from: number, to: number) =>
      transaction(database.db, async (tx) => {
        runs++;
        await add(tx, from, -1);
        await met();
        await add(tx, to, 1);
      });
    await Promise.all([move(1, 2), move(2, 1)]);
    expect(runs).toBeGreaterThan(2);
    expect(await balances()).toEqual([100, 100]);
  });

  it('write skew (40001): two that both saw enough cannot both take it', async () => {
    const met = meetingOfTwo();
    let runs = 0;
    const withdraw = (id: number) =>
      transaction(
        database.db,
        async (tx) => {
          runs++;
          const [row] = await tx.select({ total: sql<number>`sum(balance)::int` }).from(people);
          await met();
          if ((row?.total ?? 0) < 150) return false;
          await add(tx, id, -150);
          return true;
        },
        { isolation: 'serializable' },
      );
    const taken = await Promise.all([withdraw(1), withdraw(2)]);
    expect(runs).toBeGreaterThan(2);
    expect(taken.filter(Boolean)).toHaveLength(1);
    const [one = 0, two = 0] = await balances();
    expect(one + two).toBe(50);
  });

  it('also when the callback wrapped the error', async () => {
    const met = meetingOfTwo();
    let runs = 0;
    const move = (from: number, to: number) =>
      transaction(database.db, async (tx) => {
        runs++;
        try {
          await add(tx, from, -1);
          await met();
          await add(tx, to, 1);
        } catch (cause) {
          throw new Error('while moving', { cause });
        }
      });
    await Promise.all([move(1, 2), move(2, 1)]);
    expect(runs).toBeGreaterThan(2);
  });

  it('leaves a nested one to the outermost, which starts again from its beginning', async () => {
    const met = meetingOfTwo();
    const outer: number[] = [];
    const move = (name: number, from: number, to: number) =>
      transaction(database.db, async (tx) => {
        outer.push(name);
        await add(tx, from, -1);
        await met();
        await transaction(tx, (inner) => add(inner, to, 1));
      });
    await Promise.all([move(1, 1, 2), move(2, 2, 1)]);
    expect(outer.length).toBeGreaterThan(2);
    expect(await balances()).toEqual([100, 100]);
  });

  it('a prepared statement whose table has changed, on however many connections', async () => {
    const client = database.connect({ max: 3 });
    const { db: pool } = client;
    await database.sql`create table changing (id integer primary key, value text)`;
    await database.sql`insert into changing values (1, '1')`;
    const read = (meet: () => Promise<void>) =>
      transaction(pool, async (tx) => {
        await meet();
        const [row] = await tx.execute(sql`select value from changing where id = ${1}::int`);
        return row?.value;
      });
    const write = (meet: () => Promise<void>) =>
      transaction(pool, async (tx) => {
        await meet();
        await tx.execute(sql`update changing set value = ${'7'} where id = ${1}::int`);
      });
    const warm = async (work: (meet: () => Promise<void>) => Promise<unknown>) => {
      const met = meetingOf(3);
      await Promise.all([work(met), work(met), work(met)]);
    };
    await warm(read);
    await warm(write);
    await database.sql`alter table changing alter column value type integer using value::integer`;
    await warm(read);
    await warm(write);
    expect(await read(async () => {})).toBe(7);
    await client.close();
  });

  it('but no statement that the server does not support', async () => {
    let runs = 0;
    const failed = transaction(database.db, async (tx) => {
      runs++;
      await tx.execute(sql`do $$ begin raise exception using errcode = '0A000'; end $$`);
    });
    await expect(failed).rejects.toMatchObject({ sqlstate: '0A000' });
    expect(runs).toBe(1);
  });

  it('nothing else: not a duplicate, not a thrown error, not a misuse', async () => {
    let runs = 0;
    const failing: ((tx: Transaction<typeof schema>) => Promise<unknown>)[] = [
      (tx) => tx.insert(people).values({ id: 1, email: 'duplicate' }).execute(),
      () => Promise.reject(new Error('40001')),
      () => add(database.db, 1, 1).execute(),
    ];
    for (const work of failing) {
      await expect(
        transaction(database.db, (tx) => {
          runs++;
          return work(tx);
        }),
      ).rejects.toThrow();
    }
    expect(runs).toBe(failing.length);
  });

  it('gives up after the given number, with the last error', async () => {
    let runs = 0;
    const failed = transaction(
      database.db,
      async (tx) => {
        runs++;
        await tx.execute(sql`do $$ begin raise exception using errcode = '40001'; end $$`);
      },
      { retries: 2 },
    );
    await expect(failed).rejects.toMatchObject({ sqlstate: '40001' });
    expect(runs).toBe(3);
  });
});
