import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createClient,
  type Database,
  InvalidInputError,
  type Placeholders,
  prepared,
  requireUrl,
  runScript,
  type StatementEnd,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { notes, people, samples, schema } from './schema.ts';

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.insert(people).values({ id: 1, email: 'ada@example.com', balance: 3 });
  await database.db.insert(notes).values({ id: 1, personId: 1, body: 'first' });
});
afterAll(() => database.close());

describe('rows through Drizzle', () => {
  it('decodes columns, expressions and aliases', async () => {
    const [row] = await database.db
      .select({
        id: people.id,
        createdAt: people.createdAt,
        double: sql<number>`${people.balance} * 2`.mapWith(Number).as('double'),
      })
      .from(people);
    expect(row).toEqual({ id: 1, createdAt: expect.any(Date), double: 6 });
  });

  it('gives null for the absent side of an outer join, an object for the present one', async () => {
    await database.db.insert(people).values({ id: 2, email: 'bob@example.com' });
    const rows = await database.db
      .select({ id: people.id, note: { id: notes.id, rank: notes.rank } })
      .from(people)
      .leftJoin(notes, eq(notes.personId, people.id))
      .orderBy(people.id);
    expect(rows).toEqual([
      { id: 1, note: { id: 1, rank: null } },
      { id: 2, note: null },
    ]);
  });

  it('waits for as long as it takes where the deadline is 0', async () => {
    const client = database.connect({ max: 1, deadlineMs: 0 });
    try {
      const [row] = await client.sql`select 1 as answer from pg_sleep(0.3)`;
      expect(row).toEqual({ answer: 1 });
    } finally {
      await client.close();
    }
  });

  it('reads relations', async () => {
    const person = await database.db.query.people.findFirst({
      columns: { email: true },
      with: { notes: { columns: { body: true } } },
      where: eq(people.id, 1),
    });
    expect(person).toEqual({ email: 'ada@example.com', notes: [{ body: 'first' }] });
  });

  it('counts, returns from writes, and executes raw SQL', async () => {
    const { db } = database;
    expect(await db.$count(people)).toBe(2);
    const [updated] = await db
      .update(people)
      .set({ balance: 4 })
      .where(eq(people.id, 1))
      .returning({ balance: people.balance });
    expect(updated).toEqual({ balance: 4 });
    expect([...(await db.execute(sql`select ${1}::int as one`))]).toEqual([{ one: 1 }]);
  });

  it('gives JSON back as it was stored, also text that looks like a number', async () => {
    for (const [id, data] of [{ a: [1] }, '0', 'text', 7, false].entries()) {
      await database.db.insert(samples).values({ id, data });
      const [row] = await database.db
        .select({ data: samples.data })
        .from(samples)
        .where(eq(samples.id, id));
      expect(row?.data).toEqual(data);
    }
  });

  it('binds placeholders of a prepared query', async () => {
    const byId = database.db
      .select({ email: people.email })
      .from(people)
      .where(eq(people.id, sql.placeholder('id')))
      .prepare('by_id');
    expect(await byId.execute({ id: 1 })).toEqual([{ email: 'ada@example.com' }]);
    await expect(byId.execute({})).rejects.toThrow(InvalidInputError);
  });
});

describe('raw SQL on the same pool', () => {
  it('takes dates, json and arrays', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const [row] = await database.sql`
      select ${at}::timestamptz = '2026-01-02T03:04:05.678Z' as same_instant,
             ${[at, at]}::timestamptz[] = array[${at}::timestamptz, ${at}::timestamptz] as same_array,
             ${database.sql.json({ a: [1, 'x'] })} -> 'a' ->> 1 as element,
             ${database.sql.json('text')} #>> '{}' as text`;
    expect(row).toEqual({ same_instant: true, same_array: true, element: 'x', text: 'text' });
  });

  it('gives arrays with their elements read, and null for NULL', async () => {
    const { sql } = database;
    const [row] = await sql`select array[1, null, 3] as wholes, array[true, null] as flags,
      array['1', null, 'NULL'] as texts, array[[1, 2], [3, 4]] as nested, array[]::int[] as none,
      '[0:1]={5,6}'::int[] as from_zero`;
    expect(row).toEqual({
      wholes: [1, null, 3],
      flags: [true, null],
      texts: ['1', null, 'NULL'],
      nested: [
        [1, 2],
        [3, 4],
      ],
      none: [],
      from_zero: [5, 6],
    });
  });

  it('inserts rows with dates through the helper', async () => {
    const { sql: raw } = database;
    await raw`insert into notes ${raw([{ id: 7, person_id: 1, body: 'x', seen_at: new Date(0) }])}`;
    const [note] = await database.db
      .select({ seenAt: notes.seenAt })
      .from(notes)
      .where(eq(notes.id, 7));
    expect(note).toEqual({ seenAt: new Date(0) });
  });

  it('composes fragments', async () => {
    const { sql: raw } = database;
    const rows = await raw`select id from people where ${raw`id = ${1}`} and true`;
    expect([...rows]).toEqual([{ id: 1 }]);
  });
});

