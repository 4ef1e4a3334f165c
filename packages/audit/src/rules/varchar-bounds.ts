import { at, defineRule } from './rule.ts';

export const varcharBounds = defineRule({
  id: 'varchar-bounds',
  group: 'values',
  severity: 'info',
  needs: 'schema',
  title: 'varchar has a length, and char is not used',
  why: 'varchar without a length is text under another name, and a reader looks for the bound that is not there. char(n) pads with blanks and compares without them, which surprises everyone once.',
  source: 'PostgreSQL manual 8.3 Character Types; wiki.postgresql.org Don’t Do This: char(n)',
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), name: varchar('name') });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), code: char('code', { length: 4 }) });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), name: varchar('name', { length: 80 }), body: text('body') });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        const open =
          /^(varchar|character varying)$/.test(column.baseType) && column.length === undefined;
        const padded = /^(char|character|bpchar)$/.test(column.baseType);
        if (!open && !padded) continue;
        yield {
          object: at(table, column),
          message: padded ? 'is char(n), padded with blanks' : 'is varchar without a length',
          location: column.location,
          fix: {
            language: 'ts',
            code: `${column.key}: ${padded ? `varchar('${column.name}', { length: ${column.length ?? 1} })` : `text('${column.name}')`}`,
          },
        };
      }
  },
});
