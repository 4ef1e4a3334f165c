import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinaries } from '../src/embedded/binaries.ts';
import { digest, takeFolder } from '../src/embedded/folder.ts';
import { currentRun, startEmbedded } from '../src/index.ts';
import { type PgliteDatabase, servePglite } from '../src/pglite.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function query(url: string | undefined, statement: string) {
  const sql = postgres(url ?? '', { max: 1 });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

describe('databases without Docker', { timeout: 240_000 }, () => {
  const names = { databases: ['one', 'two'], vectorDatabases: ['near'] };

  test('share nothing, keep their data, and one has pgvector', async () => {
    const first = await startEmbedded({ dataDir, ...names });
    await query(first.urls.one, 'create table notes as select 1 as id');
    await expect(query(first.urls.two, 'select id from notes')).rejects.toThrow(/does not exist/);
    await query(first.urls.near, 'create extension vector');
    const [near] = await query(first.urls.near, "select '[1,2]'::vector <-> '[1,4]' as distance");
    expect(near).toEqual({ distance: 2 });
    await expect(startEmbedded({ dataDir, ...names })).rejects.toThrow(
      new RegExp(`Process ${process.pid} uses the databases in`),
    );
    await first.close();
    await mkdir(join(dataDir, 'of-an-older-version'));
    const second = await startEmbedded({ dataDir, ...names });
    expect(await query(second.urls.one, 'select id from notes')).toEqual([{ id: 1 }]);
    expect(second.unused).toEqual([join(dataDir, 'of-an-older-version')]);
    await second.close();
  });

  test('say what serves them', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'embedded-copy-'));
    await chmod(copy, 0o711);
    const binaries = await findBinaries(async () => copy);
    const embedded = await startEmbedded({ databases: ['one'], vectorDatabases: ['near'] });
    if ('missing' in binaries) {
      expect(embedded).toMatchObject({ onPglite: ['one', 'near'] });
      expect(embedded.description).toContain(binaries.missing);
    } else {
      expect(embedded.onPglite).toEqual(binaries.vector ? [] : ['near']);
      expect(embedded.description).toContain(`PostgreSQL ${binaries.version}`);
    }
    await embedded.close();
    await rm(copy, { recursive: true });
  });

  test('forgets what it kept', async () => {
    const embedded = await startEmbedded({ dataDir, ...names, reset: true });
    await expect(query(embedded.urls.one, 'select id from notes')).rejects.toThrow(/not exist/);
    expect(embedded.unused).toEqual([]);
    await embedded.close();
    expect(existsSync(join(dataDir, 'process'))).toBe(false);
  });
});

/** A program with a database in this folder, once it serves. */
async function startProgram(folder: string) {
  const script = fileURLToPath(new URL('fixture/serves.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, url: String(line).trim() };
}

test('what looks after a killed program leaves the next one its server', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(dataDir, 'killed-'));
  const first = await startProgram(folder);
  await query(first.url, 'create table notes as select 1 as id');
  first.child.kill('SIGKILL');
  const second = await startProgram(folder);
  // For as long as the first one's sweeper looks for what may still appear.
  for (const end = Date.now() + 4000; Date.now() < end; await setTimeout(100)) {
    expect(await query(second.url, 'select id from notes')).toEqual([{ id: 1 }]);
  }
  second.child.kill('SIGKILL');
  await expect
    .poll(() => query(second.url, 'select 1').catch(() => 'gone'), { timeout: 15_000 })
    .toBe('gone');
});

describe('a data folder', () => {
  test('is taken by one of many at once, also when a killed process left it', async () => {
    for (let round = 0; round < 60; round++) {
      const folder = await mkdtemp(join(dataDir, 'taken-'));
      // The number of a process that runs, which began at another time; it died while it took over from one before.
      const dead = `${process.ppid} long ago`;
      await writeFile(join(folder, 'process'), dead);
      if (round % 2 === 1)
        await writeFile(`${join(folder, 'process')}.after-${digest(dead)}`, dead);
      const results = await Promise.allSettled(
        Array.from({ length: 30 }, () => takeFolder(folder)),
      );
      const taken = results.flatMap((result) =>
        result.status === 'fulfilled' ? result.value : [],
      );
      expect(taken).toHaveLength(1);
      expect(await readFile(join(folder, 'process'), 'utf8')).toMatch(`${process.pid} `);
      await taken[0]?.();
      expect(await readdir(folder)).toEqual([]);
    }
  });
});

// Where the run has nothing but PGlite for some: once is enough.
describe.skipIf(!['embedded', 'pglite'].includes(currentRun()?.source ?? ''))('PGlite', () => {
  let pglite: PgliteDatabase;
  beforeAll(async () => {
    pglite = await servePglite();
  });
  afterAll(() => pglite.close());

  test('connections get each their own rows, though they share a session', {
    timeout: 120_000,
  }, async () => {
    const clients = [1, 2, 3].map(() => postgres(pglite.url, { max: 1 }));
    const ask = async (sql: postgres.Sql, name: string) => {
      for (let round = 0; round < 100; round++) {
        const value = `${name} ${round}`;
        expect(await sql`select ${value}::text as value`).toEqual([{ value }]);
        expect(await sql.unsafe('select $1::text as other', [value])).toEqual([{ other: value }]);
        if (round % 10 === 0) await sql.begin((tx) => tx`select set_config('a.b', ${value}, true)`);
        if (round % 25 === 0) await expect(sql`select 1 / ${0}::int`).rejects.toThrow(/division/);
      }
    };
    await Promise.all(clients.map((sql, index) => ask(sql, `client ${index}`)));
    await Promise.all(clients.map((sql) => sql.end()));
  });

  test('a connection lost in the middle of a statement leaves the others theirs', {
    timeout: 120_000,
  }, async () => {
    const { hostname, port } = new URL(pglite.url);
    const open = async () => {
      const socket = connect(Number(port), hostname);
      const heard = async () => String((await once(socket, 'data'))[0]);
      socket.write(message('', `\0\x03\0\0user\0postgres\0database\0postgres\0\0`));
      while (!(await heard()).includes('Z\0\0\0\x05I'));
      return { socket, heard };
    };
    for (const statement of ['select 1', 'no statement']) {
      const { socket, heard } = await open();
      // Parse and Flush, and never the Sync that would end it.
      socket.write(message('P', `\0${statement}\0\0\0`) + message('H', ''));
      expect(await heard()).toMatch(statement === 'select 1' ? /^1/ : /^E/);
      const silent = open();
      socket.destroy();
      // A connection that says nothing is not taken for the one that left.
      const { socket: idle } = await silent;
      expect(await query(pglite.url, 'select 2 as id')).toEqual([{ id: 2 }]);
      idle.destroy();
    }
  });
});

/** A message of the protocol: its type, its length, its body. */
const message = (type: string, body: string) =>
  `${type}\0\0\0${String.fromCharCode(body.length + 4)}${body}`;
