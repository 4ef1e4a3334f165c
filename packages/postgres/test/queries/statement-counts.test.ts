import { openStatementCounter } from '@reference/audit/testing';
import { capabilities } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { createPostgresClient } from '../../src/postgres.client.ts';
import { upsertGithubPullRequests } from '../../src/queries/vendors/upserts.worker.ts';
import { connect, openDatabase } from '../database.ts';
import { pullRequest } from '../rows.ts';

test.skipIf(!capabilities.concurrency)(
  'two hundred pull requests are stored by as many statements as one',
  async () => {
    const database = await openDatabase();
    const { connectorConfigId } = await connect(database.db);
    const counter = await openStatementCounter(database.url);
    const { db, close } = createPostgresClient({ url: counter.url, max: 1 });
    const storing = (rows: number) =>
      counter.during(() =>
        upsertGithubPullRequests(
          db,
          connectorConfigId,
          Array.from({ length: rows }, (_, n) => pullRequest(`pr-${n}`)),
        ),
      );
    const one = await storing(1);
    expect(one.length).toBeLessThanOrEqual(2);
    expect(await storing(200)).toHaveLength(one.length);
    await close();
    await counter.close();
    await database.close();
  },
);
