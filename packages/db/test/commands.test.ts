import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { getUserByEmail, issueSession, verifySession } from '../src/queries/auth.ts';
import { addUser } from './people.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

// Each command starts a process of its own, which compiles TypeScript first.
vi.setConfig({ testTimeout: 60_000 });

/** Runs a command as a person would, and gives what they would see. */
function run(script: string, args: string[], databaseUrl: string | undefined) {
  const { DATABASE_URL: _, ...environment } = process.env;
  const env =
    databaseUrl === undefined ? environment : { ...environment, DATABASE_URL: databaseUrl };
  const file = new URL(`../src/${script}`, import.meta.url).pathname;
  // The package's folder, where `tsx` is found, wherever the tests were started.
  const cwd = new URL('..', import.meta.url);
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const node = ['--import', 'tsx', file, ...args];
    execFile(process.execPath, node, { env, cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const secret = 'Sup3rSecret';
const wrongUrls: [string, string | undefined, RegExp][] = [
  ['missing', undefined, /DATABASE_URL is missing/],
  ['malformed', `mysql://me:${secret}@localhost/x`, /DATABASE_URL is not a URL/],
  ['of a server that is down', `postgres://me:${secret}@127.0.0.1:1/x`, /127\.0\.0\.1:1/],
];

describe('promote-admin', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace.close());

  test('makes an administrator once, and ends the sessions of the former role', async () => {
    const { db, url } = workspace;
    const userId = await addUser(db, 'ada@example.com');
    const before = await issueSession(db, { userId });
    const first = await run('promote-admin.ts', ['ADA@example.com'], url);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('now an administrator');
    expect(await getUserByEmail(db, { email: 'ada@example.com' })).toMatchObject({ role: 'ADMIN' });
    expect(await verifySession(db, before)).toBeUndefined();

    const after = await issueSession(db, { userId });
    const second = await run('promote-admin.ts', ['ada@example.com'], url);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('already') });
    expect(await verifySession(db, after)).toMatchObject({ role: 'ADMIN' });
  });

  test('exits 1 with a clear line for an unknown address, and for none', async () => {
    const unknown = await run('promote-admin.ts', ['nobody@example.com'], workspace.url);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toBe(
      'No user has the address nobody@example.com. Check the spelling.\n',
    );
    const none = await run('promote-admin.ts', [], workspace.url);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("missing required argument 'email'");
  });

  test.each(wrongUrls)('exits 1 with one line when DATABASE_URL is %s', async (_, url, message) => {
    const { code, stderr } = await run('promote-admin.ts', ['ada@example.com'], url);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain(secret);
  });
});
