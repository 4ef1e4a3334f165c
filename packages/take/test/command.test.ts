import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { items } from '../src/items.ts';
import { hashOf, keepBase, type Lock, writeLock } from '../src/lock.ts';
import { createHost, type TestHost } from './host.ts';

const program = fileURLToPath(new URL('../bin/take.js', import.meta.url));

let host: TestHost;
beforeEach(() => {
  host = createHost({ 'package-lock.json': '{}' });
});
afterEach(() => host.remove());

/** Runs the program where the host is, as `pnpm take` would for a person who stands there. */
function take(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, INIT_CWD: host.root, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

it('lists every item', async () => {
  const { code, output } = await take('list');
  expect(code).toBe(0);
  for (const { name } of items) expect(output).toContain(name);
});

it('says what would happen and changes nothing', async () => {
  const { code, output } = await take('tokens', '--into', 'src/db', '--dry-run');
  expect([code, output]).toEqual([0, expect.stringContaining('kit/tokens.ts')]);
  expect(output).toContain('Nothing was changed.');
  expect(host.git('status', '--porcelain')).toBe('');
});

it('says that tables get a migration, and how to use one that the project has', async () => {
  host.write('src/schema.ts', "export const users = pgTable('users', {});\n");
  const refused = await take('refresh-tokens', '--into', 'src/db', '--dry-run');
  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('--table users=')]);
  const own = ['--table', 'users=src/schema.ts'];
  const { code, output } = await take('refresh-tokens', '--into', 'src/db', '--dry-run', ...own);
  expect([code, output]).toEqual([0, expect.stringContaining('Its tables get a migration')]);
});

it('tells what it changed when a step after it fails', async () => {
  host.write('package.json', '{ "name": "host", "dependencies": { "zod": "workspace:*" } }');
  const { code, output } = await take('tokens', '--into', 'src/db');
  expect([code, output]).toEqual([
    1,
    expect.stringContaining('Lines in files that were there before'),
  ]);
  expect(output).toContain('npm install failed');
});

it('takes, shows that nothing changed, and removes again', async () => {
  expect((await take('tokens', '--into', 'src/db', '--no-install')).code).toBe(0);
  expect(host.read('src/db/kit/tokens.ts')).toContain('issueToken');
  host.commit();
  expect((await take('diff', '--into', 'src/db')).output.trim()).toBe('');
  const updated = await take('update', '--into', 'src/db');
  expect([updated.code, updated.output]).toEqual([0, expect.stringContaining('nothing changed')]);
  expect((await take('remove', 'tokens', '--into', 'src/db')).code).toBe(0);
  expect(host.git('ls-files', '--deleted')).toContain('src/db/kit/tokens.ts');
});

describe('update over a file that the project edited', () => {
  const path = 'src/db/kit/tokens.ts';
  const edit = (from: string, to: string) => {
    const text = host.read(path);
    expect(text).toContain(from);
    host.write(path, text.replace(from, to));
  };
  beforeEach(async () => {
    expect((await take('tokens', '--into', 'src/db', '--no-install')).code).toBe(0);
    // It arrived when the reference still hashed otherwise.
    const arrived = host.read(path).replace("'sha256'", "'sha1'");
    const lock: Lock = JSON.parse(host.read('src/db/take.lock.json'));
    host.write(path, arrived);
    keepBase(host.folder, arrived);
    writeLock(host.folder, { ...lock, files: { ...lock.files, 'kit/tokens.ts': hashOf(arrived) } });
  });
  const update = () => {
    host.commit();
    return take('update', '--into', 'src/db');
  };

  it('keeps both changes', async () => {
    edit('randomBytes(32)', 'randomBytes(48)');
    const { code, output } = await update();
    expect([code, output]).toEqual([0, expect.stringContaining('updated')]);
    expect(host.read(path)).toContain('randomBytes(48)');
    expect(host.read(path)).toContain("'sha256'");
    expect(host.read(path)).not.toContain('<<<<<<<');
  });

  it('marks a conflict, keeps both lines, and fails', async () => {
    edit("'sha1'", "'sha512'");
    const { code, output } = await update();
    expect([code, output]).toEqual([
      1,
      expect.stringContaining('Conflict markers in kit/tokens.ts'),
    ]);
    expect(host.read(path)).toMatch(
      /^<<<<<<< yours\n.*'sha512'.*\n=======\n.*'sha256'.*\n>>>>>>> the reference$/m,
    );
  });
});

it('refuses a project that Yarn installs without node_modules, before it changes anything', async () => {
  host.write('package.json', '{ "name": "host", "packageManager": "yarn@4.18.1" }');
  host.commit();
  const refused = await take('tokens', '--into', 'src/db');
  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('nodeLinker')]);
  expect(host.git('status', '--porcelain')).toBe('');
  const taken = await take('tokens', '--into', 'src/db', '--no-install');
  expect(taken.code).toBe(0);
});

it('takes the table that the project has, and says what is no table', async () => {
  host.write('src/schema.ts', "export const users = pgTable('users', {});\n");
  const into = ['--into', 'src/db', '--dry-run'];
  const own = await take('refresh-tokens', '--table', 'users=src/schema.ts', ...into);
  expect([own.code, own.output]).toEqual([0, expect.not.stringContaining('auth/users.ts')]);
  for (const table of ['users', 'users=src/none.ts']) {
    expect((await take('refresh-tokens', '--table', table, ...into)).code).toBe(3);
  }
});

it('tells a wrong call from a refusal by its exit code', async () => {
  const wrong = await take('nothing-such', '--into', 'src/db');
  expect([wrong.code, wrong.output]).toEqual([3, expect.stringContaining('There is no item')]);
  expect((await take('tokens', '--into', 'src/db', '--pm', 'cargo')).code).toBe(3);
  expect((await take('tokens', '--into', 'src/db', '--scope', 'acme')).code).toBe(3);
  rmSync(join(host.root, 'package-lock.json'));
  const unknown = await take('tokens', '--into', 'src/db');
  expect([unknown.code, unknown.output]).toEqual([3, expect.stringContaining('--pm')]);
  const nothing = await take('diff', '--into', 'src/db');
  expect([nothing.code, nothing.output]).toEqual([2, expect.stringContaining('Nothing was taken')]);
});
