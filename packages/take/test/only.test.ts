import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyFor } from '../src/narrow/domains.ts';
import type { Choices, Plan } from '../src/plan/plan.ts';
import { findItems, planItems } from '../src/plan/plan-items.ts';
import { openSource } from '../src/source/tree.ts';
import { draftTake, draftUpdate, writeDraft } from '../src/take.ts';
import { createHost, npmChoices } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
const choices: Choices = {
  ...npmChoices,
  into: 'packages',
  only: { db: ['pages', 'drives'] },
};
const planOf = (only: readonly string[]): Plan =>
  planItems(tree, findItems(['db']), { ...choices, only: { db: only } });

let plan: Plan;
let root: string;
beforeAll(() => {
  plan = planOf(['pages', 'drives']);
  root = realpathSync(mkdtempSync(join(tmpdir(), 'take-only-')));
  for (const { path, text } of plan.files.filter((file) => file.path.startsWith('db/'))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(tree.root, 'packages/db/node_modules'), join(root, 'db/node_modules'));
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const textOf = (path: string) => plan.files.find((file) => file.path === path)?.text ?? '';
const output = (error: unknown): string => String(Reflect.get(Object(error), 'stdout'));

describe('the domains pages and drives of db', () => {
  it('bring their tables and those that these need, and no more', () => {
    const tables = [...textOf('db/schema.sql').matchAll(/^CREATE TABLE public\.(\w+)/gm)];
    expect(tables.map(([, name]) => name)).toEqual([
      'drive_invitations',
      'drive_members',
      'drive_roles',
      'drives',
      'page_permissions',
      'page_versions',
      'pages',
      'share_links',
      'users',
    ]);
    const snapshot = JSON.parse(textOf('db/drizzle/meta/0000_snapshot.json'));
    expect(Object.keys(snapshot.tables)).toHaveLength(tables.length);
    // A trigger of pages writes page_versions; the functions of other tables stay behind.
    expect(textOf('db/schema.sql')).toContain('keep_page_version');
    expect(textOf('db/schema.sql')).not.toContain('audit_');
  });

  it('bring no file, script, export or dependency of the rest', () => {
    const paths = plan.files.map(({ path }) => path);
    expect(paths.filter((path) => /^db\/.*(chat|seed|import\/|ENTITIES)/.test(path))).toEqual([]);
    const manifest = JSON.parse(textOf('db/package.json'));
    expect(Object.keys(manifest.exports)).toEqual(['.']);
    expect(manifest.scripts).not.toHaveProperty('db:seed');
    expect(manifest.scripts).toHaveProperty('db:migrate');
    expect(manifest.dependencies).not.toHaveProperty('bcryptjs');
    expect(textOf('db/src/schema/relations/core.ts')).not.toMatch(/chat|favorites|files/);
    expect(textOf('db/test/core/pages.test.ts')).toContain('createPage');
  });

  it('compile as strictly as the whole', { timeout: 300_000 }, async () => {
    const tsc = join(tree.root, 'packages/take/node_modules/.bin/tsc');
    const said = await exec(tsc, ['-p', '.'], { cwd: join(root, 'db') }).then(() => '', output);
    expect(said).toBe('');
  });

  it.skipIf(!capabilities.concurrency)(
    'have one migration that fits schema, snapshot and dump, and tests that pass',
    { timeout: 600_000 },
    async () => {
      const database = await createTestDatabase();
      try {
        const vitest = join(root, 'db/node_modules/.bin/vitest');
        const env = { ...process.env, TEST_DATABASE_URL: database.url, TEST_DATABASE: '' };
        const args = ['run', '--reporter=json', '--testTimeout=120000', '--hookTimeout=120000'];
        const files = ['test/schema', 'test/core/pages', 'test/core/drives', 'test/core/search'];
        const options = { cwd: join(root, 'db'), env, maxBuffer: 1e8 };
        const { stdout } = await exec(vitest, [...args, ...files], options).catch(
          (error: { stdout: string }) => error,
        );
        const report = JSON.parse(stdout.slice(stdout.indexOf('{"')));
        expect(report).toMatchObject({ numFailedTestSuites: 0, numFailedTests: 0 });
        expect(report.numPassedTests).toBeGreaterThan(30);
      } finally {
        await database.close();
      }
    },
  );
});

it('refuses domains of a package that comes whole, and names the pieces', () => {
  expect(() => onlyFor(['tenancy'], ['documents'])).toThrow(/domains of db.*keyset/);
  expect(() => onlyFor(['keyset'], ['pages'])).toThrow(/domains of db/);
});

it('names the domains that there are', () => {
  expect(() => planOf(['pagez'])).toThrow(/no domain pagez.*auth.*drives.*pages/);
});

it('an update takes the same domains again', { timeout: 300_000 }, async () => {
  const host = createHost();
  try {
    const place = { root: host.root, folder: join(host.root, 'packages') };
    await writeDraft(tree, await draftTake(tree, place, ['db'], choices));
    host.commit();
    const { steps } = await draftUpdate(tree, place);
    expect(steps.filter(({ does }) => does !== 'same')).toEqual([]);
  } finally {
    host.remove();
  }
});
