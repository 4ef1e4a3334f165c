import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { capabilities, type PostgresContainer, startContainer } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { drift, migrate, rollback, status } from '../src/index.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// A container of its own, and a second server in it.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const exec = promisify(execFile);

const SCHEMA = `
create extension citext;
create table notes (id integer generated always as identity primary key, tenant_id integer not null, text citext);
create index notes_text on notes (text);
alter table notes enable row level security;
alter table notes force row level security;
create policy notes_tenant on notes using (tenant_id = current_setting('app.tenant', true)::integer);`;

const START = {
  name: '0000_schema',
  sql: SCHEMA,
  down: 'drop table notes; drop extension citext;',
};
const SHORTEN = {
  name: '0001_shorten',
  sql: 'alter table notes alter column text type varchar(3) using left(text, 3);',
  down: 'alter table notes alter column text type citext;',
};

/** The commands are those of the README's section on backups. */
describe.skipIf(!capabilities.docker)('a rehearsed restore', () => {
  let server: PostgresContainer;
  let folder: MigrationsFolder;

  const shell = async (command: string): Promise<string> =>
    (await exec('docker', ['exec', '-u', 'postgres', server.id, 'sh', '-ec', command])).stdout;
  const databaseUrl = (name: string) => server.url.replace(/\/postgres$/, `/${name}`);
  const query = async (name: string, sql: string) => {
    const client = new Client({ connectionString: databaseUrl(name) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    server = await startContainer({
      durable: false,
      settings: {
        wal_level: 'replica',
        archive_mode: 'on',
        archive_command: 'mkdir -p /tmp/archive && cp %p /tmp/archive/%f',
      },
    });
    folder = await MigrationsFolder.create([START]);
    await query('postgres', 'create database app');
    await migrate(databaseUrl('app'), { folder: folder.path });
    await query(
      'app',
      "insert into notes (tenant_id, text) select 1 + g % 3, 'note ' || g from generate_series(1, 100) g",
    );
  });
  afterAll(async () => {
    await folder.remove();
    await server.remove();
  });

  test('a dump taken before a migration brings back what the migration lost', async () => {
    await shell('pg_dump --format=custom --file=/tmp/before.dump app');
    await folder.write([START, SHORTEN]);
    await migrate(databaseUrl('app'), { folder: folder.path });
    // The down migration restores the schema and not the values: that is what the dump is for.
    await rollback(databaseUrl('app'), { folder: folder.path, confirmLoss: () => true });
    expect(await query('app', 'select distinct text from notes')).toEqual([{ text: 'not' }]);

    await shell(
      'createdb restored && pg_restore --exit-on-error --dbname=restored /tmp/before.dump',
    );
    const url = databaseUrl('restored');
    expect(await drift(url, { folder: folder.path, level: 'cosmetic' })).toEqual([]);
    expect((await status(url, { folder: folder.path })).map(({ state }) => state)).toEqual([
      'applied',
      'pending',
    ]);
    expect(
      await query('restored', 'select count(*)::integer as n, max(text::text) as last from notes'),
    ).toEqual([{ n: 100, last: 'note 99' }]);
    // The counter goes on where it was.
    expect(
      await query('restored', "insert into notes (tenant_id, text) values (1, 'new') returning id"),
    ).toEqual([{ id: 101 }]);
  });

  test('an archive of the log brings back the moment before', async () => {
    await shell('pg_basebackup --pgdata=/tmp/base --checkpoint=fast --wal-method=stream');
    await query('app', "insert into notes (tenant_id, text) values (1, 'after the backup')");
    const [moment] = await query('app', 'select clock_timestamp()::text as at');
    await setTimeout(50);
    await query('app', 'drop table notes');
    await query('app', 'select pg_switch_wal()');
    await shell(
      'n=0; until [ "$(psql -Atc "select last_archived_wal >= (select pg_walfile_name(pg_current_wal_lsn() - 1)) from pg_stat_archiver" postgres)" = t ] || [ $n -gt 100 ]; do n=$((n+1)); sleep 0.1; done',
    );
    await shell(`cat >> /tmp/base/postgresql.auto.conf <<END
restore_command = 'cp /tmp/archive/%f %p'
recovery_target_time = '${moment?.at}'
recovery_target_action = 'promote'
archive_mode = off
max_connections = 200
END
touch /tmp/base/recovery.signal
PATH="$PATH:$(dirname "$(readlink /proc/1/exe)")"
pg_ctl --pgdata=/tmp/base --options='-p 5499 -c listen_addresses=' --wait --log=/tmp/base.log start || { tail /tmp/base.log >&2; exit 1; }`);
    const restored = (sql: string) => shell(`psql -p 5499 -At app -c "${sql}"`);
    expect((await restored("select text from notes where text = 'after the backup'")).trim()).toBe(
      'after the backup',
    );
    expect((await restored('select count(*) from drizzle.__drizzle_migrations')).trim()).toBe('1');
    await shell(
      'PATH="$PATH:$(dirname "$(readlink /proc/1/exe)")"; pg_ctl --pgdata=/tmp/base --mode=immediate stop',
    );
  });
});
