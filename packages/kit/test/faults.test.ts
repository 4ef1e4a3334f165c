import { setTimeout as sleep } from 'node:timers/promises';
import { capabilities, type PostgresServer, startServer } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import {
  type Client,
  type ClientConfig,
  createClient,
  transaction,
  UnavailableError,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { createTables, people, schema } from './schema.ts';

describe.skipIf(!capabilities.concurrency)('a backend terminated', () => {
  let database: OpenDatabase;
  let admin: OpenDatabase['sql'];
  beforeAll(async () => {
    database = await openDatabase({ max: 4 });
    const client = database.connect({ max: 1 });
    admin = client.sql;
  });
  afterAll(async () => {
    await admin.end();
    await database.close();
  });

  it('in the middle of a transaction rejects it, 100 times of 100, and the pool goes on', async () => {
    let id = 0;
    for (let round = 0; round < 100; round++) {
      const outcome = transaction(database.db, async (tx) => {
        await tx.insert(people).values({ id: ++id, email: `lost-${id}@example.com` });
        const [{ pid } = { pid: 0 }] = await tx.execute<{ pid: number }>(
          sql`select pg_backend_pid() as pid`,
        );
        await admin`select pg_terminate_backend(${pid})`;
        // Some rounds speak before the loss is seen, some after, some with statements in flight.
        if (round % 3 === 0) await sleep(5);
        await Promise.all([
          tx.execute(sql`select 1`),
          ...(round % 2 === 0 ? [tx.execute(sql`select ${round}::int`)] : []),
        ]);
      });
      await expect(outcome).rejects.toBeInstanceOf(UnavailableError);
    }
    expect(await database.db.$count(people)).toBe(0);
    const again = await Promise.all(
      Array.from({ length: 20 }, () => database.db.execute(sql`select 1 as one`)),
    );
    expect(again).toHaveLength(20);
  });

  it('rejects every later statement of a transaction that swallowed the loss, and runs none elsewhere', async () => {
    const outcome = transaction(database.db, async (tx) => {
      const [{ pid } = { pid: 0 }] = await tx.execute<{ pid: number }>(
        sql`select pg_backend_pid() as pid`,
      );
      await admin`select pg_terminate_backend(${pid})`;
      await expect(tx.execute(sql`select 1`)).rejects.toBeInstanceOf(UnavailableError);
      await sleep(300);
      // The pool has a new connection by now; this insert must not reach it.
      await tx.insert(people).values({ id: 5000, email: 'ghost@example.com' });
    });
    await expect(outcome).rejects.toBeInstanceOf(UnavailableError);
    await sleep(300);
    expect(await database.db.$count(people)).toBe(0);
  });

  it('under a savepoint, a cursor, a COPY and a reserved connection settles them all', async () => {
    const kill = async (raw: { unsafe: OpenDatabase['sql']['unsafe'] }) => {
      const [row] = await raw.unsafe('select pg_backend_pid() as pid');
      setTimeout(() => admin`select pg_terminate_backend(${row?.pid})`.execute(), 20);
    };
    const inSavepoint = database.sql.begin(async (tx) => {
      await tx.savepoint(async (inner) => {
        await kill(inner);
        await inner`select pg_sleep(5)`;
      });
    });
    await expect(inSavepoint).rejects.toBeInstanceOf(UnavailableError);

    const inCursor = database.sql.begin(async (tx) => {
      await kill(tx);
      for await (const _ of tx`select * from generate_series(1, 1000)`.cursor(10)) await sleep(10);
    });
    await expect(inCursor).rejects.toBeInstanceOf(UnavailableError);

    const inCopy = database.sql.begin(async (tx) => {
      await kill(tx);
      const stream = await tx`copy people (id, email) from stdin`.writable();
      await new Promise((_, reject) => stream.on('error', reject));
    });
    await expect(inCopy).rejects.toBeInstanceOf(UnavailableError);

    const reserved = await database.sql.reserve();
    await kill(reserved);
    await expect(reserved`select pg_sleep(5)`).rejects.toBeInstanceOf(UnavailableError);
    await expect(reserved`select 1`).rejects.toBeInstanceOf(UnavailableError);
    reserved.release();

    const rows = await Promise.all(Array.from({ length: 20 }, () => database.sql`select 1 as one`));
    expect(rows).toHaveLength(20);
  });
});

describe.skipIf(!capabilities.ownServer)('a server of its own', () => {
  let server: PostgresServer;
  const clients: Client<typeof schema>[] = [];
  const connect = (config: Partial<ClientConfig> = {}) => {
    const client = createClient(
      { url: server.url, max: 5, deadlineMs: 2000, ...config },
      { schema },
    );
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    server = await startServer();
    await connect().sql.unsafe(createTables);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.remove();
  });

  /** Writes until told to stop; remembers what the server acknowledged. */
  function startWriters({ db }: Client<typeof schema>, firstId: number) {
    const acknowledged: number[] = [];
    const failures: unknown[] = [];
    let next = firstId;
    let stopped = false;
    const write = async (inTransaction: boolean) => {
      while (!stopped) {
        const id = next++;
        const row = { id, email: `${id}@example.com` };
        try {
          if (inTransaction) await transaction(db, (tx) => tx.insert(people).values(row));
          else await db.insert(people).values(row);
          acknowledged.push(id);
        } catch (error) {
          failures.push(error);
          await sleep(5);
        }
      }
    };
    const running = [
      write(true),
      write(true),
      write(false),
      write(false),
      write(false),
      write(true),
    ];
    const stop = async () => {
      stopped = true;
      await Promise.all(running);
    };
    return { acknowledged, failures, stop };
  }

  async function stored({ sql: raw }: Client<typeof schema>, ids: readonly number[]) {
    const rows = await raw`select id from people where id = any(${ids as number[]})`;
    return new Set(rows.map(({ id }) => id));
  }

  it.each(['kill', 'stop'] as const)(
    'after %s and start: only UnavailableError, back within a second, every acknowledged write is there',
    async (way) => {
      const client = connect();
      const writers = startWriters(client, way === 'kill' ? 10_000 : 1_000_000);
      await sleep(500);
      await server[way]();
      await sleep(1500);
      await server.start();
      const probe = connect({ max: 1 });
      await untilAnswered(probe);
      const back = performance.now();
      const before = writers.acknowledged.length;
      while (writers.acknowledged.length === before) await sleep(5);
      expect(performance.now() - back).toBeLessThan(1000);
      await sleep(500);
      await writers.stop();
      expect(writers.failures.length).toBeGreaterThan(0);
      expect(writers.failures.filter((error) => !(error instanceof UnavailableError))).toEqual([]);
      const found = await stored(client, writers.acknowledged);
      expect(writers.acknowledged.filter((id) => !found.has(id))).toEqual([]);
      // Every slot of the pool works again.
      const everySlot = Array.from(
        { length: 5 },
        () => client.sql`select pg_backend_pid() as pid, pg_sleep(0.2)`,
      );
      expect(new Set((await Promise.all(everySlot)).map(([row]) => row?.pid)).size).toBe(5);
    },
    60_000,
  );

  it('frozen: every promise settles by its deadline, queued ones too, and the pool recovers', async () => {
    const client = connect({ connectTimeoutSeconds: 1 });
    await client.sql`select 1`;
    let begun = false;
    let frozen = false;
    const waitingTransaction = transaction(client.db, async (tx) => {
      await tx.execute(sql`select 1`);
      begun = true;
      while (!frozen) await sleep(5);
      await tx.execute(sql`select 2`);
    });
    while (!begun) await sleep(5);
    await freeze(server);
    frozen = true;
    const start = performance.now();
    const outcomes = await Promise.allSettled([
      waitingTransaction,
      ...Array.from({ length: 200 }, (_, index) => client.db.execute(sql`select ${index}::int`)),
      ...Array.from({ length: 20 }, () =>
        transaction(client.db, (tx) => tx.execute(sql`select 1`)),
      ),
      client.sql.begin((tx) => tx`select 1`),
    ]);
    expect(performance.now() - start).toBeLessThan(2000 + 800);
    const reasons = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason : outcome,
    );
    expect(reasons.filter((reason) => !(reason instanceof UnavailableError))).toEqual([]);
    await server.unpause();
    await untilAnswered(connect({ max: 1 }));
    const back = performance.now();
    await untilAnswered(client);
    expect(performance.now() - back).toBeLessThan(1000);
    const rows = await Promise.all(Array.from({ length: 50 }, () => client.sql`select 1 as one`));
    expect(rows).toHaveLength(50);
  }, 60_000);

  it('closes within its five seconds while the server is frozen', async () => {
    const client = connect();
    await client.sql`select 1`;
    await freeze(server);
    const start = performance.now();
    const stuck = client.sql`select 1`.catch((error: unknown) => error);
    await client.close();
    expect(performance.now() - start).toBeLessThan(6000);
    expect(await stuck).toBeInstanceOf(UnavailableError);
    await server.unpause();
  }, 30_000);

  it("ends the work of a client that is gone, by the server's own check", async () => {
    const client = connect({ deadlineMs: 300, applicationName: 'soon-gone' });
    await expect(client.sql`select pg_sleep(60)`).rejects.toBeInstanceOf(UnavailableError);
    const observer = connect({ max: 1 });
    const working = async () => {
      const [row] = await observer.sql`
        select count(*)::int as count from pg_stat_activity
        where application_name = 'soon-gone' and state = 'active'`;
      return row?.count;
    };
    const patience = performance.now() + 20_000;
    while ((await working()) > 0 && performance.now() < patience) await sleep(100);
    expect(await working()).toBe(0);
  }, 30_000);
});

async function untilAnswered({ sql: raw }: Client<typeof schema>) {
  for (;;) {
    try {
      await raw`select 1`;
      return;
    } catch {
      await sleep(20);
    }
  }
}

/** The kernel can't freeze a process that is waiting for a busy disk; then Docker must try again. */
async function freeze(server: PostgresServer) {
  // The next test needs the server again.
  onTestFailed(() => server.unpause().catch(() => {}));
  for (let attempt = 0; ; attempt++) {
    try {
      return await server.pause();
    } catch (error) {
      if (attempt >= 20) throw error;
      await sleep(250);
    }
  }
}
