import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteAllTokens } from '../src/maintenance/cleanup.ts';
import { knownProviders } from '../src/providers.ts';
import { listEnabledProviders } from '../src/queries/index.ts';
import { sampleSets } from '../src/samples/sample-sets.ts';
import { seedSamples } from '../src/samples/seed-samples.ts';
import { oauthTokens, providers } from '../src/schemas/index.ts';
import { upsertProviders } from '../src/worker.ts';
import { connect, keyring, openDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

describe('seeding', () => {
  test('fills every vendor table, and again changes nothing', async () => {
    const { db } = database;
    expect(await upsertProviders(db, knownProviders)).toBe(knownProviders.length);
    expect(await upsertProviders(db, knownProviders)).toBe(0);
    const first = await seedSamples(db, { keyring, rows: 20 });
    expect(first.inserted).toBeGreaterThan(sampleSets.length * 3);
    expect(await seedSamples(db, { keyring, rows: 20 })).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: first.inserted,
    });
    for (const { table } of sampleSets) {
      const [row] = await db.execute(
        sql`select exists (select from ${sql.identifier(table)}) as has`,
      );
      expect(row, table).toEqual({ has: true });
    }
  });

  test('keeps a provider that an operator switched off switched off', async () => {
    const { db } = database;
    await db.update(providers).set({ isEnabled: false }).where(eq(providers.slug, 'x'));
    await upsertProviders(db, [{ slug: 'x', name: 'X (formerly Twitter)', authType: 'oauth2' }]);
    expect((await listEnabledProviders(db)).map(({ slug }) => slug)).not.toContain('x');
    await db.update(providers).set({ isEnabled: true }).where(eq(providers.slug, 'x'));
  });
});

describe('cleaning up', () => {
  test('deletes every token and nothing else', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db);
    expect(await deleteAllTokens(db)).toBeGreaterThan(0);
    expect(await db.select().from(oauthTokens)).toEqual([]);
    const [left] = await db.execute(
      sql`select id from connector_configs where id = ${connectorConfigId}`,
    );
    expect(left).toEqual({ id: connectorConfigId });
  });

  test.skipIf(!capabilities.concurrency)('refuses production without force', async () => {
    for (const name of ['ait_prod', 'ait-PRODUCTION']) {
      await database.db.execute(sql`create database ${sql.identifier(name)} template template0`);
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      const { createPostgresClient } = await import('../src/postgres.client.ts');
      const client = createPostgresClient({ url: url.href, max: 1 });
      try {
        await client.db.execute(sql`create table oauth_tokens (id text)`);
        await client.db.execute(sql`insert into oauth_tokens values ('a')`);
        await expect(deleteAllTokens(client.db)).rejects.toMatchObject({ code: 'FORBIDDEN' });
        expect(await deleteAllTokens(client.db, { force: true })).toBe(1);
      } finally {
        await client.close();
        await database.db.execute(sql`drop database ${sql.identifier(name)}`);
      }
    }
  });
});

describe.skipIf(!capabilities.concurrency)('from the command line', () => {
  const run = promisify(execFile);
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const script = (name: string, ...args: string[]) =>
    run(process.execPath, ['--import', 'tsx', `src/${name}`, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        INIT_CWD: undefined,
        POSTGRES_URL: database.url,
        ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      },
    });

  test('connectors:import stores, reports, and says when nothing changed', async () => {
    const path = await mkdtemp(join(tmpdir(), 'import-'));
    try {
      const repository = { id: 7, name: 'widgets', full_name: 'acme/widgets', private: true };
      await writeFile(
        join(path, 'a.json'),
        JSON.stringify([repository, { ...repository, id: 'x' }]),
      );
      const first = await script('connectors/import.ts', 'github', path);
      expect(first.stdout).toMatch(/repositories +1 inserted/);
      expect(first.stdout).toMatch(/a\.json#\/1\/id/);
      const second = await script('connectors/import.ts', 'github', path);
      expect(second.stdout).toContain('Nothing has changed.');
      // A file that cannot be read is named, and the others are stored.
      await writeFile(join(path, 'b.json'), `\ufeff${JSON.stringify({ ...repository, id: 8 })}`);
      await writeFile(join(path, 'c.json'), '{"id": 9,');
      await writeFile(join(path, 'd.json'), `${'['.repeat(200_000)}${']'.repeat(200_000)}`);
      await writeFile(join(path, 'e.json'), JSON.stringify({ ...repository, id: 10 }));
      const third = await script('connectors/import.ts', 'github', path);
      expect(third.stdout).toMatch(/repositories +2 inserted/);
      expect(third.stdout).toContain('c.json: it is not JSON');
      expect(third.stdout).toMatch(/d\.json: (nested deeper than|it is nested too deep)/);
      const missing = script('connectors/import.ts', 'github', join(path, 'nowhere'));
      await expect(missing).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no file or folder'),
      });
    } finally {
      await rm(path, { recursive: true });
    }
  }, 240_000);

  test('db:seed and db:cleanup', async () => {
    expect((await script('db.seed.ts', '--sample', '--rows', '5')).stdout).toContain(
      'Sample rows:',
    );
    await expect(script('db.cleanup.ts')).rejects.toMatchObject({ code: 1 });
    expect((await script('db.cleanup.ts', '--yes')).stdout).toMatch(/token pairs deleted/);
  }, 240_000);

  test('db:fix-collation shows what differs until it has rebuilt it', async () => {
    const recordedVersion = async () => {
      const [row] = await database.db.execute<{ version: string | null; actual: string | null }>(
        sql`select datcollversion as version, pg_database_collation_actual_version(oid) as actual
          from pg_database where datname = current_database()`,
      );
      return row;
    };
    expect((await script('db.fix-collation.ts')).stdout).toContain('Nothing to do.');
    await database.db.execute(
      sql`update pg_database set datcollversion = '0.1' where datname = current_database()`,
    );
    for (let asked = 0; asked < 2; asked += 1) {
      await expect(script('db.fix-collation.ts')).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining(
          'reindex index concurrently public.github_pull_requests_pkey;',
        ),
      });
      expect(await recordedVersion()).toMatchObject({ version: '0.1' });
    }
    expect((await script('db.seed.ts')).stderr).toContain('collation version 0.1 is recorded');
    const rebuilt = await script('db.fix-collation.ts', '--reindex');
    expect(rebuilt.stdout).toContain('rebuilt public.github_pull_requests_pkey');
    const { version, actual } = (await recordedVersion()) ?? {};
    expect(version).toBe(actual);
    expect((await script('db.fix-collation.ts')).stdout).toContain('Nothing to do.');
  }, 240_000);
});
