import type { Table } from '../model/model.ts';
import { at, defineRule, describeIndex, keyOf } from './rule.ts';
import { softDeleteOf } from './soft-delete-columns.ts';

const isForeignId = (table: Table, name: string): boolean =>
  /(_id|Id)$/.test(name) && !table.foreignKeys.some(({ columns }) => columns.includes(name));

export const softDeleteUnique = defineRule({
  id: 'soft-delete-unique',
  group: 'soft delete',
  severity: 'warning',
  needs: 'schema',
  title: 'Uniqueness of live rows ignores deleted rows',
  why: 'A deleted row otherwise keeps its name for ever: its owner deletes "Notes", creates "Notes" again and gets an error that it exists. A partial unique index excludes the trash.',
  source: 'PostgreSQL manual 11.8 Partial Indexes',
  perTable: true,
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const tags = pgTable('tags', { id: text('id').primaryKey(), name: text('name').notNull().unique(), deletedAt: timestamp('deleted_at') });`,
    },
    {
      schema: `export const tags = pgTable('tags', { id: text('id').primaryKey(), name: text('name'), isTrashed: boolean('is_trashed') }, (t) => [uniqueIndex('tags_name_key').on(t.name)]);`,
    },
  ],
  good: [
    {
      schema: `export const tags = pgTable('tags', { id: text('id').primaryKey(), name: text('name'), deletedAt: timestamp('deleted_at') }, (t) => [uniqueIndex('tags_name_key').on(t.name).where(sql\`\${t.deletedAt} is null\`)]);`,
    },
    {
      schema: `export const tags = pgTable('tags', { id: text('id').primaryKey(), tokenHash: text('token_hash').unique(), inboxId: text('inbox_id').unique(), deletedAt: timestamp('deleted_at') });`,
    },
    {
      schema: `export const orders = pgTable('orders', { id: text('id').primaryKey(), number: bigserial('number', { mode: 'number' }).unique(), code: text('code').$defaultFn(() => 'x').unique(), publicId: uuid('public_id').defaultRandom().unique(), deletedAt: timestamp('deleted_at') });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables) {
      const mark = softDeleteOf(table).time ?? softDeleteOf(table).flag;
      if (!mark) continue;
      for (const index of table.indexes) {
        if (!index.unique || index.constraint === 'primary key') continue;
        if (index.where?.includes(mark.name)) continue;
        const columns = index.parts.map(({ column }) => column ?? '');
        // Keys of other systems, hashes and the targets of foreign keys stay unique for deleted
        // rows too.
        if (
          columns.some(
            (name) =>
              name === 'id' ||
              name === mark.name ||
              // Nobody wants to reuse an id of another system, or one that is handed out.
              (columns.length === 1 && isForeignId(table, name)) ||
              /hash|token|_?external|stripe|uuid/i.test(name),
          )
        )
          continue;
        // Generated values are unique already.
        if (
          columns.some((name) => {
            const column = table.columns.find((candidate) => candidate.name === name);
            return (
              column?.identity ||
              column?.default?.kind === 'function' ||
              /serial/.test(column?.baseType ?? '') ||
              /uuid|random|nextval/i.test(column?.default?.text ?? '')
            );
          })
        )
          continue;
        const target = model.tables.some(({ foreignKeys }) =>
          foreignKeys.some(
            (key) =>
              key.target === table.id && key.targetColumns.every((name) => columns.includes(name)),
          ),
        );
        const object = at(table, describeIndex(index));
        if (target || except.includes(object)) continue;
        if (columns.every((name) => table.foreignKeys.some((key) => key.columns.includes(name))))
          continue;
        yield {
          object,
          message: `counts deleted rows in: a name in the trash cannot be used again`,
          location: index.location,
          fix: {
            language: 'ts',
            code: `uniqueIndex('${index.name ?? `${table.name}_${columns.join('_')}_key`}').on(${columns.map((name) => `t.${keyOf(table, name)}`).join(', ')}).where(sql\`\${t.${mark.key}} is ${mark.baseType === 'boolean' ? 'false' : 'null'}\`)`,
          },
        };
      }
    }
  },
});
