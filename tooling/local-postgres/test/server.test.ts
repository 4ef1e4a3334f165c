import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capabilities, type PostgresServer, startServer } from '../src/index.ts';

describe.skipIf(!capabilities.ownServer)('startServer, whichever kind this run has', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startServer({ max_connections: 17 });
  });
  afterAll(() => server?.remove());

  async function query(): Promise<string> {
    const sql = postgres(server.url, { max: 1, connect_timeout: 1, onnotice: () => {} });
    try {
      await sql`create table if not exists kept (id int)`;
      await sql`insert into kept values (1)`;
      const [row] = await sql<{ line: string }[]>`
        select current_setting('max_connections') || ' ' || count(*) as line from kept`;
      return row?.line ?? '';
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async function queryOnceUp(): Promise<string> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      try {
        return await query();
      } catch {
        await setTimeout(100);
      }
    }
    throw new Error('the server did not come back');
  }

  test('keeps its address, settings and data over a kill and a restart', async () => {
    expect(await query()).toBe('17 1');
    await server.kill();
    await expect(query()).rejects.toThrow();
    await server.start();
    expect(await queryOnceUp()).toBe('17 2');
    await server.restart();
    expect(await queryOnceUp()).toBe('17 3');
  });

  test('can be frozen and thawed', async () => {
    await server.pause();
    await expect(query()).rejects.toThrow(/CONNECT_TIMEOUT/);
    await server.unpause();
    expect(await query()).toMatch(/^17 /);
  });

  test('says that a server process crashed', async () => {
    expect(await server.crashes()).toEqual([]);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql`copy (select 1) to program 'kill -SEGV $PPID'`.catch(() => {});
    await sql.end({ timeout: 1 });
    await queryOnceUp();
    expect(await server.crashes()).toEqual([expect.stringMatching(/was terminated by signal 11/)]);
  });
});
