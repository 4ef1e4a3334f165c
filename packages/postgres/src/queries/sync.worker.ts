import { ForbiddenError, mapConstraints, NotFoundError, transaction } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { connectorConfigs, connectorSyncStates, type SyncCursor } from '../schemas/index.ts';
import { markConnectionActive } from './connections.worker.ts';
import type { PostgresDatabase, PostgresTransaction } from './database.ts';
import { addResults, noRows, type UpsertResult } from './entity/upsert.ts';

/** An entity, such as `github.pull_request`, of a connection. */
export interface SyncTarget {
  readonly connectorConfigId: string;
  readonly entity: string;
}

/** One page of a vendor's listing. */
export interface VendorPage<Row> {
  readonly rows: readonly Row[];
  /** Where the next page, or the next run, starts. */
  readonly cursor: SyncCursor;
  readonly isLast: boolean;
}

/** The functions that fetch and store an entity. */
export interface SyncWork<Row> {
  /** Fetches a page from the vendor; null is the beginning. It runs while the entity is locked. */
  readonly fetchPage: (cursor: SyncCursor | null) => Promise<VendorPage<Row>>;
  /** An `upsert…` of the vendor's module. */
  readonly store: (
    tx: PostgresTransaction,
    connectorConfigId: string,
    rows: readonly Row[],
  ) => Promise<UpsertResult>;
}

/** `busy`: another worker has this entity; nothing was done. */
export type SyncPageResult =
  | { readonly status: 'busy' }
  | { readonly status: 'more' | 'done'; readonly rows: number; readonly result: UpsertResult };

/**
 * Fetches and stores one page, and moves the cursor, in one transaction under the entity's lock
 * (`for update skip locked`). If it is killed, the cursor and rows of the page before stay, and the
 * next call fetches the same page again.
 *
 * @throws NotFoundError when there is no such connection
 * @throws ForbiddenError when the connection is revoked or switched off
 */
export async function syncPage<Row>(
  db: PostgresDatabase,
  target: SyncTarget,
  work: SyncWork<Row>,
): Promise<SyncPageResult> {
  await addSyncState(db, target);
  return transaction(db, async (tx) => {
    const state = await lockSyncState(tx, target);
    if (!state) return { status: 'busy' };
    const page = await work.fetchPage(state.cursor);
    const result = await work.store(tx, target.connectorConfigId, page.rows);
    await tx
      .update(connectorSyncStates)
      .set({
        cursor: page.cursor,
        rowsSeen: sql`${connectorSyncStates.rowsSeen} + ${page.rows.length}`,
        lastError: null,
        ...(page.isLast && { lastSyncedAt: new Date() }),
      })
      .where(eq(connectorSyncStates.id, state.id));
    if (page.isLast) await markConnectionActive(tx, target);
    return { status: page.isLast ? 'done' : 'more', rows: page.rows.length, result };
  });
}

/** The result of a run. */
export interface SyncSummary extends UpsertResult {
  /** `busy`: another worker has this entity, or took it over between two pages. */
  readonly status: 'done' | 'busy';
  readonly pages: number;
  readonly rows: number;
}

/**
 * Runs `syncPage` from the stored cursor to the last page.
 * A failure is recorded in `last_error` and thrown; stored pages stay.
 *
 * @throws what `syncPage`, `fetchPage` or `store` throw
 */
export async function runSync<Row>(
  db: PostgresDatabase,
  target: SyncTarget,
  work: SyncWork<Row>,
): Promise<SyncSummary> {
  let summary = { pages: 0, rows: 0, ...noRows };
  try {
    for (;;) {
      const page = await syncPage(db, target, work);
      if (page.status === 'busy') return { status: 'busy', ...summary };
      summary = {
        pages: summary.pages + 1,
        rows: summary.rows + page.rows,
        ...addResults(summary, page.result),
      };
      if (page.status === 'done') return { status: 'done', ...summary };
    }
  } catch (error) {
    await recordSyncError(db, target, error);
    throw error;
  }
}

async function addSyncState(db: PostgresDatabase, target: SyncTarget): Promise<void> {
  await mapConstraints(() => db.insert(connectorSyncStates).values(target).onConflictDoNothing(), {
    connector_sync_states_connector_config_id_fkey: () => missing(target),
  });
}

async function lockSyncState(tx: PostgresTransaction, target: SyncTarget) {
  // Locks the connection before its state, in the order in which disconnecting deletes them.
  await tx.execute(
    sql`select 1 from ${connectorConfigs} where ${connectorConfigs.id} = ${target.connectorConfigId} for key share`,
  );
  const [state] = await tx
    .select({
      id: connectorSyncStates.id,
      cursor: connectorSyncStates.cursor,
      status: connectorConfigs.status,
      isEnabled: connectorConfigs.isEnabled,
    })
    .from(connectorSyncStates)
    .innerJoin(connectorConfigs, eq(connectorConfigs.id, connectorSyncStates.connectorConfigId))
    .where(ofTarget(target))
    .limit(1)
    .for('update', { of: connectorSyncStates, skipLocked: true });
  if (state?.status === 'revoked') {
    throw new ForbiddenError(`Connection ${target.connectorConfigId} was revoked. Connect again.`);
  }
  if (state && !state.isEnabled) {
    throw new ForbiddenError(`Connection ${target.connectorConfigId} is switched off.`);
  }
  return state;
}

/** Stores only the message, out of which the author of `fetchPage` keeps tokens. */
async function recordSyncError(
  db: PostgresDatabase,
  target: SyncTarget,
  error: unknown,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await db
    .update(connectorSyncStates)
    .set({ lastError: [...message.replaceAll('\0', '')].slice(0, 1000).join('') })
    .where(ofTarget(target))
    // Reports the first failure, because a lost server fails this statement too.
    .catch(() => undefined);
}

const ofTarget = ({ connectorConfigId, entity }: SyncTarget) =>
  and(
    eq(connectorSyncStates.connectorConfigId, connectorConfigId),
    eq(connectorSyncStates.entity, entity),
  );

const missing = (target: SyncTarget) =>
  new NotFoundError(`There is no connection ${target.connectorConfigId}.`);
