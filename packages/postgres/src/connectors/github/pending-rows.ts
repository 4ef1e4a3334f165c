import { transaction } from '@reference/kit';
import { sql } from 'drizzle-orm';
import type { PostgresDatabase, PostgresTransaction } from '../../queries/database.ts';
import { addResults, noRows, type UpsertResult } from '../../queries/entity/upsert.ts';
import type { GithubDeliveries } from '../../schemas/github.data.ts';
import {
  deliveriesOf,
  type MergedRow,
  type MergeRules,
  mergeRows,
  rowOf,
  storedRow,
} from './merge-deliveries.ts';

/** The part of a table's entity that the merge uses. */
export interface MergedEntity<Row> {
  readonly fields: readonly string[];
  problemOf(row: Row): string | undefined;
  lockMany(
    tx: PostgresTransaction,
    connectorConfigId: string,
    ids: readonly string[],
  ): Promise<readonly { readonly deliveries: GithubDeliveries | null }[]>;
  upsert(
    db: PostgresDatabase,
    connectorConfigId: string,
    rows: readonly Row[],
  ): Promise<UpsertResult>;
}

const flushAt = 5_000;
const lockedAtOnce = 1_000;

/**
 * Deliveries on their way into one table. It merges those of one key with each other and with the
 * stored row, so that their order does not matter.
 */
export class PendingRows<Row extends Readonly<Record<string, unknown>>> {
  readonly #db: PostgresDatabase;
  readonly #connectorConfigId: string;
  readonly #entity: MergedEntity<Row>;
  readonly #rules: MergeRules;
  #rows = new Map<string, MergedRow>();
  #result = noRows;

  constructor(
    db: PostgresDatabase,
    connectorConfigId: string,
    entity: MergedEntity<Row>,
    rules: Omit<MergeRules, 'fields'>,
  ) {
    this.#db = db;
    this.#connectorConfigId = connectorConfigId;
    this.#entity = entity;
    this.#rules = { ...rules, fields: entity.fields.filter((field) => field !== 'deliveries') };
  }

  /** @returns why the table refuses the row, which is then skipped */
  async add(row: Row, completeness = 0): Promise<string | undefined> {
    const problem = this.#entity.problemOf(row);
    if (problem !== undefined) return problem;
    const delivered = rowOf(this.#rules, { ...row }, completeness);
    const key = String(delivered.fields[this.#rules.key]);
    const earlier = this.#rows.get(key);
    this.#rows.set(key, earlier ? mergeRows(this.#rules, earlier, delivered) : delivered);
    if (this.#rows.size >= flushAt) await this.#flush();
    return undefined;
  }

  async close(): Promise<UpsertResult> {
    await this.#flush();
    return this.#result;
  }

  async #flush(): Promise<void> {
    const rows = [...this.#rows];
    this.#rows = new Map();
    for (let start = 0; start < rows.length; start += lockedAtOnce) {
      const some = new Map(rows.slice(start, start + lockedAtOnce));
      const result = await transaction(this.#db, (tx) => this.#write(tx, some));
      this.#result = addResults(this.#result, result);
    }
  }

  async #write(tx: PostgresTransaction, rows: Map<string, MergedRow>): Promise<UpsertResult> {
    // A missing row cannot be locked, so ingests of one connection take turns.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`github ingest ${this.#connectorConfigId}`}, 0))`,
    );
    const stored = await this.#entity.lockMany(tx, this.#connectorConfigId, [...rows.keys()]);
    for (const { deliveries, ...row } of stored) {
      const before = storedRow(this.#rules, row, deliveries);
      const key = String(before.fields[this.#rules.key]);
      const delivered = rows.get(key);
      if (delivered) rows.set(key, mergeRows(this.#rules, before, delivered));
    }
    const merged = [...rows.values()].map((row) => ({
      ...row.fields,
      deliveries: deliveriesOf(this.#rules, row),
    }));
    // The fields are those of rows that `problemOf` has passed.
    return this.#entity.upsert(tx, this.#connectorConfigId, merged as unknown as Row[]);
  }
}
