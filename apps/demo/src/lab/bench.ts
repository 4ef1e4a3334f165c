import { createPostgresClient, type PostgresDatabase } from '@ait/postgres';
import { createDb, type Db } from '@pagespace/db';
import { transaction } from '@reference/kit';
import { createTasksClient, type Db as TasksDb } from '@reference/tasks';
import { createTenancy, type TenantTx, withTenant } from '@reference/tenancy';
import type { LabPerson } from './lab-query.ts';
import type { Recorder } from './recorder.ts';

/** Where a query of one package runs: a client of its own, of which every statement is recorded. */
export interface Bench<H> {
  run<T>(work: (handle: H) => Promise<T>): Promise<T>;
  /** Runs `work` and takes back what it changed. */
  undo<T>(work: (handle: H) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Carries a result out of a transaction that must not commit. */
class Undo<T> extends Error {
  readonly result: T;

  constructor(result: T) {
    super('Taken back on purpose.');
    this.result = result;
  }
}

async function undone<T>(inTransaction: (work: (result: T) => never) => Promise<unknown>) {
  try {
    await inTransaction((result) => {
      throw new Undo(result);
    });
  } catch (error) {
    if (error instanceof Undo) return error.result as T;
    throw error;
  }
  throw new Error('The transaction was kept.');
}

export function openDbBench(url: string, recorder: Recorder): Bench<Db> {
  const client = createDb({ url, ...recorder.config });
  return {
    run: (work) => work(client.db),
    undo: (work) => undone((end) => transaction(client.db, async (tx) => end(await work(tx)))),
    close: client.close,
  };
}

export function openTasksBench(url: string, recorder: Recorder): Bench<TasksDb> {
  const client = createTasksClient({ url, ...recorder.config });
  return {
    run: (work) => work(client.db),
    undo: (work) => undone((end) => transaction(client.db, async (tx) => end(await work(tx)))),
    close: client.close,
  };
}

export function openPostgresBench(url: string, recorder: Recorder): Bench<PostgresDatabase> {
  const client = createPostgresClient({ url, ...recorder.config });
  return {
    run: (work) => work(client.db),
    undo: (work) => undone((end) => transaction(client.db, async (tx) => end(await work(tx)))),
    close: client.close,
  };
}

/** @param role see `createTenancy`: where the only login is the superuser */
export async function openTenancyBench(
  { url, role }: { readonly url: string; readonly role: string | undefined },
  { tenantId }: Pick<LabPerson, 'tenantId'>,
  recorder: Recorder,
): Promise<Bench<TenantTx>> {
  const tenancy = await createTenancy({ url, role, ...recorder.config });
  // Statements about the role are not part of the query.
  recorder.take();
  return {
    run: (work) => withTenant(tenancy, tenantId, work),
    undo: (work) =>
      undone((end) => withTenant(tenancy, tenantId, async (tx) => end(await work(tx)))),
    close: tenancy.close,
  };
}
