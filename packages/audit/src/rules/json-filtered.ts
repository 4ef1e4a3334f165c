import { literally } from '../model/pattern.ts';
import { placeOf } from '../source/parse.ts';
import { defineRule } from './rule.ts';

const posts = (extra = '') =>
  `export const posts = pgTable('posts', { id: text('id').primaryKey(), extra: jsonb('extra').$type<{ kind: string }>() }, (t) => [${extra}]);`;
const filter =
  "export const ofKind = (db, kind) => db.select({ id: posts.id }).from(posts).where(sql`${posts.extra} ->> 'kind' = ${kind}`).limit(5);";

export const jsonFiltered = defineRule({
  id: 'json-filtered',
  group: 'values',
  severity: 'warning',
  needs: 'queries',
  title: 'Queries filter by columns or indexed expressions',
  why: 'A key inside JSONB has no statistics, so the planner always guesses half a percent, and without an index it reads each row’s whole document. A generated column has a type, statistics and an index like any other.',
  source: 'PostgreSQL manual 8.14.4 jsonb Indexing, 5.4 Generated Columns',
  perTable: true,
  bad: [{ schema: posts(), queries: filter }],
  good: [
    { schema: posts("index('posts_kind_idx').on(sql`(${t.extra} ->> 'kind')`)"), queries: filter },
    { schema: posts("index('posts_extra_idx').using('gin', t.extra)"), queries: filter },
    {
      schema: posts(),
      queries:
        "export const read = (db) => db.select({ kind: sql`${posts.extra} ->> 'kind'` }).from(posts).limit(5);",
    },
  ],
  *check({ model, queries }) {
    const columns = model.tables.flatMap((table) =>
      table.columns
        .filter(({ baseType }) => /^jsonb?$/.test(baseType))
        .map((column) => ({ table, column })),
    );
    for (const file of queries)
      for (const { table, column } of columns) {
        const served = table.indexes.some(({ parts }) =>
          parts.some(({ text }) => text.includes(column.name)),
        );
        if (served) continue;
        const pattern = new RegExp(
          `\\$\\{\\w*\\.?${literally(column.key)}\\}\\s*(->>|#>>|->|@>|\\?)`,
          'g',
        );
        for (const { index } of file.text.matchAll(pattern)) {
          // Only in a condition, because selecting from a document is no filter.
          const before = file.text.slice(Math.max(0, index - 160), index);
          const call = /\b(where|and|or|not|having|filter)\(\s*(?:sql(?:<[^>]*>)?`[^`]*)?$/.test(
            before.replace(/\s+/g, ' '),
          );
          const after = file.text.slice(index, index + 160);
          if (!call || !/`?[^`]*(=|@>|\?|like|in\b|is not null)/.test(after)) continue;
          if (!new RegExp(`\\b${literally(table.key)}\\b`).test(file.text)) continue;
          yield {
            object: `${table.id}.${column.name}`,
            message: `is filtered by a key inside of it, without an index (${file.path.split('/').at(-1)})`,
            location: placeOf(file, index),
            fix: {
              language: 'ts',
              code: `index('${table.name}_${column.name}_key_idx').on(sql\`(\${t.${column.key}} ->> 'key')\`)`,
            },
          };
          break;
        }
      }
  },
});
