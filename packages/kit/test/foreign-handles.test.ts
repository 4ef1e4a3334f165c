import { PGlite } from '@electric-sql/pglite';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { drizzle as drizzleOnPg } from 'drizzle-orm/node-postgres';
import { drizzle as drizzleOnPglite } from 'drizzle-orm/pglite';
import { drizzle as drizzleOnPostgres } from 'drizzle-orm/postgres-js';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ConflictError,
  copyRows,
  type Database,
  type DbError,
  insertChunked,
  mapConstraints,
  prepared,
  runReplanned,
  runScript,
  transaction,
  UsageError,
  upsertRows,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { createTables, people } from './schema.ts';

/** As a team has them that brings its own handle, and casts it to what the functions take. */
type Foreign = Database;

describe.skipIf(!capabilities.concurrency)('a handle that createClient did not make', () => {
  let database: OpenDatabase;
  let plain: postgres.Sql;
  let pool: pg.Pool;
  let embedded: PGlite;
  const handles: Record<string, () => Foreign> = {
    'plain Drizzle over postgres.js': () => drizzleOnPostgres(plain) as unknown as Foreign,
    'node-postgres': () => drizzleOnPg(pool) as unknown as Foreign,
    PGlite: () => drizzleOnPglite(embedded) as unknown as Foreign,
  };
  beforeAll(async () => {
    database = await openDatabase();
    plain = postgres(database.url, { max: 1, onnotice: () => {} });
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
    embedded = await PGlite.create();
    await embedded.exec(createTables);
    await embedded.exec("insert into people (id, email) values (1, 'taken')");
    await database.db.insert(people).values({ id: 1, email: 'taken' });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([plain.end(), pool.end(), embedded.close()]);
    await database.close();
  });

  describe.each(Object.keys(handles))('of %s', (name) => {
    const handle = () => handles[name]?.() ?? expect.fail('no handle');

    it('is refused wherever a promise of its client would be missing', async () => {
      const db = handle();
      let ran = false;
      const work = async () => {
        ran = true;
      };
      const rows = [{ id: 2, email: 'two' }];
      const hot = prepared((on: Foreign) => on.select({ id: people.id }).from(people));
      const attempts: [string, () => Promise<unknown>][] = [
        ['transaction()', () => transaction(db, work)],
        ['a transaction of its own', () => db.transaction((tx) => transaction(tx, work))],
        ['insertChunked()', () => insertChunked(db, people, rows)],
        ['upsertRows()', () => upsertRows(db, people, rows, { conflict: [people.id] })],
        ['prepared()', async () => hot(db, {})],
        ['runScript()', () => runScript(db, 'select 1')],
        ['runReplanned()', () => runReplanned(db, sql`select 1`)],
      ];
      for (const [what, attempt] of attempts) {
        const failure: unknown = await attempt().then(
          () => what,
          (error: unknown) => error,
        );
        expect(failure, what).toBeInstanceOf(UsageError);
        expect(failure, what).toMatchObject({
          message: expect.stringMatching(/createClient made/),
        });
      }
      expect(ran).toBe(false);
    });

    it('has its constraint errors mapped all the same, without a value of the row', async () => {
      let seen: DbError | undefined;
      const failed = mapConstraints(handle().insert(people).values({ id: 2, email: 'taken' }), {
        people_email_key: (error) => {
          seen = error;
          return new ConflictError('This e-mail address is taken.');
        },
      });
      await expect(failed).rejects.toThrow('This e-mail address is taken.');
      expect(seen).toMatchObject({
        code: 'CONFLICT',
        sqlstate: '23505',
        constraint: 'people_email_key',
        table: 'people',
      });
      expect(`${seen?.stack}${JSON.stringify(seen)}`).not.toContain("'taken'");
    });
  });

  it("copyRows takes no driver's own handle, patched or not", async () => {
    const failed = copyRows(plain, people, ['id', 'email'], [{ id: 3, email: 'three' }]);
    await expect(failed).rejects.toBeInstanceOf(UsageError);
    const inside = plain.begin((tx) => copyRows(tx, people, ['id', 'email'], []));
    await expect(inside).rejects.toBeInstanceOf(UsageError);
    await expect(
      database.sql.begin((tx) =>
        copyRows(tx, people, ['id', 'email'], [{ id: 3, email: 'three' }]),
      ),
    ).resolves.toBe(1);
  });
});
