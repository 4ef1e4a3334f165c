import { runIfDue } from '@reference/kit/cron';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const job = (work: (signal: AbortSignal) => Promise<void> = async () => {}) => ({
  name: 'purge',
  everySeconds: 3600,
  work,
});

describe.skipIf(!capabilities.concurrency)('a recurring job whose connection is lost', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace.close());

  test('the job is told, and another server takes over', async () => {
    const { sql } = workspace;
    const dying = createDb({ url: workspace.url, max: 2, applicationName: 'dying' });
    try {
      let aborted = false;
      let during = '';
      const outcome = await runIfDue(
        dying.db,
        job(async (signal) => {
          const told = new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve());
          });
          await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
          await told;
          aborted = signal.aborted;
          during = await runIfDue(workspace.db, job());
        }),
      ).catch((error: unknown) => error);
      expect(aborted).toBe(true);
      expect(during).toBe('ran');
      // The first one's end does not undo what the second noted.
      expect(outcome).toBe('failed');
    } finally {
      await dying.close();
    }
  });
});
