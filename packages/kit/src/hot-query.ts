/**
 * A query whose plans are held to its indexes. A test runs it in a seeded database: none of its
 * statements may have a forbidden node, and its cost may not grow faster than declared.
 */
export interface HotQuery<Handle, Sample> {
  readonly name: string;
  readonly run: (handle: Handle, sample: Sample) => Promise<unknown>;
  /** A node type as EXPLAIN names it, alone or with a table: `Sort`, `Seq Scan on pages`. */
  readonly forbidden: readonly string[];
  /** The most statements that one call sends: one more would be a query for each row. */
  readonly statements: number;
  /** How many times the pages read may grow when the rows grow tenfold; 4 unless given. */
  readonly growth?: number;
  /** The most rows that filters may throw away for each row that the answer gives; 50 unless given. */
  readonly removed?: number;
}

/** The plan nodes that no hot query may have. */
export const scanOrSort = ['Seq Scan', 'Sort', 'Incremental Sort'] as const;
