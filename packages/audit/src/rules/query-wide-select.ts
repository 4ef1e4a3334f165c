import type { Table } from '../model/model.ts';
import { nodesAt, placeOf } from '../source/parse.ts';
import { ownerOf, statementsOf, tableKeyOf } from '../source/statements.ts';
import { defineRule } from './rule.ts';

/** Columns whose values are long: each is read, sent and parsed for every row. */
const wideOf = (table: Table): string[] =>
  table.columns
    .filter(
      ({ name, baseType }) =>
        /^(jsonb?|bytea|tsvector|vector|halfvec|xml)$/.test(baseType) ||
        (baseType === 'text' &&
          /^(content|body|html|markdown|text|raw|payload|transcript|description|prompt|data|source)$/i.test(
            name,
          )),
    )
    .map(({ name }) => name);

const posts = `export const posts = pgTable('posts', { id: text('id').primaryKey(), content: text('content') });`;

export const queryWideSelect = defineRule({
  id: 'query-wide-select',
  group: 'queries',
  severity: 'info',
  needs: 'queries',
  title: 'Lists of wide rows name the columns that they need',
  why: 'select() of a table with content, JSON or vectors sends all of it for every row, and reads it from TOAST, to show a title. A column added later, a secret too, joins every such list.',
  source: 'PostgreSQL manual 66.2 TOAST; measured here',
  bad: [
    {
      schema: posts,
      queries: `export const listPosts = (db) => db.select().from(posts).limit(50);`,
    },
  ],
  good: [
    {
      schema: posts,
      queries: `export const listPosts = (db) => db.select({ id: posts.id }).from(posts).limit(50);`,
    },
    {
      schema: posts,
      queries: `export const getPost = (db, id) => db.select().from(posts).where(eq(posts.id, id)).limit(1);`,
    },
  ],
  *check({ model, queries }) {
    const tables = new Map(model.tables.map((table) => [table.key, table]));
    for (const file of queries)
      for (const sent of statementsOf(file)) {
        const [first] = sent.calls;
        if (first?.name !== 'select' || nodesAt(first.call, 'arguments').length > 0) continue;
        const table = tables.get(tableKeyOf(sent) ?? '');
        if (!table) continue;
        const wide = wideOf(table);
        const written = file.text.slice(sent.node.start, sent.node.end);
        if (wide.length === 0 || /\.limit\(\s*1\s*\)|\.for\(/.test(written)) continue;
        if (/\.where\(\s*eq\(\s*\w+\.id\b/.test(written)) continue;
        yield {
          object: ownerOf(sent),
          message: `selects every column of ${table.id}, ${wide.join(', ')} among them`,
          location: placeOf(file, sent.node.start),
          fix: { language: 'ts', code: `.select({ id: ${table.key}.id, … })` },
        };
      }
  },
});
