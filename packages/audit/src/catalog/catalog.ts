/** Facts about tables that only a running database has. */
export interface CatalogTable {
  readonly id: string;
  readonly rows: number;
  readonly bytes: number;
  readonly deadRows: number;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  readonly owner: string;
  readonly partitioned: boolean;
  readonly partition: boolean;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  readonly sequentialScans: number;
  readonly indexScans: number;
  readonly analyzed: boolean;
  readonly modifiedSinceAnalyze: number;
}

export interface CatalogIndex {
  readonly name: string;
  readonly table: string;
  readonly definition: string;
  readonly valid: boolean;
  readonly scans: number;
  readonly bytes: number;
  readonly constraint: boolean;
  readonly unique: boolean;
}

export interface CatalogSequence {
  readonly name: string;
  /** The `table.column` that it fills. */
  readonly feeds?: string | undefined;
  readonly last: number;
  readonly max: number;
}

export interface CatalogRole {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly canLogin: boolean;
}

export interface CatalogColumnStatistics {
  readonly table: string;
  readonly column: string;
  /** As in pg_stats: the number of distinct values, or minus their share of the rows. */
  readonly distinct: number;
  readonly commonValues: readonly string[];
}

/** A column whose statistics target is not the server's default. */
export interface CatalogTarget {
  readonly table: string;
  readonly column: string;
  readonly target: number;
}

export interface SampledColumn {
  readonly table: string;
  readonly column: string;
  /** How many of the sampled values look neither hashed nor sealed. */
  readonly plain: number;
  readonly sampled: number;
}

export interface Catalog {
  readonly version: number;
  readonly tables: readonly CatalogTable[];
  readonly indexes: readonly CatalogIndex[];
  readonly sequences: readonly CatalogSequence[];
  readonly roles: readonly CatalogRole[];
  readonly statistics: readonly CatalogColumnStatistics[];
  readonly unvalidated: readonly { readonly table: string; readonly name: string }[];
  /** Tables with a trigger that fires on UPDATE before the row is written. */
  readonly updateTriggers: ReadonlySet<string>;
  readonly sampled: readonly SampledColumn[];
  readonly targets: readonly CatalogTarget[];
  /** Days since the usage statistics were reset; undefined if unknown. */
  readonly statisticsDays?: number | undefined;
}
