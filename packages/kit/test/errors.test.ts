import { inspect } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { eq, type SQLWrapper, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ConflictError,
  createClient,
  DbError,
  ForbiddenError,
  InvalidInputError,
  insertChunked,
  mapConstraints,
  NotFoundError,
  transaction,
  UnavailableError,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { notes, people, samples, schema } from './schema.ts';

const secret = 'hunter2-secret';
const lines: string[] = [];
const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase({ logger, slowQueryMs: 0 });
  await database.db.insert(people).values({ id: 1, email: secret });
  await database.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused %', new.title; end $$;
    create trigger refuse before update on samples for each row execute function refuse();
    insert into samples (id) values (900);`);
});
afterAll(() => database.close());

/** Everything a log line, a crash report or an API answer could show of an error. */
function everythingOf(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown) => {
    if (value === null || value === undefined || seen.has(value)) return;
    seen.add(value);
    parts.push(
      inspect(value, { depth: 10, showHidden: true }),
      String(value),
      JSON.stringify(value) ?? '',
    );
    if (typeof value !== 'object') return;
    for (const name of Object.getOwnPropertyNames(value)) visit(Reflect.get(value, name));
  };
  visit(error);
  return parts.join('\n');
}

async function failureOf(work: () => PromiseLike<unknown>): Promise<DbError> {
  const failure = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!(failure instanceof DbError)) throw new Error(`Not a DbError: ${inspect(failure)}`);
  return failure;
}

describe('no error and no log line holds a bound value', () => {
  const failing: [string, () => PromiseLike<unknown>, Partial<DbError>][] = [
    [
      'a duplicate through Drizzle',
      () => database.db.insert(people).values({ id: 2, email: secret }),
      { code: 'CONFLICT', sqlstate: '23505', constraint: 'people_email_key', table: 'people' },
    ],
    [
      'a duplicate in a transaction',
      () => transaction(database.db, (tx) => tx.insert(people).values({ id: 2, email: secret })),
      { code: 'CONFLICT', constraint: 'people_email_key' },
    ],
    [
      'a duplicate in bulk',
      () => insertChunked(database.db, people, [{ id: 2, email: secret }]),
      { code: 'CONFLICT', constraint: 'people_email_key' },
    ],
    [
      'a duplicate through the tagged template',
      () => database.sql`insert into people (id, email) values (2, ${secret})`,
      { code: 'CONFLICT', constraint: 'people_email_key' },
    ],
    [
      'a duplicate in sql.begin',
      () => database.sql.begin((tx) => tx`insert into people ${tx({ id: 2, email: secret })}`),
      { code: 'CONFLICT', constraint: 'people_email_key' },
    ],
    [
      'a malformed value, which the server quotes',
      () => database.db.execute(sql`select ${secret}::text::uuid`),
      { code: 'INVALID_INPUT', sqlstate: '22P02' },
    ],
    [
      'a value out of range, inside a cursor',
      async () => {
        for await (const _ of database.sql`select ${secret}::text::int`.cursor(1));
      },
      { code: 'INVALID_INPUT', sqlstate: '22P02' },
    ],
    [
      "a trigger's exception, which quotes the row",
      () => database.db.update(samples).set({ title: secret }).where(eq(samples.id, 900)),
      { sqlstate: 'P0001' },
    ],
    [
      'a missing foreign row',
      () => database.db.insert(notes).values({ id: 1, personId: 404, body: secret }),
      { code: 'CONFLICT', sqlstate: '23503' },
    ],
    [
      'a missing value',
      () => database.sql`insert into people (id, email) values (2, null), (3, ${secret})`,
      { code: 'INVALID_INPUT', sqlstate: '23502', column: 'email' },
    ],
    [
      'a NUL character',
      () => database.db.insert(people).values({ id: 2, email: `${secret}\0` }),
      { code: 'INVALID_INPUT' },
    ],
    [
      'an unknown table',
      () => database.sql`select * from nowhere where secret = ${secret}`,
      { code: 'DATABASE', sqlstate: '42P01' },
    ],
    [
      'a parameter of a kind the driver cannot send',
      () =>
        database.db.execute(
          sql`select ${{
            toString: () => {
              throw new Error(secret);
            },
          }}::text`,
        ),
      { code: 'INVALID_INPUT' },
    ],
  ];

  it.each(failing)('%s', async (_, work, expected) => {
    lines.length = 0;
    const failure = await failureOf(work);
    expect(failure).toMatchObject(expected);
    expect(everythingOf(failure)).not.toContain(secret);
    expect(lines.join('')).not.toContain(secret);
    expect(failure.stack).toContain(failure.message);
  });

  it.skipIf(!capabilities.concurrency)('a COPY whose line the server quotes', async () => {
    const stream = await database.sql`copy notes (id) from stdin`.writable();
    const failure = await failureOf(
      () =>
        new Promise((_, reject) => {
          stream.on('error', reject);
          stream.end(`${secret}\n`);
        }),
    );
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', sqlstate: '22P02' });
    expect(everythingOf(failure)).not.toContain(secret);
  });

  it('and the connection serves the next statement', async () => {
    await Promise.allSettled(failing.map(([, work]) => Promise.resolve().then(work)));
    const rows = await Promise.all(Array.from({ length: 10 }, () => database.sql`select 1 as one`));
    expect(rows).toHaveLength(10);
  });

  it('slow statements are logged by text and duration', async () => {
    lines.length = 0;
    await database.db.select({ id: people.id }).from(people).where(eq(people.email, secret));
    const [line] = lines.map((text) => JSON.parse(text));
    expect(line).toMatchObject({ msg: 'slow query', ms: expect.any(Number) });
    expect(line.query).toBe('select "id" from "people" where "people"."email" = $1');
  });

  it('the stack names who ran the statement', async () => {
    async function findNowhere() {
      await database.db.execute(sql`select * from nowhere`);
    }
    const failure = await failureOf(findNowhere);
    expect(failure.stack).toContain('findNowhere');
  });
});

describe('parameters are checked before the driver', () => {
  it.each([
    ['undefined', undefined, /\$1 is undefined/],
    ['an invalid Date', new Date(Number.NaN), /\$1 is an invalid Date/],
    ['undefined in an array', [1, undefined], /\$1 is undefined/],
    ['a function', () => 1, /\$1 is a function/],
  ])('%s', async (_, value, message) => {
    const failures = [
      await failureOf(() => database.db.execute(sql`select ${sql.param(value)}::text`)),
      await failureOf(() => database.sql`select ${value as never}::text`),
      await failureOf(() => database.sql.unsafe('select $1::text', [value as never])),
    ];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(InvalidInputError);
      expect(failure.message).toMatch(message);
    }
  });

  it.skipIf(!capabilities.concurrency)(
    'one that the driver cannot encode fails alone on a shared connection',
    async () => {
      const client = database.connect({ max: 1 });
      const unsendable = {
        toString: () => {
          throw new Error(secret);
        },
      };
      const echo = (value: unknown) =>
        client.db.execute<{ echo: string }>(sql`select ${value}::text as echo`);
      await echo('warm');
      for (let round = 0; round < 3; round++) {
        const outcomes = await Promise.allSettled([
          echo('a'),
          echo(unsendable),
          echo('b'),
          echo(unsendable),
        ]);
        expect(
          outcomes.map((outcome) =>
            outcome.status === 'fulfilled' ? outcome.value[0]?.echo : 'failed',
          ),
        ).toEqual(['a', 'failed', 'b', 'failed']);
      }
      await client.close();
    },
  );

  it('more of them than a statement can have is an error, not lost rows', async () => {
    const rows = Array.from({ length: 33_000 }, (_, id) => ({ id: id + 10, email: `${id}` }));
    const viaDrizzle = await failureOf(() => database.db.insert(people).values(rows));
    expect(viaDrizzle.message).toMatch(/insertChunked/);
    const viaTemplate = await failureOf(
      () => database.sql`insert into people ${database.sql(rows)}`,
    );
    expect(viaTemplate.message).toMatch(/at most 65533 parameters, not 66000/);
    expect(await database.db.$count(people)).toBe(1);
  });

  it('undefined inside a row of the helper', async () => {
    const row: { id: number; email?: string | undefined } = { id: 5, email: undefined };
    const failure = await failureOf(
      () => database.sql`insert into people ${database.sql([row as { id: number }])}`,
    );
    expect(failure).toBeInstanceOf(InvalidInputError);
  });
});

describe('mapConstraints', () => {
  const duplicate = () => database.db.insert(people).values({ id: 2, email: secret });

  it('replaces a violation of the named constraint, from a promise or a function', async () => {
    const errors = { people_email_key: () => new ConflictError('This e-mail address is taken.') };
    await expect(mapConstraints(duplicate(), errors)).rejects.toThrow(
      'This e-mail address is taken.',
    );
    await expect(mapConstraints(duplicate, errors)).rejects.toThrow(
      'This e-mail address is taken.',
    );
  });

  it('finds it below other errors', async () => {
    const wrapped = duplicate().catch((cause: unknown) => {
      throw new Error('while signing up', { cause });
    });
    await expect(
      mapConstraints(wrapped, {
        people_email_key: (error) => new ConflictError(`${error.constraint}`),
      }),
    ).rejects.toThrow('people_email_key');
  });

  it('leaves every other violation alone, also one of the same kind', async () => {
    await expect(
      mapConstraints(database.db.insert(people).values({ id: 1, email: 'other' }), {
        people_email_key: () => new Error('wrong'),
        toString: () => new Error('wrong'),
      }),
    ).rejects.toMatchObject({ constraint: 'people_pkey' });
  });

  it('gives back the result', async () => {
    expect(await mapConstraints(Promise.resolve(1), {})).toBe(1);
  });
});

describe.skipIf(!capabilities.concurrency)('connecting and rights', () => {
  const attempt = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    const client = createClient({ url: url.href, connectTimeoutSeconds: 2 }, { schema });
    return failureOf(async () => {
      try {
        await client.db.execute(sql`select 1`);
      } finally {
        await client.close();
      }
    });
  };

  it.each<[string, (url: URL) => void, RegExp]>([
    ['wrong password', (url) => (url.password = secret), /Correct user and password/],
    ['unknown user', (url) => (url.username = 'nobody'), /Correct user and password/],
    ['unknown database', (url) => (url.pathname = '/nowhere'), /Create it or correct the URL/],
    ['nothing listening', (url) => (url.port = '1'), /Start the server, or correct host and port/],
    ['unknown host', (url) => (url.hostname = 'nowhere.invalid'), /host name/],
  ])('%s says what to do', async (_, change, message) => {
    const failure = await attempt(change);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(failure.message).toMatch(message);
    expect(everythingOf(failure)).not.toContain(secret);
  });

  it('permission denied is a ForbiddenError', async () => {
    const failure = await failureOf(() =>
      database.sql.begin(async (tx) => {
        await tx`create role kit_nobody`;
        await tx`set local role kit_nobody`;
        await tx`select * from people`;
      }),
    );
    expect(failure).toBeInstanceOf(ForbiddenError);
    expect(failure.message).toMatch(/Permission denied for table people/);
  });

  it('a missing extension or type says to install it', async () => {
    const empty = await createTestDatabase();
    const client = createClient({ url: empty.url }, { schema });
    for (const statement of [
      'create extension nowhere',
      "select '[1]'::vector",
      "select similarity('a', 'b')",
    ]) {
      const failure = await failureOf(() => client.sql.unsafe(statement));
      expect(failure.message).toMatch(/CREATE EXTENSION/);
    }
    await client.close();
    await empty.close();
  });

  it('a statement over its timeout is an UnavailableError', async () => {
    const client = database.connect({ statementTimeoutMs: 50 });
    const failure = await failureOf(() => client.db.execute(sql`select pg_sleep(5)`));
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(failure.sqlstate).toBe('57014');
    await client.close();
  });
});

it('an error as JSON holds names, never the statement or a cause', async () => {
  const failure = await failureOf(() =>
    database.db.insert(people).values({ id: 2, email: secret }),
  );
  expect(JSON.parse(JSON.stringify(failure))).toEqual({
    name: 'ConflictError',
    code: 'CONFLICT',
    message: expect.any(String),
    sqlstate: '23505',
    constraint: 'people_email_key',
    schema: 'public',
    table: 'people',
  });
});

describe('two copies of this package in one process', () => {
  it('know each other by what they are', async () => {
    vi.resetModules();
    const other = await import('../src/index.ts');
    const refused = new other.ConflictError('taken');
    expect(refused).not.toBeInstanceOf(NotFoundError);
    expect([refused instanceof DbError, refused instanceof ConflictError]).toEqual([true, true]);
    expect(new Error('plain')).not.toBeInstanceOf(DbError);
    const emails = other.prepared((db: typeof database.db, p: { email: SQLWrapper }) =>
      db.select({ id: people.id }).from(people).where(sql`${people.email} = ${p.email}`),
    );
    expect(await emails(database.db, { email: 'nobody@example.com' })).toEqual([]);
  });
});
