import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { capabilities, createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Tests of the driver's patch other than a whole server's faults, which are in faults.test.ts.
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Also options that the driver's types leave out. */
const open = (options: object = {}) =>
  postgres(database.url, { max: 1, onnotice: () => {}, ...options });

/** A way to the server, on which `pass` decides what goes on from either side to the other. */
async function openRelay(pass: (client: Socket, upstream: Socket) => void) {
  const { hostname, port } = new URL(database.url);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
    pass(client, upstream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(database.url);
  url.host = `127.0.0.1:${address.port}`;
  return { url: url.href, close: () => server.close() };
}

/** Cuts the connection when the client first sends bytes that hold `text`. */
const relayThatCutsAt = (text: string) =>
  openRelay((client, upstream) => {
    upstream.pipe(client);
    client.on('data', (bytes) => {
      if (bytes.includes(text)) client.destroy();
      else upstream.write(bytes);
    });
  });

/** Passes on an answer in one write, once the server has been silent for a while. */
const relayThatGathers = () =>
  openRelay((client, upstream) => {
    client.pipe(upstream);
    let gathered: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    upstream.on('data', (bytes) => {
      gathered.push(bytes);
      clearTimeout(timer);
      timer = setTimeout(() => {
        client.write(Buffer.concat(gathered));
        gathered = [];
      }, 200);
    });
  });

describe.skipIf(!capabilities.concurrency)('the patched driver', () => {
  it('lost while it asks for the types of arrays, rejects and goes on', async () => {
    const relay = await relayThatCutsAt('pg_catalog.pg_type');
    const sql = postgres(relay.url, { max: 1, fetch_types: true });
    for (let round = 0; round < 3; round++) {
      await expect(sql`select 1`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    }
    await sql.end({ timeout: 1 });
    relay.close();
  });

  it('a reservation that was rejected is not given the next connection', async () => {
    const relay = await relayThatCutsAt('first-of-all');
    const open = (name: string) =>
      postgres(relay.url, { max: 1, connection: { application_name: name }, backoff: () => 0.01 });
    const sql = open('first-of-all');
    await expect(sql.reserve()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    sql.options.connection.application_name = 'later';
    const later = [
      await sql`select 1 as n`,
      await Promise.race([sql`select 2 as n`, sleep(20_000)]),
    ];
    expect(later).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    await sql.end({ timeout: 1 });
    relay.close();
  });

  it('does not run what was given up while connecting', async () => {
    const sql = open();
    await sql`create table given_up (id int)`;
    await sql.end();
    const late = open();
    const insert = late`insert into given_up values (1)`.execute();
    insert.cancel();
    await Promise.race([insert.catch(() => {}), sleep(500)]);
    expect(await late`select * from given_up`).toHaveLength(0);
    await late.end();
  });

  it('a value that cannot be sent fails its own query, not the one before it', async () => {
    const sql = open();
    await sql`select 1`;
    const before = sql`select pg_sleep(0.3), 'before' as name`.execute();
    const unsendable = sql`select ${undefined as unknown as string}::text`.execute();
    await expect(unsendable).rejects.toMatchObject({ code: 'UNDEFINED_VALUE' });
    expect((await before)[0]?.name).toBe('before');
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
  });

  it('a statement that fails after some of its rows leaves none of them to the next', async () => {
    const sql = open();
    const failing = () => sql`select 1 / (3 - i) from generate_series(1, 5) i`;
    await expect(failing()).rejects.toMatchObject({ code: '22012' });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    const [failed, next] = await Promise.allSettled([failing(), sql`select 2 as two`]);
    expect(failed.status).toBe('rejected');
    expect(next).toMatchObject({ value: [{ two: 2 }] });
    await sql.end();
  });

  const killBackend = async (pid: number) => {
    const admin = open();
    await admin`select pg_terminate_backend(${pid})`;
    await admin.end();
  };
  const pidOf = async (sql: postgres.ISql) => {
    const [row] = await sql`select pg_backend_pid() as pid`;
    return Number(row?.pid);
  };

  it('what arrives puts the deadline off', async () => {
    const sql = open({ answer_timeout: 0.8 });
    await sql.unsafe(
      `do $$ begin for i in 1..6 loop perform pg_sleep(0.3); raise notice 'on it'; end loop; end $$`,
    );
    await expect(sql`select pg_sleep(5)`).rejects.toMatchObject({ code: 'ANSWER_TIMEOUT' });
    await sql.end();
  });

  it('lost before it could write, the connection writes again afterwards', async () => {
    let socket: Socket | undefined;
    const { hostname, port } = new URL(database.url);
    const sql = open({
      backoff: () => 0.01,
      socket: async () => {
        const next = connect(Number(port), hostname);
        socket = next;
        await once(next, 'connect');
        return next;
      },
    });
    await sql`select 1`;
    // A query's bytes are sent at the end of the turn; the loss is seen before.
    const lost = sql`select 2`.execute();
    await Promise.resolve();
    await Promise.resolve();
    socket?.emit('close', false);
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(await Promise.race([sql`select 3 as three`, sleep(20_000)])).toEqual([{ three: 3 }]);
    await sql.end();
  });

  it('lost while a cursor’s caller is busy, a later error of the caller ends nothing else', async () => {
    const sql = open();
    const outcome = sql.begin(async (tx) => {
      const pid = await pidOf(tx);
      await tx`select * from generate_series(1, 100)`.cursor(10, async () => {
        await killBackend(pid);
        await sleep(100);
        throw new Error('the caller’s own');
      });
    });
    await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await sleep(50);
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
  });

  describe('a COPY', () => {
    const lost = expect.stringMatching(/CONNECTION_CLOSED|terminating connection/);

    const copying = async (sql: postgres.Sql) => {
      await sql`create table if not exists copied (id int)`;
      const reserved = await sql.reserve();
      const pid = await pidOf(reserved);
      const stream = await reserved`copy copied from stdin`.writable();
      const failed = once(stream, 'error').then(([error]) => error);
      return { reserved, pid, stream, failed };
    };

    const many = (sql: postgres.Sql) =>
      sql`copy (select generate_series(1, 300000)) to stdout`.readable();

    it('read more slowly than it comes, leaves the connection to the next statement', async () => {
      const sql = open({ answer_timeout: 2 });
      let length = 0;
      for await (const chunk of await many(sql)) {
        if (length < 200_000) await sleep(20);
        length += chunk.length;
      }
      expect(length).toBe(1_988_895);
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
      await sql.end();
    });

    it('left while the reader is behind, leaves the connection to the next statement', async () => {
      const sql = open({ answer_timeout: 2 });
      for await (const _ of await many(sql)) {
        await sleep(200);
        break;
      }
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
      await sql.end();
    });

    it('never read, leaves the connection to the next statement once all of it has come', async () => {
      // More than a stream holds before it pauses the connection, and the end of the answer right behind.
      const relay = await relayThatGathers();
      const sql = postgres(relay.url, { max: 1 });
      const unread = await sql`copy (select generate_series(1, 5000)) to stdout`.readable();
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
      unread.destroy();
      await sql.end();
      relay.close();
    });

    it('left before its end, leaves the connection to the next statement', async () => {
      const sql = open({ answer_timeout: 2 });
      for await (const _ of await many(sql)) break;
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
      await sql.end();
    });

    it('lost while rows are written, says so in the stream', async () => {
      const sql = open();
      const { pid, stream, failed } = await copying(sql);
      stream.write('1\n');
      await killBackend(pid);
      expect(await failed).toMatchObject({ message: lost });
      await sql.end();
    });

    it('lost after its last row, says so in the stream', async () => {
      const sql = open();
      await sql`create table if not exists copied (id int)`;
      await sql.unsafe(`create or replace function wait() returns trigger language plpgsql as
        $$ begin perform pg_sleep(5); return null; end $$;
        create or replace trigger wait after insert on copied for each statement execute function wait()`);
      const { pid, stream, failed } = await copying(sql);
      stream.end('1\n');
      await sleep(200);
      await killBackend(pid);
      expect(await Promise.race([failed, sleep(20_000, 'nothing')])).toMatchObject({
        message: lost,
      });
      await sql.unsafe('drop trigger wait on copied');
      await sql.end();
    });
  });
});

it('a queue that is never empty stays small', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { default: createQueue } = await import(
    new URL('queue.js', import.meta.resolve('postgres')).href
  );
  const queue = createQueue();
  const item = {};
  queue.push(item);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 2_000_000; n++) {
    queue.push(item);
    queue.shift();
  }
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  expect(queue.length).toBe(1);
  expect(queue.remove(item)).toBe(item);
  expect(queue.length).toBe(0);
});
