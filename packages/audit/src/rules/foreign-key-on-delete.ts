import { at, defineRule } from './rule.ts';

export const foreignKeyOnDelete = defineRule({
  id: 'foreign-key-on-delete',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'declarations',
  title: 'Every foreign key says what happens on delete',
  why: 'Without it the action is NO ACTION, and the first deletion of a parent in production fails or was never meant to work. Whether children are deleted, stay or forbid the deletion is a decision of the model, so it belongs in the schema.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id') }, (t) => [foreignKey({ columns: [t.userId], foreignColumns: [users.id] })]);`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id, { onDelete: 'no action' }) });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id') }, (t) => [foreignKey({ columns: [t.userId], foreignColumns: [users.id] }).onDelete('restrict')]);`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const key of table.foreignKeys)
        if (key.statesOnDelete === false)
          yield {
            object: at(table, key.columns.join(',')),
            message: `refers to ${key.target} without saying what a delete there does`,
            location: key.location,
            fix: { language: 'ts', code: `{ onDelete: 'cascade' } // or 'restrict', 'set null'` },
          };
  },
});
