import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const binary = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(
  existsSync,
);

/** Whether a test with PgBouncer can run here. In CI it must: there a missing binary is a failure. */
export const hasPgBouncer = binary !== undefined || Boolean(process.env.CI);

/**
 * A PgBouncer in transaction mode in front of a server, with two server connections for all clients.
 * @param target the URL of a login role
 * @returns the same URL through PgBouncer
 */
export async function startPgBouncer(
  target: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (!binary) throw new Error('PgBouncer is not installed: apt-get install pgbouncer.');
  const url = new URL(target);
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await writeFile(join(directory, 'users.txt'), `"${url.username}" "${url.password}"\n`);
  await writeFile(
    join(directory, 'pgbouncer.ini'),
    `[databases]
* = host=${url.hostname} port=${url.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(directory, 'users.txt')}
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
ignore_startup_parameters = extra_float_digits, statement_timeout, client_connection_check_interval, options
`,
  );
  await chmod(directory, 0o755);
  // PgBouncer refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn(binary, [join(directory, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...asNobody,
  });
  const log: string[] = [];
  child.stderr.on('data', (data: Buffer) => log.push(data.toString()));
  await listening(port, child, log);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

async function listening(port: number, child: ChildProcess, log: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${log.join('')}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`PgBouncer did not listen: ${log.join('')}`);
}
