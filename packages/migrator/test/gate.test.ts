import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Runner, review } from '../src/index.ts';
import { run } from './command.ts';

// Each process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const exec = promisify(execFile);
let root: string;
const git = (...args: string[]) => exec('git', args, { cwd: root });
const commit = async (message: string) => {
  await git('add', '-A');
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', message);
};
const sql = (name: string, text: string) => writeFile(join(root, 'migrations', name), text);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'migrator-gate-'));
  await mkdir(join(root, 'migrations'));
  await git('init', '-q', '-b', 'main');
  await sql('001_users.sql', 'create table users (id integer primary key, name text);');
  await commit('users');
  await git('checkout', '-qb', 'change');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const AT = ['review', '--no-config', '--folder', 'migrations', '--runner', 'plain', '--branch'];

describe('the review of a branch', () => {
  test('is of what the branch adds against the merge base, and fails until a reason is given', async () => {
    await sql('003_drop.sql', 'alter table users drop column name;');
    await commit('drop a column');
    // The main branch goes on: what it has added is not this branch's.
    await git('checkout', '-q', 'main');
    await sql('002_truncate.sql', 'truncate users;');
    await commit('truncate');
    await git('checkout', '-q', 'change');
    const found = await run([...AT, '--format', 'json'], {}, root);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.out)).toMatchObject([
      { rule: 'drop-column', level: 'data loss', file: 'migrations/003_drop.sql', line: 1 },
      { rule: 'missing-lock-timeout', level: 'caution', line: 1 },
    ]);
    await sql(
      '003_drop.sql',
      '-- migrator: allow drop-column:\nalter table users drop column name;',
    );
    expect(await run(AT, {}, root)).toMatchObject({ code: 1 });
    await sql(
      '003_drop.sql',
      '-- migrator: allow drop-column: nothing has read it since May\nalter table users drop column name;',
    );
    expect(await run(AT, {}, root)).toMatchObject({
      code: 0,
      out: expect.stringContaining('since May'),
    });
  });

  test('also of files that are not committed yet, and from a folder below the root', async () => {
    await sql('002_new.sql', 'truncate users;');
    expect(await run(AT, {}, root)).toMatchObject({ code: 1 });
    const below = ['review', '--no-config', '--folder', '.', '--runner', 'plain', '--branch'];
    const { code, out } = await run(below, {}, join(root, 'migrations'));
    expect([code, out]).toEqual([1, expect.stringContaining('002_new.sql:1')]);
  });

  test('of a branch that adds none says so; without any base it is an error', async () => {
    expect(await run(AT, {}, root)).toMatchObject({ code: 0, out: 'no migration to review\n' });
    await git('branch', '-m', 'main', 'trunk');
    await git('checkout', '-q', 'change');
    const { code, err } = await run(AT, {}, root);
    expect([code, err]).toEqual([3, expect.stringContaining('--since')]);
    expect(await run([...AT, '--since', 'trunk'], {}, root)).toMatchObject({ code: 0 });
  });

  test('as SARIF and Markdown: levels, places, what is acknowledged', async () => {
    await sql(
      '002_two.sql',
      'truncate users;\n-- migrator: allow drop-column: agreed\nalter table users drop column name;',
    );
    const { code } = await run([...AT, '--output', 'sarif=out.sarif', 'markdown=out.md'], {}, root);
    expect(code).toBe(1);
    const sarif = JSON.parse(await readFile(join(root, 'out.sarif'), 'utf8'));
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'truncate',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'migrations/002_two.sql' },
                    region: { startLine: 1 },
                  },
                },
              ],
            },
            { ruleId: 'missing-lock-timeout', level: 'warning' },
            {
              ruleId: 'drop-column',
              suppressions: [{ kind: 'inSource', justification: 'agreed' }],
            },
          ],
        },
      ],
    });
    const markdown = await readFile(join(root, 'out.md'), 'utf8');
    expect(markdown).toContain('1 migration looked at: 2 data loss, 1 caution; 1 to acknowledge');
    expect(markdown).toMatch(
      /\| `migrations\/002_two\.sql:1` \| \*\*⛔ data loss\*\* \| `truncate` \|/,
    );
  });
});

