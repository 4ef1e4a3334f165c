import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

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
      out: '2 migration(s) applied\n',
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
  }, 60_000);

  test.each([
    ['no URL', ['migrate'], 'DATABASE_URL'],
    ['no such command', ['migrat'], 'unknown command'],
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
      const { code, out, err } = await run(['migrate', '--folder', folder.path, '--url', url]);
      expect(code).toBeGreaterThan(0);
      expect(out + err).not.toContain('s3cr3t');
    }
  }, 60_000);
});

describe('review', () => {
  test('in three formats; exit 1 until the danger is acknowledged', async () => {
    const file = join(folder.path, 'x.sql');
    await writeFile(file, 'alter table a\n  drop column b;');
    const text = await run(['review', file, '--folder', folder.path]);
    expect(text).toMatchObject({
      code: 1,
      out: expect.stringMatching(/x\.sql:1 data loss drop-column[\s\S]*safer:/),
    });
    const json = await run(['review', file, '--format', 'json', '--folder', folder.path]);
    expect(JSON.parse(json.out)).toMatchObject([
      {
        rule: 'drop-column',
        level: 'data loss',
        line: 1,
        lock: { mode: 'ACCESS EXCLUSIVE' },
        breaksPreviousRelease: true,
      },
    ]);
    const github = await run(['review', file, '--format', 'github', '--folder', folder.path]);
    expect(github.out).toMatch(
      /^::error file=.*x\.sql,line=1,title=data loss%3A drop-column::the values of a\.b are gone/,
    );
    await writeFile(
      file,
      '-- migrator: allow drop-column: unused since March\nalter table a drop column b;',
    );
    const allowed = await run(['review', file, '--folder', folder.path]);
    expect(allowed).toMatchObject({
      code: 0,
      out: expect.stringContaining('acknowledged: unused since March'),
    });
    expect(await run(['review', file, '--format', 'xml'])).toMatchObject({ code: 3 });
  }, 60_000);
});
