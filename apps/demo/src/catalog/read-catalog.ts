import type { Client } from '@reference/kit';
import { z } from 'zod';
import { catalogQuery } from './catalog-query.ts';

const column = z.object({
  name: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  default: z.string().nullable(),
  generated: z.boolean(),
  comment: z.string().nullable(),
});

/** pg_constraint's letters: p(rimary key), u(nique), f(oreign key), c(heck), x (exclusion), t(rigger). */
const constraint = z.object({
  name: z.string(),
  kind: z.enum(['p', 'u', 'f', 'c', 'x', 't']),
  definition: z.string(),
  columns: z.array(z.string()),
  foreignTable: z.string().nullable(),
  foreignColumns: z.array(z.string()),
  onDelete: z.string().nullable(),
});

const index = z.object({
  name: z.string(),
  definition: z.string(),
  method: z.string(),
  unique: z.boolean(),
  primary: z.boolean(),
  valid: z.boolean(),
  partial: z.boolean(),
  bytes: z.number(),
});

const policy = z.object({
  name: z.string(),
  command: z.enum(['all', 'select', 'insert', 'update', 'delete']),
  permissive: z.boolean(),
  roles: z.array(z.string()),
  using: z.string().nullable(),
  check: z.string().nullable(),
});

const table = z.object({
  name: z.string(),
  comment: z.string().nullable(),
  /** The planner's estimate; null before the first ANALYZE. */
  rowEstimate: z.number().nullable(),
  /** With its indexes, its TOAST and its partitions. */
  bytes: z.number(),
  partitionedBy: z.string().nullable(),
  partitions: z.number(),
  rowSecurity: z.enum(['off', 'enabled', 'forced']),
  columns: z.array(column),
  constraints: z.array(constraint),
  indexes: z.array(index),
  policies: z.array(policy),
  triggers: z.array(z.object({ name: z.string(), definition: z.string() })),
});

const answer = z.tuple([z.object({ tables: z.array(table) })]);

/** A table as the database describes it. */
export type CatalogTable = z.output<typeof table>;
export type CatalogConstraint = z.output<typeof constraint>;

/** Runs SQL text on a pool: a kit client's `sql`. */
export type Sql = Client<Record<string, never>>['sql'];

/** Every table of the public schema, by name, in one statement. */
export async function readCatalog(sql: Sql): Promise<CatalogTable[]> {
  const [{ tables }] = answer.parse([...(await sql.unsafe(catalogQuery))]);
  return tables;
}

export const foreignKeysOf = ({ constraints }: CatalogTable): CatalogConstraint[] =>
  constraints.filter(({ kind }) => kind === 'f');

/** The columns of a table's primary key. */
export const keyColumnsOf = ({ constraints }: CatalogTable): readonly string[] =>
  constraints.find(({ kind }) => kind === 'p')?.columns ?? [];