describe('runScript', () => {
  it('runs several statements in one message and gives the rows of each', async () => {
    const results = await runScript(
      database.db,
      'select 1 as one; select 2 as two where false; select 3 as three',
    );
    expect(results.map((rows) => [...rows])).toEqual([[{ one: 1 }], [], [{ three: 3 }]]);
    expect((await runScript(database.db, 'select 4 as four')).map((rows) => [...rows])).toEqual([
      [{ four: 4 }],
    ]);
  });

  it('runs in the transaction it is given, and fails with a typed error', async () => {
    const failed = database.db.transaction(async (tx) => {
      await runScript(tx, 'delete from notes; delete from people');
      await runScript(tx, 'select 1; select nowhere');
    });
    await expect(failed).rejects.toMatchObject({ sqlstate: '42703' });
    expect(await database.db.$count(people)).toBe(2);
  });
});

describe.skipIf(!capabilities.concurrency)('prepared statements', () => {
  it('prepares every statement on the server, inside transactions too', async () => {
    const client = database.connect({ max: 1 });
    await client.db.select({ id: people.id }).from(people).where(eq(people.id, 1));
    await client.db.execute(sql`select 1 as without_parameters`);
    await client.db.transaction(async (tx) => {
      await tx.select({ email: people.email }).from(people).where(eq(people.id, 1));
    });
    const prepared = await client.sql`select statement from pg_prepared_statements`;
    const texts = prepared.map(({ statement }) => statement);
    expect(texts).toContainEqual(expect.stringMatching(/^select "id" from "people"/));
    expect(texts).toContainEqual('select 1 as without_parameters');
    expect(texts).toContainEqual(expect.stringMatching(/^select "email" from "people"/));
    await client.close();
  });

  it('prepares none with prepare: false, as a pooler needs', async () => {
    const client = database.connect({ max: 1, prepare: false });
    await client.db.select({ id: people.id }).from(people).where(eq(people.id, 1));
    const [{ count } = { count: -1 }] =
      await client.sql`select count(*)::int from pg_prepared_statements`;
    expect(count).toBe(0);
    await client.close();
  });

  it('sets its name and timeouts on the server', async () => {
    const client = database.connect({ applicationName: 'kit-test', statementTimeoutMs: 1234 });
    const [row] = await client.sql`
      select current_setting('application_name') as name, current_setting('statement_timeout') as timeout,
             current_setting('client_connection_check_interval') as check`;
    expect(row).toEqual({ name: 'kit-test', timeout: '1234ms', check: '2s' });
    await client.close();
  });
});

describe('config', () => {
  it.each([undefined, '', 'localhost:5432', 'mysql://root:hunter2@localhost/x', 'postgres://a b'])(
    'refuses the URL %s and quotes no part of it',
    (url) => {
      const open = () => createClient({ url: url as string }, { schema });
      expect(open).toThrow(InvalidInputError);
      expect(open).toThrow(/url (is missing|is not a URL|has a host or port)/);
      expect(open).not.toThrow(/hunter2/);
    },
  );

  it('names every wrong setting', () => {
    expect(() =>
      createClient({ url: 'postgres://localhost/x', max: 0, deadlineMs: -1 }, { schema }),
    ).toThrow(/max .*deadlineMs/s);
  });

  it('names the environment variable that holds no URL', () => {
    expect(() => requireUrl({}, 'TASKS_DATABASE_URL')).toThrow(/TASKS_DATABASE_URL is missing/);
    expect(requireUrl({ A: 'postgres://localhost/a' }, 'A')).toBe('postgres://localhost/a');
  });
});

describe('onStatement', () => {
  it('hears each statement in the context of whoever sends it, and no begin or commit', async () => {
    const requests = new AsyncLocalStorage<string[]>();
    const { db, close } = database.connect({
      onStatement: (text) => requests.getStore()?.push(text),
    });
    const count = () =>
      requests.run([], async () => {
        await db.transaction((tx) => tx.execute(sql`select 1`));
        await db.select({ id: people.id }).from(people).limit(1);
        return requests.getStore();
      });
    const heard = await Promise.all([count(), count()]);
    await close();
    const own = ['select 1', 'select "id" from "people" limit $1'];
    expect(heard).toEqual([own, own]);
  });
});

