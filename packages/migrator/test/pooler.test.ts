import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities } from '@reference/local-postgres';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { migrate } from '../src/index.ts';
import { run } from './command.ts';
import { useEmptyDatabase } from './fresh-database.ts';
import { MigrationsFolder } from './migrations-folder.ts';

// Servers and processes take seconds to start on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
  existsSync,
);

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** PgBouncer before every database of a server; gone when the test is over. */
const startPooler = async (
  target: string,
  mode: 'transaction' | 'session' | 'statement',
  size = 4,
): Promise<string> => {
  const url = new URL(target);
  const folder = await mkdtemp(join(tmpdir(), 'migrator-pooler-'));
  await chmod(folder, 0o777);
  const port = await freePort();
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${url.hostname} port=${url.port} user=${decodeURIComponent(url.username)} password=${decodeURIComponent(url.password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${size}
`,
  );
  // It refuses to run as root.
  const asRoot = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(PGBOUNCER ?? '', [...asRoot, join(folder, 'pgbouncer.ini')], {
    stdio: 'ignore',
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
    await rm(folder, { recursive: true, force: true });
  });
  for (let tries = 0; tries < 200 && !(await answers(port)); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  url.port = String(port);
  url.hostname = '127.0.0.1';
  return url.href;
};

describe.skipIf(!capabilities.concurrency || !PGBOUNCER)('a pooler', () => {
  const database = useEmptyDatabase();
  const files = [{ name: '0000_a', sql: 'create table a (id integer);' }];

  test('in transaction mode is refused with exit 2, without the password, and nothing is run', async () => {
    expect(execFileSync(PGBOUNCER ?? '', ['--version']).toString()).toContain('PgBouncer');
    const folder = await MigrationsFolder.create(files);
    onTestFinished(() => folder.remove());
    const url = await startPooler(database.url, 'transaction');
    const { code, err } = await run(['migrate', '--folder', folder.path, '--url', url]);
    expect(code).toBe(2);
    expect(err).toContain('connection pooler in transaction mode');
    expect(err).not.toContain(`:${new URL(url).password}@`);
    const direct = await migrate(database.url, { folder: folder.path });
    expect(direct.applied).toHaveLength(1);
  });

  test('in session mode works: the backend is the runner’s own', async () => {
    const folder = await MigrationsFolder.create(files);
    onTestFinished(() => folder.remove());
    const url = await startPooler(database.url, 'session');
    expect((await migrate(url, { folder: folder.path })).applied).toHaveLength(1);
  });

  test('in statement mode is refused with exit 2 by every command that needs a transaction', async () => {
    const folder = await MigrationsFolder.create(files);
    onTestFinished(() => folder.remove());
    const url = await startPooler(database.url, 'statement');
    for (const command of ['migrate', 'rollback', 'baseline', 'repair', 'drift', 'verify']) {
      const { code, err } = await run([command, '--folder', folder.path, '--url', url]);
      expect(`${command} ${code}`, err).toBe(`${command} 2`);
      expect(err).toContain('connection pooler in statement mode');
      expect(err).not.toContain(`:${new URL(url).password}@`);
    }
  });

  test('in session mode with one backend for each database serves a run and drift', async () => {
    const folder = await MigrationsFolder.create(files);
    onTestFinished(() => folder.remove());
    const url = await startPooler(database.url, 'session', 1);
    const command = async (name: string) => {
      const { code, out, err } = await run([name, '--folder', folder.path, '--url', url]);
      return `${name} ${code} ${err}${out}`;
    };
    expect(await command('migrate')).toMatch(/^migrate 0 /);
    expect(await command('status')).toMatch(/^status 0 /);
    expect(await command('drift')).toMatch(/^drift 0 /);
  });

  test('in session mode whose one backend is taken ends with a reason', async () => {
    const folder = await MigrationsFolder.create(files);
    onTestFinished(() => folder.remove());
    const url = await startPooler(database.url, 'session', 1);
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('select 1');
    const { code, err } = await run(['drift', '--folder', folder.path, '--url', url]);
    await holder.end();
    expect(code).toBe(1);
    expect(err).toContain('its connection pool is exhausted');
  });
});
