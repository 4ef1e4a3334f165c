import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrationsFolder } from '../../src/migrations.ts';

// Each command starts a process of its own, which compiles TypeScript first.
vi.setConfig({ testTimeout: 300_000 });

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  folder = await mkdtemp(join(tmpdir(), 'commands-'));
  await writeFile(
    join(folder, 'loquat.md'),
    '# Loquat \u001b[31mjam\n\nBoil the loquats with sugar.',
  );
  await writeFile(join(folder, 'broken.md'), Buffer.from([0xff]));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.close();
});

function run(script: string, args: readonly string[], url = database.url) {
  const file = new URL(`../../src/${script}`, import.meta.url).pathname;
  const env = {
    ...process.env,
    DATABASE_URL: url,
    INIT_CWD: dirname(folder),
    NO_COLOR: undefined,
    FORCE_COLOR: '1',
  };
  const cwd = new URL('../..', import.meta.url);
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const node = ['--import', 'tsx', file, ...args];
    execFile(process.execPath, node, { env, cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

test('seed, import a folder named from where the command is typed, and search as two people', async () => {
  const early = await run('import.ts', [basename(folder), '--drive', 'Fruit']);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('Run db:seed first') });

  // The server of a test run need not be on this machine: a container has an address of its own.
  expect((await run('seed.ts', ['--remote'])).stdout).toContain('6 users');
  const imported = await run('import.ts', [basename(folder), '--drive', 'Fruit']);
  expect(imported.code).toBe(0);
  expect(imported.stdout).toContain('Fruit: 1 pages created');
  expect(imported.stdout).toContain('broken.md: it is not UTF-8 text');
  expect(imported.stderr).toContain('Reading: 2 of 2');

  const found = await run('search.ts', ['boiling loquats', '--as', 'ada@example.com']);
  expect(found.code).toBe(0);
  expect(found.stdout).toContain('\u001b[1mBoil');
  // The page's own control characters never reach the terminal.
  expect(found.stdout).not.toContain('\u001b[31mjam');
  const nothing = await run('search.ts', ['loquat', '--as', 'zoe@example.com']);
  expect(nothing).toMatchObject({ code: 0, stdout: 'zoe@example.com finds nothing for: loquat\n' });
});

test('seed refuses a server on another machine, without its password, unless it is told', async () => {
  const url = 'postgres://ada:hidden@localhost,db.invalid/pagespace?connect_timeout=1';
  const { code, stderr } = await run('seed.ts', [], url);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The seed adds an administrator .* db\.invalid is not this machine/);
  expect(stderr).not.toContain('hidden');
  const there = 'postgres://ada:hidden@db.invalid/pagespace?connect_timeout=1';
  const told = await run('seed.ts', ['--remote'], there);
  expect(told.code).toBe(1);
  expect(told.stderr).not.toContain('administrator');
});

test.each([
  ['search.ts', ['x', '--as', 'nobody@example.com'], /There is no user nobody@example\.com/],
  ['search.ts', ['   ', '--as', 'ada@example.com'], /words: /],
  ['search.ts', ['x', '--as', 'ada@example.com', '--limit', '0'], /limit: /],
  ['import.ts', ['no-such-folder', '--drive', 'Fruit'], /can't be read as a folder \(ENOENT\)/],
  ['import.ts', ['.', '--drive', ' '], /name: /],
])('%s %j exits 1 with one line', async (script, args, message) => {
  const { code, stderr } = await run(script, args);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
