// The SQL of docs/worked-examples.md, written again by drizzle-kit from the shipped snapshot and compared.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { review } from '@reference/migrator';
import { type DrizzleSnapshotJSON, generateMigration } from 'drizzle-kit/api';
import { beforeAll, expect, test } from 'vitest';

const meta = fileURLToPath(new URL('../../drizzle/meta/', import.meta.url));
const document = new URL('../../../../docs/worked-examples.md', import.meta.url);

let markdown: string;
let latest: string;
beforeAll(async () => {
  markdown = await readFile(document, 'utf8');
  const names = (await readdir(meta)).filter((name) => name.endsWith('_snapshot.json')).sort();
  latest = await readFile(`${meta}${names.at(-1)}`, 'utf8');
});

/** The SQL blocks of one numbered example. */
function sqlOf(example: number): string[] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(`${example}. `)) ?? '';
  return [...section.matchAll(/^```sql\n([\s\S]*?)^```/gm)].map(([, sql]) => sql?.trim() ?? '');
}

const shipped = (): DrizzleSnapshotJSON => JSON.parse(latest);

/** A table of a snapshot, to change in place. */
function tableOf(snapshot: DrizzleSnapshotJSON, name: string) {
  const table = snapshot.tables[`public.${name}`];
  if (!table) throw new Error(`The snapshot has no table ${name}.`);
  return table;
}

const generated = async (from: DrizzleSnapshotJSON, to: DrizzleSnapshotJSON) =>
  (await generateMigration(from, to)).join('\n').replace(/\n{2,}/g, '\n');

const rulesOf = async (sql: string) => (await review(sql)).map(({ rule }) => rule);

test('1: a column and its index', async () => {
  const before = shipped();
  delete tableOf(before, 'pages').columns.lastViewedAt;
  const after = shipped();
  tableOf(after, 'pages').indexes.pages_driveId_lastViewedAt_idx = {
    name: 'pages_driveId_lastViewedAt_idx',
    columns: ['driveId', 'lastViewedAt', 'id'].map((expression) => ({
      expression,
      isExpression: false,
      asc: true,
      nulls: 'last',
    })),
    isUnique: false,
    where: '"pages"."lastViewedAt" is not null and not "pages"."isTrashed"',
    concurrently: false,
    method: 'btree',
    with: {},
  };
  const [up] = sqlOf(1);
  expect(up).toBe(await generated(before, after));
  expect(await rulesOf(up ?? '')).toContain('create-index-blocking');
});

test('2 and 3: a table as a migration of its own', async () => {
  for (const [example, table] of [
    [2, 'page_comments'],
    [3, 'notification_preferences'],
  ] as const) {
    const before = shipped();
    delete before.tables[`public.${table}`];
    expect(sqlOf(example)[0]).toBe(await generated(before, shipped()));
  }
});

test('6: a JSONB field rewrites nothing', async () => {
  const after = shipped();
  tableOf(after, 'messages').columns.metadata = {
    name: 'metadata',
    type: 'jsonb',
    primaryKey: false,
    notNull: false,
  };
  const [up] = sqlOf(6);
  expect(up).toBe(await generated(shipped(), after));
  expect(await rulesOf(up ?? '')).toEqual([]);
});

test('7: an embedding column and its index, in two files', async () => {
  const withColumn = shipped();
  tableOf(withColumn, 'pages').columns.embedding = {
    name: 'embedding',
    type: 'vector(384)',
    primaryKey: false,
    notNull: false,
  };
  const withIndex: DrizzleSnapshotJSON = structuredClone(withColumn);
  tableOf(withIndex, 'pages').indexes.pages_embedding_idx = {
    name: 'pages_embedding_idx',
    columns: [
      {
        expression: 'embedding',
        isExpression: false,
        asc: true,
        nulls: 'last',
        opclass: 'vector_cosine_ops',
      },
    ],
    isUnique: false,
    concurrently: true,
    method: 'hnsw',
    with: {},
  };
  const [column, index] = sqlOf(7);
  expect(column).toBe(await generated(shipped(), withColumn));
  expect(index).toBe(`-- migrator: no-transaction\n${await generated(withColumn, withIndex)}`);
  expect(await rulesOf(index?.replace(' CONCURRENTLY', '') ?? '')).toContain(
    'create-index-blocking',
  );
  expect(await rulesOf(index ?? '')).not.toContain('create-index-blocking');
});

test('8: an index on a sort column', async () => {
  const after = shipped();
  tableOf(after, 'pages').indexes.pages_driveId_title_idx = {
    name: 'pages_driveId_title_idx',
    columns: ['driveId', 'title', 'id'].map((expression) => ({
      expression,
      isExpression: false,
      asc: true,
      nulls: 'last',
    })),
    isUnique: false,
    where: 'not "pages"."isTrashed"',
    concurrently: true,
    method: 'btree',
    with: {},
  };
  expect(sqlOf(8)[0]).toBe(`-- migrator: no-transaction\n${await generated(shipped(), after)}`);
});
