import { createPostgresClient, githubPullRequests } from '@ait/postgres';
import { upsertGithubPullRequests } from '@ait/postgres/worker';
import { getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { type PullRequest, type Shape, shapes } from './pull-requests.ts';

/** One way to upsert rows. */
export interface Technique {
  readonly name: string;
  /** Takes several times as long as the others: measured in one turn of five. */
  readonly isSlow?: boolean;
  /** Rows at most, for one that takes minutes beyond. */
  readonly atMost?: number;
  upsert(rows: readonly PullRequest[]): Promise<unknown>;
}

interface Column {
  readonly field: keyof PullRequest;
  readonly name: string;
  readonly type: string;
}

const all: Record<string, PgColumn> = getTableColumns(githubPullRequests);

function columnsOf(example: PullRequest): Column[] {
  const isField = (field: string): field is keyof PullRequest => field in example;
  return Object.entries(all).flatMap(([field, column]) =>
    isField(field) ? [{ field, name: column.name, type: column.getSQLType() }] : [],
  );
}

/** A value as text that its column's type reads. */
function asText(row: PullRequest, { field, type }: Column): string | null {
  const value = row[field];
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  return type === 'jsonb' ? JSON.stringify(value) : String(value);
}

/** The techniques for rows of one shape, each on a connection of its own. */
export function techniques(url: string, raw: postgres.Sql, connection: string, shape: Shape) {
  const columns = columnsOf(shapes[shape](0, 0));
  const names = columns.map(({ name }) => `"${name}"`);
  const onConflict = `on conflict (connector_config_id, id) do update set ${names
    .filter((name) => name !== '"id"')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}, updated_at = now()`;
  const insert = `insert into github_pull_requests (connector_config_id, ${names.join(', ')})`;
  const client = createPostgresClient({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  const plain = drizzle(raw, { schema: { githubPullRequests } });
  const set = Object.fromEntries(
    Object.entries(all)
      .filter(([field, { name }]) => field !== 'id' && names.includes(`"${name}"`))
      .map(([field, column]) => [field, sql.raw(`excluded."${column.name}"`)]),
  );
  const drizzleUpsert = (rows: readonly PullRequest[]) =>
    plain
      .insert(githubPullRequests)
      .values(rows.map((row) => ({ ...row, connectorConfigId: connection })))
      .onConflictDoUpdate({
        target: [githubPullRequests.connectorConfigId, githubPullRequests.id],
        set,
      });

  const list: Technique[] = [
    {
      name: 'this project',
      upsert: (rows) => upsertGithubPullRequests(client.db, connection, rows),
    },
    {
      name: 'jsonb_to_recordset, raw',
      upsert: inBatches(5000, (rows) =>
        raw.unsafe(
          `${insert} select $1, ${columns.map(({ field }) => `r."${field}"`).join(', ')}
           from jsonb_to_recordset($2::text::jsonb) as r(${columns.map(({ field, type }) => `"${field}" ${type}`).join(', ')})
           ${onConflict}`,
          [connection, JSON.stringify(rows)],
        ),
      ),
    },
    {
      name: 'unnest, raw',
      upsert: inBatches(5000, (rows) =>
        raw.unsafe(
          `${insert} select $1, ${columns.map(({ name, type }) => `r."${name}"::${type}`).join(', ')}
           from unnest(${columns.map((_, index) => `$${index + 2}::text[]`).join(', ')}) as r(${names.join(', ')})
           ${onConflict}`,
          [connection, ...columns.map((column) => rows.map((row) => asText(row, column)))],
        ),
      ),
    },
    {
      name: 'COPY to a temporary table and merge, raw',
      upsert: (rows) =>
        copyAndMerge(
          raw,
          columns,
          rows,
          `${insert} select $1, ${names.join(', ')} from stage ${onConflict}`,
          connection,
        ),
    },
    {
      name: 'multi-row VALUES, raw',
      isSlow: true,
      upsert: inBatches(1000, (rows) => {
        const width = columns.length;
        const tuples = rows.map(
          (_, at) =>
            `($1, ${columns.map(({ type }, index) => `$${at * width + index + 2}::text::${type}`).join(', ')})`,
        );
        return raw.unsafe(`${insert} values ${tuples.join(', ')} ${onConflict}`, [
          connection,
          ...rows.flatMap((row) => columns.map((column) => asText(row, column))),
        ]);
      }),
    },
    { name: 'multi-row VALUES, Drizzle', isSlow: true, upsert: inBatches(1000, drizzleUpsert) },
    {
      name: 'row by row onConflictDoUpdate, Drizzle',
      isSlow: true,
      atMost: 5000,
      upsert: inBatches(1, drizzleUpsert),
    },
  ];
  return { list, close: () => client.close() };
}

function inBatches(size: number, write: (rows: readonly PullRequest[]) => PromiseLike<unknown>) {
  return async (rows: readonly PullRequest[]) => {
    for (let start = 0; start < rows.length; start += size) {
      await write(rows.slice(start, start + size));
    }
  };
}

const escapes = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

async function copyAndMerge(
  raw: postgres.Sql,
  columns: readonly Column[],
  rows: readonly PullRequest[],
  merge: string,
  connection: string,
) {
  const line = (row: PullRequest) =>
    `${columns.map((column) => escaped(asText(row, column))).join('\t')}\n`;
  await raw.begin(async (tx) => {
    await tx.unsafe(
      `create temp table stage (${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')}) on commit drop`,
    );
    const stream = await tx.unsafe('copy stage from stdin').writable();
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('finish', resolve);
      for (let start = 0; start < rows.length; start += 5000) {
        stream.write(
          rows
            .slice(start, start + 5000)
            .map(line)
            .join(''),
        );
      }
      stream.end();
    });
    await tx.unsafe(merge, [connection]);
  });
}

function escaped(text: string | null): string {
  return text === null ? '\\N' : text.replace(/[\\\t\n\r]/g, (char) => escapes.get(char) ?? char);
}
