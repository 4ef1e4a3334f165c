import type { Shape } from '../model/model.ts';
import { defineRule, matches } from './rule.ts';
import { listed, singularOf } from './words.ts';

const SCHEMAS: readonly Shape[] = ['insert schema', 'select schema', 'update schema'];
const TYPES: readonly Shape[] = ['select type', 'insert type'];

const fixOf = (shape: Shape, key: string): string => {
  const name = singularOf(key).replace(/^./, (first) => first.toUpperCase());
  switch (shape) {
    case 'insert schema':
      return `export const insert${name}Schema = createInsertSchema(${key});`;
    case 'select schema':
      return `export const select${name}Schema = createSelectSchema(${key});`;
    case 'update schema':
      return `export const update${name}Schema = createUpdateSchema(${key});`;
    case 'select type':
      return `export type ${name} = typeof ${key}.$inferSelect;`;
    default:
      return `export type New${name} = typeof ${key}.$inferInsert;`;
  }
};

export const zodSchemas = defineRule({
  id: 'zod-schemas',
  group: 'types',
  severity: 'info',
  needs: 'declarations',
  title: 'Every table has its Zod schemas and inferred types',
  why: 'Otherwise somebody describes a request’s fields a second time by hand, and the two differ at the next column. The insert, select and update schemas follow the table, and their types follow them.',
  source: 'drizzle-zod documentation; asked where the project has them on most tables',
  options: { always: false, except: [] as string[] },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });`,
      options: { always: true },
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() }); export const insertPostSchema = createInsertSchema(posts); export type Post = typeof posts.$inferSelect;`,
      options: { always: true },
    },
  ],
  good: [
    { schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });` },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });
export const insertPostSchema = createInsertSchema(posts); export const selectPostSchema = createSelectSchema(posts); export const updatePostSchema = createUpdateSchema(posts);
export type Post = typeof posts.$inferSelect; export type NewPost = typeof posts.$inferInsert;`,
      options: { always: true },
    },
  ],
  *check({ model }, { always, except }) {
    const has = (id: string, shape: Shape) => model.shapes.get(id)?.has(shape) === true;
    const wanted = [...SCHEMAS, ...TYPES].filter(
      (shape) =>
        always ||
        model.tables.filter(({ id }) => has(id, shape)).length > model.tables.length * 0.6,
    );
    for (const table of model.tables) {
      if (matches(except, table.id)) continue;
      const missing = wanted.filter((shape) => !has(table.id, shape));
      if (missing.length === 0) continue;
      yield {
        object: table.id,
        message: `has no ${listed(missing)}`,
        location: table.location,
        fix: { language: 'ts', code: missing.map((shape) => fixOf(shape, table.key)).join('\n') },
      };
    }
  },
});
