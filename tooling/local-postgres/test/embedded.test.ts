import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentRun, startEmbedded } from '../src/index.ts';

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

// Where the run is embedded itself: once is enough.
describe.skipIf(currentRun()?.source !== 'embedded')('an embedded Postgres', () => {
  test('databases share nothing, and keep their data between runs', {
    timeout: 120_000,
  }, async () => {
    const databases = ['one', 'two'];
    const first = await startEmbedded({ dataDir, databases });
    await query(first.urls.one, 'create table notes as select 1 as id');
    await expect(query(first.urls.two, 'select id from notes')).rejects.toThrow(/does not exist/);
    await first.close();
    const second = await startEmbedded({ dataDir, databases });
    expect(await query(second.urls.one, 'select id from notes')).toEqual([{ id: 1 }]);
    await second.close();
  });

  test('a taken port is an error', { timeout: 120_000 }, async () => {
    const holder = await startEmbedded({ dataDir, databases: ['one'] });
    const port = Number(new URL(holder.urls.one ?? '').port);
    const other = join(dataDir, 'elsewhere');
    await expect(startEmbedded({ dataDir: other, port, databases: ['one'] })).rejects.toThrow(
      /EADDRINUSE/,
    );
    await holder.close();
  });

  test('connections get each their own rows, though they share a session', {
    timeout: 120_000,
  }, async () => {
    const { urls, close } = await startEmbedded({ dataDir, databases: ['one'] });
    const clients = [1, 2, 3].map(() => postgres(urls.one ?? '', { max: 1 }));
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
    await close();
  });

  test('a connection lost in the middle of a statement leaves the others theirs', {
    timeout: 120_000,
  }, async () => {
    const { urls, close } = await startEmbedded({ dataDir, databases: ['one'] });
    const { hostname, port } = new URL(urls.one ?? '');
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
      expect(await query(urls.one, 'select 2 as id')).toEqual([{ id: 2 }]);
      idle.destroy();
    }
    await close();
  });
});

/** A message of the protocol: its type, its length, its body. */
const message = (type: string, body: string) =>
  `${type}\0\0\0${String.fromCharCode(body.length + 4)}${body}`;