describe('trace', () => {
  interface Traced {
    readonly text: string;
    readonly stack: string;
    readonly context: string | undefined;
    readonly end: StatementEnd;
  }
  const requests = new AsyncLocalStorage<string>();

  /** Runs `work` on a client that traces. @returns what it heard, in the order of the ends */
  async function traced(
    work: (db: Awaited<ReturnType<typeof database.connect>>['db']) => Promise<unknown>,
  ): Promise<Traced[]> {
    const heard: Traced[] = [];
    const { db, close } = database.connect({
      trace: (text, caller) => {
        const stack = `${caller.stack}\n${caller.builderStack}`;
        const context = requests.getStore();
        return (end) => heard.push({ text, stack, context, end });
      },
    });
    await requests.run('request', () => work(db));
    await close();
    return heard;
  }

  const byName = prepared((db: Database<typeof schema>, p: Placeholders<{ email: string }>) =>
    db.select({ id: people.id }).from(people).where(eq(people.email, p.email)),
  );
  const runPrepared = async (db: Database<typeof schema>) =>
    (await byName(db, { email: 'ada@example.com' }))[0];
  const runBuilt = async (db: Database<typeof schema>) =>
    (await db.select({ id: people.id }).from(people).where(eq(people.id, 1)).limit(1))[0];
  const runRelational = async (db: Database<typeof schema>) =>
    (await db.query.people.findFirst({ columns: { id: true } }))?.id;
  const runWrite = async (db: Database<typeof schema>) => {
    await db.update(people).set({ balance: 9 }).where(eq(people.id, 1));
  };
  const runRaw = async (db: Database<typeof schema>) => {
    await db.execute(sql`select 1 as one`);
  };
  const functions = { runPrepared, runBuilt, runRelational, runWrite, runRaw };

  it.each(Object.entries(functions))(
    'names the caller of %s, also in a transaction',
    async (name, run) => {
      const heard = await traced(async (db) => {
        await run(db);
        await db.transaction(async (tx) => run(tx));
      });
      expect(heard).toHaveLength(2);
      for (const { stack, context } of heard) {
        expect(stack).toContain(name);
        expect(context).toBe('request');
      }
    },
  );

  it('tells callers apart that build at the same time', async () => {
    const heard = await traced((db) => Promise.all([runBuilt(db), runWrite(db), runRaw(db)]));
    const callerOf = (verb: string) =>
      /run(Built|Write|Raw)/.exec(
        heard.find(({ text }) => text.startsWith(verb))?.stack ?? '',
      )?.[0];
    expect([callerOf('select "id"'), callerOf('update'), callerOf('select 1')]).toEqual([
      'runBuilt',
      'runWrite',
      'runRaw',
    ]);
  });

  it('gives time, rows and the types of parameters, and no value', async () => {
    const heard = await traced(async (db) => {
      await runPrepared(db);
      await db.execute(sql`select 1 / ${0}::int`).catch(() => undefined);
    });
    expect(heard.map(({ end }) => end)).toEqual([
      // text is type 25, int4 23
      {
        text: 'select "id" from "people" where "people"."email" = $1',
        ms: expect.any(Number),
        rows: 1,
        parameterTypes: [25],
        failed: false,
      },
      {
        text: 'select 1 / $1::int',
        ms: expect.any(Number),
        rows: undefined,
        parameterTypes: [23],
        failed: true,
      },
    ]);
    expect(JSON.stringify(heard)).not.toContain('ada@example.com');
  });

  it('tells subscribers of the channel each statement of a client that opens meanwhile', async () => {
    const told: unknown[] = [];
    const listen = (message: unknown) => told.push(message);
    subscribe('@reference/kit:statement', listen);
    try {
      const heard = await traced(runBuilt);
      const plain = database.connect();
      await plain.sql`select ${7}::int as seven`;
      await plain.close();
      // The client's own `trace` hears as before.
      expect(heard).toHaveLength(1);
    } finally {
      unsubscribe('@reference/kit:statement', listen);
    }
    const after = database.connect();
    await runRaw(after.db);
    await after.close();
    expect(told).toMatchObject([
      {
        text: 'select "id" from "people" where "people"."id" = $1 limit $2',
        stacks: [expect.any(String), expect.stringContaining('runBuilt')],
        types: [23, 20],
      },
      { text: 'select $1::int as seven', types: [23] },
    ]);
  });
});

describe.skipIf(!capabilities.concurrency)('an unused connection', () => {
  it('is closed after its time; one that is used now and then is not', async () => {
    const client = database.connect({ idleTimeoutSeconds: 2, applicationName: 'idle-test' });
    const used = async () => {
      const [row] = await client.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      return row?.pid;
    };
    const open = async () => {
      const [row] = await database.db.execute<{ count: number }>(
        sql`select count(*)::int as count from pg_stat_activity where application_name = 'idle-test'`,
      );
      return row?.count;
    };
    const first = await used();
    for (let round = 0; round < 6; round++) {
      await sleep(400);
      expect(await used()).toBe(first);
    }
    expect(await open()).toBe(1);
    await expect.poll(open).toBe(0);
    expect(await used()).not.toBe(first);
    await client.close();
  });
});

it.skipIf(!capabilities.concurrency)(
  'searches no longer queue the longer its pool has been busy',
  async () => {
    const client = database.connect({ max: 4 });
    const searched: number[] = [];
    const { indexOf } = Array.prototype;
    const spy = vi.spyOn(Array.prototype, 'indexOf').mockImplementation(function (
      this: unknown[],
      ...args
    ) {
      searched.push(this.length);
      return Reflect.apply(indexOf, this, args);
    });
    try {
      // More callers than connections: the driver's queue of busy ones is never empty.
      let started = 0;
      const caller = async () => {
        while (started++ < 8000) await client.sql`select ${started}::int`;
      };
      await Promise.all(Array.from({ length: 8 }, caller));
    } finally {
      spy.mockRestore();
      await client.close();
    }
    expect(searched.length).toBeGreaterThan(1000);
    expect(Math.max(...searched)).toBeLessThan(2000);
  },
);
