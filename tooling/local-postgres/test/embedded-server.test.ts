import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinaries } from '../src/embedded/binaries.ts';
import { isAlive } from '../src/embedded/processes.mjs';
import type { Binaries } from '../src/embedded/programs.ts';
import { type ServerProcess, startServerProcess } from '../src/embedded/server.ts';

// Also on a run that uses Docker: the embedded server is a part of this package, not only its fallback.
const scratch = await mkdtemp(join(tmpdir(), 'embedded-server-'));
// For the user whom root runs the programs as, where the folder of the packages is closed to them.
await chmod(scratch, 0o711);
const found = await findBinaries(async () => scratch);

async function query<T extends object>(url: string, statement: string): Promise<T[]> {
  const sql = postgres(url, { max: 1, connect_timeout: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe<T[]>(statement))];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const settings = (url: string) =>
  query<{ name: string; setting: string }>(
    url,
    `select name, setting from pg_settings where name in
      ('TimeZone', 'server_encoding', 'listen_addresses', 'fsync', 'default_text_search_config')
     order by name`,
  ).then((rows) => Object.fromEntries(rows.map(({ name, setting }) => [name, setting])));

describe.skipIf('missing' in found)('an embedded server', () => {
  let binaries: Binaries;
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    if ('missing' in found) throw new Error(found.missing);
    binaries = found;
    folder = join(scratch, 'server');
    server = await startServerProcess(binaries, { folder, durable: true });
  });
  afterAll(async () => {
    await server?.end();
    await rm(scratch, { recursive: true });
  });

  const pidOf = async () =>
    Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  test('is set up as the official image is', async () => {
    expect(await settings(server.url)).toEqual({
      TimeZone: 'Etc/UTC',
      server_encoding: 'UTF8',
      listen_addresses: '127.0.0.1',
      fsync: 'on',
      default_text_search_config: 'pg_catalog.english',
    });
    const [text] = await query(
      server.url,
      `select 'a' < 'B' as by_language, 'é' < 'f' as accents, lower('ÄÖ') as lower,
         datcollversion is not null as versioned, 'été' ~ '^\\w+$' as words
       from pg_database where datname = current_database()`,
    );
    expect(text).toEqual({
      by_language: true,
      accents: true,
      lower: 'äö',
      versioned: true,
      words: true,
    });
  });

  test('lets nobody in without its password', async () => {
    for (const password of ['', 'postgres', randomBytes(16).toString('hex')]) {
      const url = Object.assign(new URL(server.url), { password }).href;
      await expect(query(url, 'select 1')).rejects.toThrow(/password/i);
    }
  });

  test('listens, copies, locks and times out', async () => {
    const [one, two] = [1, 2].map(() => postgres(server.url, { max: 2, onnotice: () => {} }));
    if (!one || !two) throw new Error('no clients');
    try {
      const heard = new Promise((resolve) =>
        one.listen('news', resolve).then(() => two.notify('news', 'x')),
      );
      expect(await heard).toBe('x');
      await one`select pg_advisory_lock(7)`;
      const [lock] = await two`select pg_try_advisory_lock(7) as got`;
      expect(lock?.got).toBe(false);
      await expect(
        two.begin(async (tx) => {
          await tx`set local statement_timeout = 50`;
          await tx`select pg_sleep(5)`;
        }),
      ).rejects.toThrow(/statement timeout/);
    } finally {
      await Promise.all([one.end(), two.end()]);
    }
  });

  test('can be frozen and thawed, with the connections that it has', async () => {
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql`select 1`;
    await server.pause();
    await expect(query(server.url, 'select 1')).rejects.toThrow(/CONNECT_TIMEOUT/);
    const answer = sql`select 2 as id`.execute();
    await expect(
      Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 300, 'silent'))]),
    ).resolves.toBe('silent');
    await server.unpause();
    expect(await answer).toEqual([{ id: 2 }]);
    await sql.end();
  });

  test('is taken over: running, frozen, or dead with its number given to another process', async () => {
    await query(server.url, 'create table kept as select 1 as id');
    for (const state of ['running', 'frozen', 'dead'] as const) {
      const before = await pidOf();
      if (state === 'frozen') await server.pause();
      if (state === 'dead') {
        await server.kill();
        const file = join(folder, 'data', 'postmaster.pid');
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replace(/^\d+/, String(process.ppid)));
      }
      server = await startServerProcess(binaries, { folder, durable: true });
      expect(isAlive(before)).toBe(false);
      expect(isAlive(process.ppid)).toBe(true);
      expect(await query(server.url, 'select id from kept')).toEqual([{ id: 1 }]);
    }
  });

  test('is ended in any state, without a process, a lock or shared memory left', async () => {
    for (const state of ['running', 'frozen', 'dead'] as const) {
      const pid = await pidOf();
      if (state === 'frozen') await server.pause();
      if (state === 'dead') await server.kill();
      await server.end();
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
      server = await startServerProcess(binaries, { folder, durable: true });
    }
  });

  test('that cannot start says why', async () => {
    const other = join(scratch, 'other');
    const start = startServerProcess(binaries, {
      folder: other,
      durable: false,
      settings: { shared_buffers: 'much' },
    });
    await expect(start).rejects.toThrow(/invalid value for parameter "shared_buffers"/);
  });

  test('a cluster cut short is made again', async () => {
    const other = join(scratch, 'other');
    await rm(join(other, 'data'), { recursive: true });
    await mkdir(join(other, 'unfinished', 'data', 'base'), { recursive: true });
    const again = await startServerProcess(binaries, { folder: other, durable: false });
    expect(await settings(again.url)).toMatchObject({ fsync: 'off' });
    await again.end();
  });
});
