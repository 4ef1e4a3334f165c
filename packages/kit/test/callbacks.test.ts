import { setTimeout as sleep } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnavailableError, UsageError } from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
}, 60_000);
afterAll(() => database.close());

// Connecting counts too, which takes half a second on a busy machine.
const deadlineMs = 1500;
/** One connection, so that a later statement needs it back. */
const connect = () => database.connect({ max: 1 });
const connectWithDeadline = () => database.connect({ max: 1, deadlineMs });
/** Longer than the deadline in all. */
const slowReader = () => sleep(deadlineMs / 3);

describe.skipIf(!capabilities.concurrency)('a cursor', () => {
  it('read slowly is answered batch by batch, however long it takes in all', async () => {
    const client = connectWithDeadline();
    const read: number[] = [];
    for await (const rows of client.sql`select i from generate_series(1, 8) i`.cursor(2)) {
      read.push(...rows.map(({ i }) => i));
      await slowReader();
    }
    await client.sql`select i from generate_series(9, 16) i`.cursor(2, async (rows) => {
      read.push(...rows.map(({ i }) => i));
      await slowReader();
    });
    expect(read).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    await sleep(deadlineMs);
    expect(await client.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('whose batch does not come by the deadline fails, and gives its connection back', async () => {
    const client = connectWithDeadline();
    const query = () => client.sql`
      select i, pg_sleep(case when i = 3 then 60 else 0 end) from generate_series(1, 5) i`;
    const reading = async () => {
      for await (const _ of query().cursor(1)) await slowReader();
    };
    await expect(reading()).rejects.toBeInstanceOf(UnavailableError);
    await expect(query().cursor(1, slowReader)).rejects.toBeInstanceOf(UnavailableError);
    expect(await client.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('that waits for a connection past the deadline never runs', async () => {
    await database.sql`create sequence cursor_runs`;
    const client = connectWithDeadline();
    const held = await client.sql.reserve();
    const reading = async () => {
      for await (const _ of client.sql`select nextval('cursor_runs')`.cursor(1));
    };
    await expect(reading()).rejects.toBeInstanceOf(UnavailableError);
    held.release();
    expect(await client.sql`select is_called from cursor_runs`).toEqual([{ is_called: false }]);
    await client.close();
  });

  it('left early gives its connection back', async () => {
    const client = connect();
    for await (const _ of client.sql`select i from generate_series(1, 10) i`.cursor(2)) break;
    expect(await client.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await client.close();
  });

  it.each([
    [1, 'the first of many batches'],
    [5, 'the last batch'],
  ])('whose caller fails in batch %i, %s, rejects with that error', async (failing) => {
    const client = connect();
    let batch = 0;
    const taking = client.sql`select i from generate_series(1, 5) i`.cursor(1, async () => {
      await sleep(20);
      if (++batch === failing) throw new RangeError('the caller’s own');
    });
    await expect(taking).rejects.toThrow(new RangeError('the caller’s own'));
    expect(batch).toBe(failing);
    expect(await client.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('of a transaction that is over is refused', async () => {
    const client = connect();
    const late = await client.sql.begin(async (tx) => ({ read: () => tx`select 1`.cursor(1) }));
    const reading = async () => {
      for await (const _ of late.read());
    };
    await expect(reading()).rejects.toBeInstanceOf(UsageError);
    await client.close();
  });

  it('that fails is the cause of every 25P02 after it', async () => {
    const client = connect();
    const outcome = client.sql.begin(async (tx) => {
      try {
        for await (const _ of tx`select 1 / 0`.cursor(1));
      } catch {}
      await tx`select 1`;
    });
    await expect(outcome).rejects.toMatchObject({ sqlstate: '22012' });
    await client.close();
  });

  it('is traced once, with how it ended', async () => {
    const ends: boolean[] = [];
    const client = database.connect({
      max: 1,
      trace: () => (end) => {
        ends.push(end.failed);
      },
    });
    for await (const _ of client.sql`select i from generate_series(1, 4) i`.cursor(2));
    const failing = async () => {
      for await (const _ of client.sql`select 1 / 0`.cursor(2));
    };
    await expect(failing()).rejects.toMatchObject({ sqlstate: '22012' });
    await client.sql`select i from generate_series(1, 4) i`.cursor(2, () => {});
    expect(ends).toEqual([false, true, false]);
    await client.close();
  });
});

describe('forEach', () => {
  it('rejects with the caller’s own error, takes no further row, and leaves none to the next', async () => {
    const client = connect();
    const seen: number[] = [];
    const taking = client.sql`select i from generate_series(1, 5) i`.forEach(({ i }) => {
      seen.push(i);
      if (i === 2) throw new RangeError('the caller’s own');
    });
    await expect(taking).rejects.toThrow(new RangeError('the caller’s own'));
    expect(seen).toEqual([1, 2]);
    expect(await client.sql`select 1 as one`).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('gets each row, and rejects with a typed error when the server fails', async () => {
    const client = connect();
    const seen: number[] = [];
    const take = ({ i }: postgres.Row) => {
      seen.push(i);
    };
    await client.sql`select i from generate_series(1, 3) i`.forEach(take);
    expect(seen).toEqual([1, 2, 3]);
    const failing = client.sql`select 1 / (3 - i) as i from generate_series(1, 5) i`.forEach(take);
    await expect(failing).rejects.toMatchObject({ sqlstate: '22012' });
    await client.close();
  });
});
