import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@reference/local-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../src/audit.ts';
import { withSession } from '../src/catalog/connection.ts';
import { readCatalog } from '../src/catalog/read-catalog.ts';
import { readModel } from '../src/catalog/read-model.ts';
import { rules } from '../src/rules/index.ts';
import type { Example, Found, Rule } from '../src/rules/rule.ts';
import { foundIn, removeExamples } from './example.ts';
import { mutantsOf, removeMutants } from './mutants.ts';

const folder = fileURLToPath(
  new URL(`../node_modules/.cache/catalog-${process.pid}/`, import.meta.url),
);

let url = '';
let close: () => Promise<void>;
beforeAll(async () => {
  const database = await createTestDatabase();
  url = database.url;
  close = () => database.close();
});
afterAll(async () => {
  await execute(
    'drop schema public cascade; create schema public; drop role if exists audit_table_owner',
  );
  await close();
});
afterAll(removeExamples);
afterAll(removeMutants);

const execute = async (sql: string): Promise<void> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    // One by one: within one transaction, statistics would count what ANALYZE has seen already.
    for (const statement of sql.split(';')) await client.query(statement);
    // A session's activity reaches the statistics when it flushes them, or ends.
    await client.query('select pg_stat_force_next_flush()');
  } finally {
    await client.end();
  }
};

const found = async (rule: Rule, { sql = '', options = {} }: Example): Promise<Found[]> => {
  await execute(`drop schema public cascade; create schema public; ${sql}`);
  return withSession(url, async (session) => {
    const model = await readModel(session);
    const catalog = await readCatalog(session, model);
    return [...rule.check({ model, sources: new Map(), queries: [], catalog }, options)];
  });
};

const withDatabase = ({ sql }: Example): boolean => sql !== undefined;
const ofCatalog = rules.filter(({ bad }) => bad.some(withDatabase));

describe.each(ofCatalog.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test.each(rule.bad.filter(withDatabase).map((example, at) => [at + 1, example] as const))(
    'finds something in bad example %i',
    async (_, example) => {
      const findings = await found(rule, example);
      expect(findings.length).toBeGreaterThan(0);
      for (const { message } of findings) expect(message).not.toMatch(/undefined|NaN|\[object/);
    },
  );
  test.each(rule.good.filter(withDatabase).map((example, at) => [at + 1, example] as const))(
    'finds nothing in good example %i',
    async (_, example) => {
      expect(await found(rule, example)).toEqual([]);
    },
  );
  test('without any one of its checks misses a bad example', async () => {
    const mutants = await mutantsOf(rule.id);
    expect(mutants.length).toBeGreaterThan(0);
    for (const mutant of mutants) {
      const missed: boolean[] = [];
      for (const example of rule.bad) {
        const findings = withDatabase(example)
          ? await found(mutant.rule, example)
          : await foundIn(mutant.rule, example);
        missed.push(findings.length === 0);
      }
      expect(missed, `${rule.id}, line ${mutant.line} can be removed`).toContain(true);
    }
  });
});

test('a table of the schema that the database has not is named', async () => {
  await execute(
    'drop schema public cascade; create schema public; create table notes (id int primary key)',
  );
  const schema = join(folder, 'schema.ts');
  await mkdir(folder, { recursive: true });
  await writeFile(
    schema,
    `import { integer, pgTable } from 'drizzle-orm/pg-core';
export const notes = pgTable('notes', { id: integer('id').primaryKey() });
export const pages = pgTable('pages', { id: integer('id').primaryKey() });`,
  );
  const { notes } = await audit({ schema: [schema], url }).finally(() =>
    rm(folder, { recursive: true }),
  );
  expect(notes).toEqual(['not in the database: pages']);
});

describe('a database without a schema', () => {
  test('its tables are held to the rules of structure', async () => {
    await execute(`drop schema public cascade; create schema public;
      create schema app; create type app.mood as enum ('good', 'bad');
      create table app.users (id bigint generated always as identity primary key, email text, mood app.mood);
      create unique index on app.users (lower(email));
      create table notes (user_id bigint references app.users on delete cascade, at timestamp, price float8) partition by range (at);
      create table notes_2026 partition of notes for values from ('2026-01-01') to ('2027-01-01');
      create view v as select 1 as one; create materialized view m as select 1 as one`);
    const report = await audit({ url });
    const objects = report.findings.map(({ rule, object }) => `${rule} ${object}`);
    expect(report.tables).toBe(2);
    expect(objects).toContain('primary-key notes');
    expect(objects).toContain('timestamp-zone notes.at');
    expect(objects).toContain('money-float notes.price');
    expect(objects).toContain('foreign-key-index notes.user_id');
    expect(report.rules.find(({ id }) => id === 'zod-schemas')?.state).toBe('not run');
  });

  test('tables that Supabase’s services or a migrator keep are not judged', async () => {
    await execute(`drop schema if exists app cascade; drop schema public cascade; create schema public; create table notes (id int primary key);
      create table schema_migrations (version varchar); create role supabase_audit_test; create schema kept; create table kept.users (id int); alter table kept.users owner to supabase_audit_test`);
    const report = await audit({ url }).finally(() =>
      execute('drop schema kept cascade; drop role supabase_audit_test'),
    );
    expect(report.tables).toBe(1);
    expect(report.findings.filter(({ object }) => object.startsWith('kept'))).toEqual([]);
  });

  test('no value of a secret column leaves the audit', async () => {
    await execute(`drop schema public cascade; create schema public;
      create table keys (id int primary key, api_key text); insert into keys values (1, 'sk-very-plain-secret')`);
    const report = await audit({ url });
    expect(report.findings.map(({ rule }) => rule)).toContain('secret-sampled');
    expect(JSON.stringify(report)).not.toContain('sk-very-plain-secret');
  });
});
