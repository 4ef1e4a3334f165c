import { createHash } from 'node:crypto';

/**
 * The names of a project's drizzle bookkeeping: `migrations.schema` and `.table` of drizzle.config.
 */
export interface BookkeepingNames {
  readonly schema?: string;
  readonly table?: string;
}

/** The bookkeeping tables as SQL: qualified and quoted. */
export interface Tables {
  readonly schema: string;
  /** drizzle's own table; drizzle's migrator can read it, and this one drizzle's rows. */
  readonly drizzle: string;
  /** Records that Drizzle's table lacks. Dropping it loses history, never schema. */
  readonly applied: string;
  readonly progress: string;
  /** The same without quotes, for the catalog to leave out. */
  readonly names: { readonly schema: string; readonly relations: readonly string[] };
}

const DEFAULT_TABLE = '__drizzle_migrations';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A second history in the same schema has tables of its own. */
const ownName = (kind: string, table: string): string => {
  if (table === DEFAULT_TABLE) return `__migrator_${kind}`;
  const name = `__migrator_${kind}_${table}`;
  if (Buffer.byteLength(name) <= 63) return name;
  return `__migrator_${kind}_${createHash('sha256').update(table).digest('hex').slice(0, 16)}`;
};

/** The tables of a project; unnamed ones have drizzle's defaults. */
export const tablesOf = (names: BookkeepingNames = {}): Tables => {
  const schema = names.schema || 'drizzle';
  const table = names.table || DEFAULT_TABLE;
  const relations = [table, ownName('applied', table), ownName('progress', table)];
  const [drizzle = '', applied = '', progress = ''] = relations.map(
    (name) => `${quoted(schema)}.${quoted(name)}`,
  );
  return { schema: quoted(schema), drizzle, applied, progress, names: { schema, relations } };
};
