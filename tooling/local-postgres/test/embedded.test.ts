import { mkdtemp, rm } from 'node:fs/promises';
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
});
