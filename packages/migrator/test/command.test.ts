import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Each process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const database = useEmptyDatabase();
let folder: MigrationsFolder;
beforeEach(async () => {
  folder = await MigrationsFolder.create([
    { name: '0000_a', sql: 'create table a (id integer primary key);', down: 'drop table a;' },
    { name: '0001_b', sql: 'alter table a add column b text;' },
  ]);
});
afterEach(() => folder.remove());

describe('exit codes', () => {
  test('0 done, 1 failed, 2 refused, 3 called wrongly', async () => {
    const env = { DATABASE_URL: database.url };
    const at = ['--folder', folder.path];
    expect(await run(['migrate', ...at], env)).toMatchObject({
      code: 0,
      out: '2 migrations applied\n',
    });
    expect(await run(['status', ...at], env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('0001_b'),
    });
    await folder.edit('0001_b', 'alter table a add column c text;');
    expect(await run(['migrate', ...at], env)).toMatchObject({ code: 2 });
    expect(await run(['status', ...at], env)).toMatchObject({ code: 2 });
    expect(await run(['repair', ...at], env)).toMatchObject({
      code: 1,
      out: expect.stringContaining('--accept-changed'),
    });
    expect(await run(['repair', '--accept-changed', ...at], env)).toMatchObject({ code: 0 });
    await folder.write([
      { name: '0000_a', sql: 'create table a (id integer primary key);' },
      { name: '0001_b', sql: 'alter table a add column c text;' },
      { name: '0002_c', sql: 'nonsense;' },
    ]);
    expect(await run(['migrate', ...at], env)).toMatchObject({
      code: 1,
      err: expect.stringContaining('42601'),
    });
  });

  test.each([
    ['no URL', ['migrate'], 'DATABASE_URL'],
    ['no such command', ['migrat'], 'unknown command'],
    [
      'no such file',
      ['review', '--no-config', '--runner', 'plain', 'absent.sql'],
      'there is no such file',
    ],
    ['a folder for a file', ['review', '--no-config', '--runner', 'plain', '.'], 'it is a folder'],
    [
      'no such folder',
      ['migrate', '--folder', '/nowhere', '--url', 'postgres://a@localhost/b'],
      'no such folder',
    ],
    ['a URL that is none', ['status', '--folder', '.', '--url', 'localhost'], 'not a URL'],
    ['a number that is none', ['migrate', '--lock-timeout', 'soon'], 'whole number'],
  ])('3 with %s', async (_, args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
  });

  test('no secret of the URL is printed', async () => {
    for (const url of [
      'postgres://someone:s3cr3t-word@127.0.0.1:1/x',
      database.url.replace(/:[^:@]*@/, ':s3cr3t-word@').replace(/\/[^/]*$/, '/no_such_database'),
      'postgres://someone:s3cr3t-word@/x?host=/nowhere',
    ]) {
      // Embedded, any password and any database will do, so one of these runs through.
      const { out, err } = await run(['migrate', '--folder', folder.path, '--url', url]);
      expect(out + err).not.toContain('s3cr3t');
    }
  });
});

describe('review', () => {
  test('exit 1 until the danger is acknowledged', async () => {
    const file = join(folder.path, 'x.sql');
    await writeFile(file, 'alter table a\n  drop column b;');
    const open = await run(['review', file, '--format', 'json', '--folder', folder.path]);
    expect(open.code).toBe(1);
    expect(JSON.parse(open.out)).toMatchObject([
      {
        rule: 'drop-column',
        level: 'data loss',
        line: 1,
        lock: { mode: 'ACCESS EXCLUSIVE' },
        breaksPreviousRelease: true,
      },
    ]);
    await writeFile(
      file,
      '-- migrator: allow drop-column: unused since March\nalter table a drop column b;',
    );
    const allowed = await run(['review', file, '--folder', folder.path]);
    expect([allowed.code, allowed.out]).toEqual([
      0,
      expect.stringContaining('acknowledged: unused since March'),
    ]);
  });
});
