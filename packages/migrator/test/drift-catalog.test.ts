import { readFile } from 'node:fs/promises';
import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compareCatalogs, describeCatalog, drift, dumpCatalog, migrate } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { KINDS, OTHER, ROLE } from './kinds-of-change.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.skipIf(!capabilities.concurrency)('a dump', () => {
  const database = useEmptyDatabase();

  test('has range types, and collations of domains and of attributes', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(`
        create type wide as range (subtype = text, collation = "C", multirange_type_name = wides);
        create domain word as text collate "C" default 'a';
        create type pair as (a text collate "C", b wide);
        create table uses (w wide, p pair, d word)`);
      const before = await describeCatalog(database.url);
      await client.query('drop schema public cascade; create schema public');
      await client.query(`${dumpCatalog(before)}; set search_path = public`);
      expect(compareCatalogs(before, await describeCatalog(database.url))).toEqual([]);
      expect(before.filter(({ kind }) => kind === 'range type')).toHaveLength(1);
      // Its constructors are made with it.
      expect(before.filter(({ kind }) => kind === 'function')).toEqual([]);
    } finally {
      await client.end();
    }
  });
});

describe.skipIf(!capabilities.concurrency)('every kind of change by hand', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  let admin: Client;

  beforeAll(async () => {
    const roles = `do $$ begin create role ${ROLE} nologin nobypassrls; exception when duplicate_object then null; end $$;`;
    folder = await MigrationsFolder.create([
      { name: '0000_all', sql: [roles, ...KINDS.map(({ before }) => before)].join('\n') },
    ]);
  });
  afterAll(async () => {
    await folder.remove();
    const { rows } = await admin.query<{ name: string }>(
      'select quote_ident(s.subname) as name from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()',
    );
    for (const { name } of rows) await admin.query(`drop subscription ${name}`);
    await admin.query(`revoke all on parameter log_min_messages from ${ROLE}`);
    await admin.query(
      `do $$ begin execute format('alter database %I owner to %I', current_database(), current_user); end $$`,
    );
    await admin.query(`drop owned by ${ROLE}, ${OTHER} cascade; drop role ${ROLE}, ${OTHER}`);
    await admin.end();
  });

  test('is named, at its level', async () => {
    // The README says how many.
    const readme = await readFile('README.md', 'utf8');
    expect(readme).toContain(`lists ${KINDS.length} kinds of change`);
    admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`create role ${OTHER} nologin`);
    await migrate(database.url, { folder: folder.path });
    expect(await drift(database.url, { folder: folder.path, level: 'cosmetic' })).toEqual([]);
    const failed: string[] = [];
    for (const late of [false, true])
      for (const { what, change, last } of KINDS)
        if (last === late)
          await admin
            .query(change)
            .catch((error: Error) => failed.push(`${what}: ${error.message}`));
    expect(failed).toEqual([]);
    const found = await drift(database.url, { folder: folder.path, level: 'cosmetic' });
    const lines = new Set(found.map(({ level, kind, name }) => `${level} ${kind} ${name}`));
    const missed = KINDS.filter(({ level, says }) => !lines.has(`${level} ${says}`));
    expect(missed.map(({ what, level, says }) => `${what}: ${level} ${says}`)).toEqual([]);
  });
});
