import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrate, rebase } from '../src/index.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const A = { name: '0000_a', sql: 'create table a (id integer);' };
const THEIRS = {
  name: '0001_theirs',
  sql: 'alter table a add column theirs text;',
  when: 1_700_000_000_900,
};
const MINE = {
  name: '0001_mine',
  sql: 'alter table a add column mine text;',
  down: 'alter table a drop column mine;',
  when: 1_700_000_000_500,
};

const snapshot = (id: string, prevId: string, columns: readonly string[]) => ({
  id,
  prevId,
  tables: {
    'public.a': {
      name: 'a',
      columns: Object.fromEntries(columns.map((name) => [name, { name, type: 'text' }])),
    },
  },
});

describe('rebase', () => {
  const database = useEmptyDatabase();
  let folder: MigrationsFolder;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder.path,
      stdio: 'pipe',
    }).toString();
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-q', '-m', message);
  };
  const writeSnapshot = (number: string, value: unknown) =>
    writeFile(join(folder.path, 'meta', `${number}_snapshot.json`), JSON.stringify(value));

  /** Two branches, each with its own 0001. */
  const branches = async (mineColumns: readonly string[]) => {
    await folder.write([A]);
    await writeSnapshot('0000', snapshot('s0', '', ['id']));
    git('init', '-q', '-b', 'main');
    commit('base');
    git('checkout', '-q', '-b', 'feature');
    await writeFile(join(folder.path, '0001_mine.sql'), MINE.sql);
    await writeFile(join(folder.path, '0001_mine.down.sql'), MINE.down);
    await journal([A, MINE]);
    await writeSnapshot('0001', snapshot('mine', 's0', mineColumns));
    commit('mine');
    git('checkout', '-q', 'main');
    await writeFile(join(folder.path, '0001_theirs.sql'), THEIRS.sql);
    await journal([A, THEIRS]);
    await writeSnapshot('0001', snapshot('theirs', 's0', ['id', 'theirs']));
    commit('theirs');
    git('checkout', '-q', 'feature');
  };
  const journal = (files: readonly { name: string; when?: number }[]) =>
    writeFile(
      join(folder.path, 'meta', '_journal.json'),
      JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: files.map(({ name, when }, idx) => ({
          idx,
          version: '7',
          when: when ?? 1_700_000_000_000,
          tag: name,
          breakpoints: true,
        })),
      }),
    );

  beforeEach(async () => {
    folder = await MigrationsFolder.create();
  });
  afterEach(() => folder.remove());

  test('is refused in folders of drizzle-kit 1.0, which have no numbers', async () => {
    await rm(join(folder.path, 'meta'), { recursive: true });
    await mkdir(join(folder.path, '20260101120000_a'));
    await writeFile(join(folder.path, '20260101120000_a/migration.sql'), A.sql);
    await expect(rebase({ folder: folder.path })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('nothing to move'),
    });
  });

  test('in a merge that stopped at the journal: mine go behind theirs, and both changes are in the snapshot', async () => {
    await branches(['id', 'mine']);
    expect(() => git('merge', 'main')).toThrow();
    await expect(migrate(database.url, { folder: folder.path })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('db:rebase'),
    });
    expect(await rebase({ folder: folder.path })).toEqual([{ from: '0001_mine', to: '0002_mine' }]);
    const written = JSON.parse(
      await readFile(join(folder.path, 'meta', '0002_snapshot.json'), 'utf8'),
    );
    expect(written).toMatchObject({ id: 'mine', prevId: 'theirs' });
    expect(Object.keys(written.tables['public.a'].columns)).toEqual(['id', 'theirs', 'mine']);
    const { entries } = JSON.parse(
      await readFile(join(folder.path, 'meta', '_journal.json'), 'utf8'),
    );
    expect(entries.map(({ idx, tag }: { idx: number; tag: string }) => [idx, tag])).toEqual([
      [0, '0000_a'],
      [1, '0001_theirs'],
      [2, '0002_mine'],
    ]);
    expect(entries[2].when).toBeGreaterThan(entries[1].when);
    expect(await readFile(join(folder.path, '0002_mine.down.sql'), 'utf8')).toBe(MINE.down);
    const { applied } = await migrate(database.url, { folder: folder.path });
    expect(applied.map(({ name }) => name)).toEqual(['0000_a', '0001_theirs', '0002_mine']);
    commit('merged');
  });

  test('where both changed the same thing it refuses, and changes nothing', async () => {
    await branches(['id', 'theirs']);
    await writeSnapshot('0001', {
      ...snapshot('mine', 's0', ['id', 'theirs']),
      tables: {
        'public.a': {
          name: 'a',
          columns: {
            id: { name: 'id', type: 'text' },
            theirs: { name: 'theirs', type: 'integer' },
          },
        },
      },
    });
    commit('the same column with another type');
    await expect(rebase({ folder: folder.path, onto: 'main' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('columns.theirs.type'),
    });
    expect(git('status', '--porcelain')).toBe('');
  });

  test('where no number is used twice there is nothing to do', async () => {
    await branches(['id', 'mine']);
    expect(await rebase({ folder: folder.path, onto: 'feature' })).toEqual([]);
  });
});
