import type { Table } from '../model/model.ts';
import { literally } from '../model/pattern.ts';
import { placeOf, type SourceFile } from '../source/parse.ts';
import { callNamed, ownerOf, type Sent, statementsOf, tableKeyOf } from '../source/statements.ts';
import { defineRule } from './rule.ts';

const AGGREGATE = /\b(count|sum|avg|min|max|exists|every|bool_or)\s*\(|countDistinct|sumDistinct/;

/** True if the condition fixes a unique key, so that at most one row comes back. */
const pinsKey = (table: Table, text: string): boolean =>
  table.indexes.some(
    ({ unique, parts }) =>
      unique &&
      parts.every(({ column }) => {
        const key = table.columns.find(({ name }) => name === column)?.key;
        return (
          key !== undefined &&
          new RegExp(
            `eq\\(\\s*[\\w.]*\\.${literally(key)}\\b|where:\\s*\\{[^}]*\\b${literally(key)}\\b`,
          ).test(text)
        );
      }),
  );

/** False for a query that is finished elsewhere, where it may get its limit. */
const isFinished = (file: SourceFile, sent: Sent): boolean => {
  const parent = sent.parents.at(-1);
  if (parent?.type === 'AwaitExpression') return true;
  if (parent?.type === 'ReturnStatement' || parent?.type === 'ArrowFunctionExpression')
    return !/\.\$dynamic\(\)|\.as\(/.test(file.text.slice(sent.node.start, sent.node.end));
  return false;
};

const posts = `export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id') });`;

export const queryUnbounded = defineRule({
  id: 'query-unbounded',
  group: 'queries',
  severity: 'warning',
  needs: 'queries',
  title: 'A list has a bound',
  why: 'A list without a limit returns a hundred rows today and a million in two years, at once, into the memory of one process. A limit with a keyset cursor costs the same at any size of the table.',
  source: 'use-the-index-luke.com, Paging Through Results',
  bad: [
    {
      schema: posts,
      queries: `export const listPosts = async (db) => await db.select({ id: posts.id }).from(posts);`,
    },
    {
      schema: posts,
      queries: `export async function listPosts(db, userId) { return db.query.posts.findMany({ where: eq(posts.userId, userId) }); }`,
    },
  ],
  good: [
    {
      schema: posts,
      queries: `export const listPosts = async (db) => await db.select({ id: posts.id }).from(posts).limit(50);`,
    },
    {
      schema: posts,
      queries: `export const getPost = async (db, id) => await db.select({ id: posts.id }).from(posts).where(eq(posts.id, id));`,
    },
    {
      schema: posts,
      queries: `export const some = async (db, ids) => await db.select({ id: posts.id }).from(posts).where(inArray(posts.id, ids)); export const number = async (db) => await db.select({ n: count() }).from(posts); export const all = (db) => db.query.posts.findMany({ limit: 5 });`,
    },
  ],
  *check({ model, queries }) {
    const tables = new Map(model.tables.map((table) => [table.key, table]));
    for (const file of queries)
      for (const sent of statementsOf(file)) {
        const [first] = sent.calls;
        if (!first || !/^(select|selectDistinct|selectDistinctOn|findMany)$/.test(first.name))
          continue;
        if (callNamed(sent, 'limit') || !isFinished(file, sent)) continue;
        const text = file.text.slice(sent.node.start, sent.node.end);
        if (
          /\blimit\b/.test(text) ||
          AGGREGATE.test(text) ||
          /inArray\(|\.prepare\(|= any\(/.test(text)
        )
          continue;
        const key =
          first.name === 'findMany'
            ? /\.query\.(\w+)\s*\.findMany/.exec(
                file.text.slice(sent.node.start, sent.node.end),
              )?.[1]
            : tableKeyOf(sent);
        const table = tables.get(key ?? '');
        if (!table || pinsKey(table, text)) continue;
        const filtered = callNamed(sent, 'where') !== undefined || /where\s*:/.test(text);
        yield {
          object: ownerOf(sent),
          message: `reads ${filtered ? 'every matching row' : 'every row'} of ${table.id}`,
          // The children of one parent are often few, unlike a whole table.
          severity: filtered ? 'info' : 'warning',
          location: placeOf(file, sent.node.start),
          fix: { language: 'ts', code: first.name === 'findMany' ? 'limit: 100' : '.limit(100)' },
        };
      }
  },
});
