import { at, defineRule } from './rule.ts';

export const noSerial = defineRule({
  id: 'no-serial',
  group: 'keys',
  severity: 'warning',
  needs: 'declarations',
  title: 'Numbered keys are identity columns of 64 bits, not serial',
  why: 'A serial is an integer beside a sequence with permissions of its own, and nothing stops a row that brings its own number and later collides. At four bytes it ends at 2,147,483,647, and a change of type then rewrites the table under a lock.',
  source: 'wiki.postgresql.org Don’t Do This: serial; PostgreSQL manual 5.3 Identity Columns',
  bad: [
    { schema: `export const posts = pgTable('posts', { id: serial('id').primaryKey() });` },
    {
      schema: `export const posts = pgTable('posts', { id: bigserial('id', { mode: 'number' }).primaryKey() });`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: integer('id').primaryKey().generatedAlwaysAsIdentity() });`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity() });`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: uuid('id').defaultRandom().primaryKey(), likes: integer('likes').notNull().default(0) });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        const serial = /^(small|big)?serial$/.test(column.baseType);
        const short = column.identity && /^(integer|smallint|int|int4|int2)$/.test(column.baseType);
        if (!serial && !short) continue;
        yield {
          object: at(table, column),
          message: serial
            ? `is a ${column.baseType}; an identity column refuses numbers that rows bring along`
            : `is numbered in ${column.baseType === 'smallint' ? 2 : 4} bytes`,
          severity: serial ? 'warning' : 'info',
          location: column.location,
          fix: {
            language: 'ts',
            code: `${column.key}: bigint('${column.name}', { mode: 'number' })${column.primary ? '.primaryKey()' : ''}.generatedAlwaysAsIdentity()`,
          },
        };
      }
  },
});