describe('the conventions of other tools', () => {
  const concurrently = 'create index concurrently users_name on users (name);';
  const verdict = async (runner: Runner, sql: string) =>
    (await review(sql, { runner, squawk: false })).length > 0 ? 'refused' : 'possible';

  test('decide whether CONCURRENTLY is possible', async () => {
    expect(await verdict('plain', concurrently)).toBe('possible');
    expect(await verdict('plain', `begin;\n${concurrently}\ncommit;`)).toBe('refused');
    expect(await verdict('plain', `-- migrate:up transaction:false\n${concurrently}`)).toBe(
      'possible',
    );
    expect(await verdict('plain', `-- migrate:up\n${concurrently}`)).toBe('refused');
    expect(await verdict('prisma', concurrently)).toBe('possible');
    expect(await verdict('prisma', `${concurrently}\nselect 1;`)).toBe('refused');
    expect(await verdict('drizzle', concurrently)).toBe('refused');
  });
});

const script = fileURLToPath(
  new URL('../../../.github/actions/review-migrations/review.sh', import.meta.url),
);

// A copy of this package lies in a repository without the action.
describe.skipIf(!existsSync(script))('the action', () => {
  const act = async (env: Record<string, string>) => {
    // Stands in for GitHub's command line: notes its arguments, and knows of one comment if asked to.
    const bin = join(root, '.bin');
    await mkdir(bin, { recursive: true });
    await writeFile(
      join(bin, 'gh'),
      `#!/bin/sh\necho "$@" >> "${root}/.bin/calls"\ncase "$*" in *--paginate*) echo "$KNOWN_COMMENT" ;; esac\n`,
    );
    await chmod(join(bin, 'gh'), 0o755);
    await rm(join(bin, 'calls'), { force: true });
    const result = await exec('bash', [script], {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: '1',
        PATH: `${bin}:${process.env.PATH}`,
        RUNNER_TEMP: bin,
        GITHUB_REPOSITORY: 'acme/shop',
        PULL_REQUEST: '7',
        GH_TOKEN: 'x',
        FOLDER: 'migrations',
        RUNNER_OF_MIGRATIONS: 'plain',
        KNOWN_COMMENT: '',
        ...env,
      },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    );
    const calls = await readFile(join(bin, 'calls'), 'utf8').catch(() => '');
    return { ...result, calls };
  };

  test('annotates, writes one comment, brings it up to date, and fails the job', async () => {
    await sql('002_drop.sql', 'alter table users drop column name;');
    await commit('drop');
    const first = await act({});
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('::error file=migrations/002_drop.sql,line=1');
    expect(first.calls).toContain('--method POST repos/acme/shop/issues/7/comments');
    const again = await act({ KNOWN_COMMENT: '42' });
    expect(again.calls).toContain('--method PATCH repos/acme/shop/issues/comments/42');
    await sql(
      '002_drop.sql',
      '-- migrator: allow drop-column: unused\nalter table users drop column name;',
    );
    expect((await act({ KNOWN_COMMENT: '42' })).code).toBe(0);
    await rm(join(root, 'migrations', '002_drop.sql'));
    const none = await act({});
    expect([none.code, none.calls]).toEqual([0, expect.not.stringContaining('POST')]);
    // A file that could not be reviewed must not pass.
    expect((await act({ FOLDER: 'nowhere' })).code).toBe(3);
  });

  test.skipIf(!capabilities.concurrency)(
    'traces where it has a server, and looks for what Citus refuses',
    async () => {
      await sql('002_index.sql', 'create index users_name on users (name);');
      await commit('index');
      expect((await act({ TRACE: 'true' })).code).toBe(3);
      const database = await createTestDatabase();
      try {
        const traced = await act({
          TRACE: 'true',
          TRACE_ROWS: '10,100',
          SCRATCH_URL: database.url,
          TARGET: 'citus',
        });
        expect(traced.code).toBe(1);
        expect(traced.stdout).toContain('::error file=migrations/002_index.sql,line=1');
        const comment = await readFile(join(root, '.bin', 'comment.md'), 'utf8');
        expect(comment).toContain('## What each statement did');
        expect(comment).toContain('create index users_name');
      } finally {
        await database.close();
      }
      expect((await act({ TARGET: 'oracle' })).code).toBe(3);
    },
  );
});
