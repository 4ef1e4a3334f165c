import {
  mapConstraints,
  NotFoundError,
  runReplanned,
  runScript,
  transaction,
} from '@reference/kit';
import type { PostgresDatabase, PostgresTransaction } from '../database.ts';
import { chunksOf } from './batch.ts';
import { encodeBatch, type Part } from './encode-batch.ts';
import type { EntityColumns } from './entity-columns.ts';
import { findUnstorableText, type PlacedRows, type Row } from './row-checker.ts';
import { upsertStatement } from './upsert-statement.ts';

/** The counts of one call's rows. A key given twice counts once per 2,000 rows. */
export interface UpsertResult {
  readonly inserted: number;
  readonly updated: number;
  /** Equal to the stored row, or older: not written, `updated_at` kept. */
  readonly unchanged: number;
}

/**
 * From this many rows on the server keeps the statement and its plan. Rows that omit different
 * fields come in small groups, each with a statement of its own, which the server must not hoard.
 */
const rowsToKeep = 500;

/** The result of a call without rows. */
export const noRows: UpsertResult = { inserted: 0, updated: 0, unchanged: 0 };

/**
 * Upserts any number of rows in one transaction, 2,000 a statement. `upsertRows` of the kit fits
 * any table; this one also rejects older deliveries, leaves equal rows unlocked and reads streams.
 * It throws the server's refusal of one batch once the next one has been read, or the source has
 * ended.
 *
 * @throws InvalidInputError naming the row and the field; nothing is written then
 * @throws NotFoundError when there is no such connection
 */
export async function upsertVendorRows(
  db: PostgresDatabase,
  entity: EntityColumns,
  connectorConfigId: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<UpsertResult> {
  return transaction(
    db,
    async (tx) => {
      const restore = await leaveOnePlan(tx);
      const result = await writeAll(tx, entity, connectorConfigId, rows);
      await restore();
      return result;
    },
    // A stream cannot be read twice, so only its owner can retry.
    { retries: Array.isArray(rows) ? undefined : 0 },
  );
}

/**
 * Leaves the planner one plan: each stored row sought in the order of the primary key, which needs
 * no sorting. A table that autovacuum analyzed before its first rows were committed looks empty to
 * the planner, however it grows. Then any index that starts with the connection looks as good, a
 * shallower one better, and every incoming row would read all of the connection's. A plan that
 * sorts its result, as this one does, then looks so expensive that the server would compile it, so
 * JIT is off too.
 *
 * With one plan left, it is generic and is kept from the first call on. A custom plan would pass a
 * megabyte of JSON through the planner.
 *
 * @returns a function that resets the settings, for a caller who goes on in the same transaction
 */
async function leaveOnePlan(tx: PostgresTransaction): Promise<() => Promise<void>> {
  const names = Object.keys(onePlan);
  const [[before] = []] = await runScript(
    tx,
    `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}; ${setLocal(onePlan)}`,
  );
  return async () => {
    await runScript(tx, setLocal(Object.fromEntries(names.map((name) => [name, before?.[name]]))));
  };
}

const onePlan = { enable_sort: 'off', jit: 'off', plan_cache_mode: 'force_generic_plan' };

/** A statement that holds only names and the server's own words. */
const setLocal = (settings: Readonly<Record<string, unknown>>) =>
  Object.entries(settings)
    .map(([name, value]) => `set local ${name} = ${value}`)
    .join('; ');

async function writeAll(
  tx: PostgresTransaction,
  entity: EntityColumns,
  connectorConfigId: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<UpsertResult> {
  let result = noRows;
  let start = 0;
  // The server writes one part while this process checks and encodes the next, and sends it before
  // the first is done, so that the server need not wait.
  let writing = Promise.resolve(noRows);
  try {
    for await (const chunk of chunksOf(rows)) {
      const batch = await encodeBatch(entity, chunk, start);
      for (const part of batch.parts) {
        const before = writing;
        writing = writePart(tx, entity, connectorConfigId, batch, part);
        // Its failure is handled when it is awaited; until then it must not count as unhandled.
        writing.catch(() => {});
        result = addResults(result, await before);
      }
      start += chunk.length;
    }
    return addResults(result, await writing);
  } catch (error) {
    await writing.catch(() => {});
    throw error;
  }
}

async function writePart(
  tx: PostgresTransaction,
  entity: EntityColumns,
  connectorConfigId: string,
  from: PlacedRows,
  { fields, json, rows }: Part,
): Promise<UpsertResult> {
  const statement = upsertStatement(entity, fields)(json, connectorConfigId);
  const [counts] = await mapConstraints(
    () => (rows < rowsToKeep ? runReplanned(tx, statement) : tx.execute(statement)),
    {
      [`${entity.table}_connector_config_id_fkey`]: () =>
        new NotFoundError(`There is no connection ${connectorConfigId}. Nothing was written.`),
    },
  ).catch((error: unknown) => {
    throw findUnstorableText(entity, from) ?? error;
  });
  const inserted = Number(counts?.inserted);
  const updated = Number(counts?.updated);
  return { inserted, updated, unchanged: rows - inserted - updated };
}

/** Adds the results of two calls. */
export function addResults(a: UpsertResult, b: UpsertResult): UpsertResult {
  return {
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
  };
}
