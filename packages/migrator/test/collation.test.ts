import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fixCollation, inspectCollation, migrate } from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SCHEMA = `
create table people (id integer primary key, email text, name text collate english, code text collate "C",
  "when" int4range, exclude using gist ("when" with &&));
create unique index people_email on people (email);
create index people_name on people (name);
create index people_code on people (code);
create table "Odd's" (label text not null primary key) partition by list (label);
create table odd_a partition of "Odd's" for values in ('a');`;

describe.skipIf(!capabilities.concurrency)('a collation version', () => {
  const database = useEmptyDatabase();
  let client: Client;

  beforeEach(async () => {
    client = new Client({ connectionString: database.url });
    await client.connect();
    // A locale that every image has and that, being ICU's, has a version.
    await client.query(`create collation english (provider = icu, locale = 'en-u-ks-level1')`);
    await client.query(SCHEMA);
    await client.query(
      `update pg_database set datcollversion = pg_database_collation_actual_version(oid)
       where datname = current_database()`,
    );
  });
  afterEach(() => client.end());

  /** Makes the database look as if it had been built with these rules. */
  const builtWith = (version: string | null) =>
    client.query('update pg_database set datcollversion = $1 where datname = current_database()', [
      version,
    ]);
  const recorded = async () =>
    (
      await client.query(
        `select datcollversion as version, pg_database_collation_actual_version(oid) as actual
         from pg_database where datname = current_database()`,
      )
    ).rows[0];
  const fileOf = async (index: string) =>
    (await client.query('select relfilenode as file from pg_class where relname = $1', [index]))
      .rows[0]?.file;

  test('as recorded, needs nothing', async () => {
    expect(await inspectCollation(database.url)).toMatchObject({
      isMismatched: false,
      indexes: [],
      collations: [],
    });
    const { code, out } = await run(['fix-collation', '--url', database.url]);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing to do.'),
    });
  });

  test('that differs is shown as often as one asks, and stays on record', async () => {
    await builtWith('0.1');
    for (let asked = 0; asked < 2; asked += 1) {
      const { code, out } = await run(['fix-collation', '--url', database.url]);
      expect(code).toBe(1);
      expect(out).toContain('collation version 0.1 is recorded');
      expect(out).toContain('reindex index concurrently public.people_email;');
      expect(out).toContain('reindex index concurrently public.odd_a_pkey;');
      expect(out).not.toMatch(/people_code|people_name|people_when|Odd's/);
    }
    expect(await recorded()).toMatchObject({ version: '0.1' });
  });

  test('is recorded after the last index was rebuilt', async () => {
    await builtWith('0.1');
    const before = await fileOf('people_email');
    const { code, out } = await run(['fix-collation', '--url', database.url, '--reindex']);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('rebuilt public.people_email'),
    });
    expect(await fileOf('people_email')).not.toBe(before);
    const { version, actual } = await recorded();
    expect(version).toBe(actual);
    expect(await inspectCollation(database.url)).toMatchObject({ isMismatched: false });
  });

  test('stays on record when an index cannot be rebuilt, and the next run ends it', async () => {
    await builtWith('0.1');
    // Rows of two spellings, under rules that now treat them as equal.
    await client.query('drop index people_email');
    await client.query(`insert into people (id, email) values (1, 'a'), (2, 'a')`);
    await client
      .query('create unique index concurrently people_email on people (email)')
      .catch(() => {});
    await expect(fixCollation(database.url, { reindex: true })).rejects.toMatchObject({
      code: '23505',
    });
    expect(await recorded()).toMatchObject({ version: '0.1' });
    await client.query('delete from people where id = 2');
    expect(await fixCollation(database.url, { reindex: true })).toMatchObject({ recorded: true });
    const { rows } = await client.query(
      `select count(*)::int as left_over from pg_class where relname ~ '_cc(new|old)'`,
    );
    expect(rows).toEqual([{ left_over: 0 }]);
  });

  test('is recorded alone on demand, and not with a rebuild as well', async () => {
    await builtWith('0.1');
    const before = await fileOf('people_email');
    const { code } = await run(['fix-collation', '--url', database.url, '--refresh-only']);
    expect(code).toBe(0);
    expect(await fileOf('people_email')).toBe(before);
    expect(await inspectCollation(database.url)).toMatchObject({ isMismatched: false });
    const both = await run(['fix-collation', '--url', database.url, '--refresh-only', '--reindex']);
    expect(both.code).toBe(3);
  });

  test('of a collation that an index names counts too', async () => {
    await client.query(`update pg_collation set collversion = '0.1' where collname = 'english'`);
    expect(await inspectCollation(database.url)).toMatchObject({
      isMismatched: true,
      collations: [{ name: 'public.english', recorded: '0.1' }],
      indexes: ['public.people_name'],
    });
    expect(await fixCollation(database.url, { reindex: true })).toMatchObject({
      rebuilt: ['public.people_name'],
      recorded: true,
    });
    expect(await inspectCollation(database.url)).toMatchObject({ isMismatched: false });
  });

  // C.UTF-8 has no version; what is recorded then comes from another system, or is missing on one that has.
  test('can become none, or come to be, which PostgreSQL has no command for', async () => {
    const { actual } = await recorded();
    await builtWith(actual === null ? '2.36' : null);
    const { code, out } = await run(['fix-collation', '--url', database.url]);
    expect({ code, out }).toMatchObject({
      code: 1,
      out: expect.stringContaining('no collation version'),
    });
    await client.query('create role keeper login createdb');
    try {
      await client.query(
        `do $$ begin execute format('alter database %I owner to keeper', current_database()); end $$;
         alter table people owner to keeper; alter table "Odd's" owner to keeper;
         alter table odd_a owner to keeper; alter role keeper password 'keeper'`,
      );
      const asKeeper = new URL(database.url);
      asKeeper.username = asKeeper.password = 'keeper';
      const first = await run(['fix-collation', '--url', asKeeper.href, '--reindex']);
      expect({ ...first }).toMatchObject({
        code: 1,
        out: expect.stringContaining('as a superuser'),
      });
    } finally {
      await client.query(
        `do $$ begin execute format('alter database %I owner to %I', current_database(), current_user); end $$;
         reassign owned by keeper to current_user; drop owned by keeper; drop role keeper`,
      );
    }
    const last = await run(['fix-collation', '--url', database.url, '--reindex']);
    expect(last.code).toBe(0);
    expect(await recorded()).toMatchObject({ version: actual });
  });

  test('that differs is told by migrate, status and drift', async () => {
    const folder = await MigrationsFolder.create([
      { name: '0000_words', sql: 'create table words (word text primary key);' },
    ]);
    await builtWith('0.1');
    try {
      const notes: string[] = [];
      await migrate(database.url, {
        folder: folder.path,
        onEvent: (event) => event.type === 'note' && notes.push(event.message),
      });
      expect(notes).toEqual([expect.stringContaining('db:fix-collation')]);
      for (const command of ['migrate', 'status', 'drift']) {
        const { err } = await run([command, '--url', database.url, '--folder', folder.path]);
        expect(err, command).toContain('collation version 0.1 is recorded');
      }
    } finally {
      await folder.remove();
    }
  });
});
