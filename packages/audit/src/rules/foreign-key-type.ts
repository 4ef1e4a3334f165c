import type { Column } from '../model/model.ts';
import { at, defineRule } from './rule.ts';

const ALIASES: Record<string, string> = {
  serial: 'integer',
  int: 'integer',
  int4: 'integer',
  bigserial: 'bigint',
  int8: 'bigint',
  smallserial: 'smallint',
  int2: 'smallint',
  'character varying': 'varchar',
  'timestamp without time zone': 'timestamp',
};

/** A column's type under one name, because a serial is an integer to a column that refers to it. */
export const typeOf = (column: Column): string => ALIASES[column.baseType] ?? column.baseType;

export const foreignKeyType = defineRule({
  id: 'foreign-key-type',
  group: 'foreign keys',
  severity: 'error',
  needs: 'schema',
  title: 'A foreign key has the type and the length of its target',
  why: 'If types compare only through a cast, no index serves the join, and an integer that refers to a bigint fails when the parent passes two billion. A shorter varchar rejects rows whose parent exists.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: bigint('id', { mode: 'number' }).primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: integer('user_id').references(() => users.id) });`,
    },
    {
      schema: `export const users = pgTable('users', { id: varchar('id', { length: 255 }).primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: varchar('user_id', { length: 24 }).references(() => users.id) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: serial('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: integer('user_id').references(() => users.id) });`,
    },
  ],
  *check({ model }) {
    const tables = new Map(model.tables.map((table) => [table.id, table]));
    for (const table of model.tables)
      for (const key of table.foreignKeys) {
        const target = tables.get(key.target);
        for (const [place, name] of key.columns.entries()) {
          const from = table.columns.find((column) => column.name === name);
          const to = target?.columns.find((column) => column.name === key.targetColumns[place]);
          if (!from || !to) continue;
          const shorter =
            from.length !== undefined && (to.length === undefined || from.length < to.length);
          const texts =
            /^(text|varchar)$/.test(typeOf(from)) && /^(text|varchar)$/.test(typeOf(to));
          if (typeOf(from) === typeOf(to) ? !shorter : texts && !shorter) continue;
          yield {
            object: at(table, from),
            message: `is ${from.sqlType}, but ${key.target}.${to.name} is ${to.sqlType}`,
            severity: texts ? 'warning' : 'error',
            location: from.location ?? key.location,
          };
        }
      }
  },
});
