import { answerOnce } from '@reference/kit/idempotency';
import { capabilities } from '@reference/local-postgres';
import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import { backendOf, openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const addEffect = (db: Db, key: string, name: string) =>
  answerOnce(db, { scope: 'addEffect ada', key, request: { name } }, async (tx) => {
    const id = crypto.randomUUID();
    await tx.execute(raw`insert into effects (id, name) values (${id}, ${name})`);
    return { id };
  });

describe.skipIf(!capabilities.concurrency)('a request whose server is lost', () => {
  let workspace: Workspace;
  let racers: Racers;
  beforeAll(async () => {
    workspace = await openWorkspace();
    await workspace.sql`create table effects (id uuid primary key, name text not null)`;
    racers = openRacers(workspace, 1);
  });
  afterAll(async () => {
    await racers.close();
    await workspace.close();
  });

  test('the server lost at any of its statements: the retry runs it, and it is done once', async () => {
    const [victim] = racers.connections;
    if (!victim) throw new Error('No connection.');
    for (let round = 0; round < 12; round += 1) {
      await workspace.sql`truncate effects`;
      const pid = await backendOf(victim);
      const kill = new Promise((resolve) => setTimeout(resolve, round * 0.7)).then(
        () => workspace.sql`select pg_terminate_backend(${pid})`,
      );
      await addEffect(victim, `lost ${round}`, 'red').catch(() => undefined);
      await kill;
      const { answer } = await addEffect(workspace.db, `lost ${round}`, 'red');
      const stored = await workspace.sql`select id from effects`;
      expect(stored).toEqual([{ id: answer.id }]);
    }
  });
});
