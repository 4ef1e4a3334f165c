import type { Index, Table } from '../model/model.ts';
import { at, defineRule, describeIndex } from './rule.ts';

/** Default operator classes. */
const USUAL =
  /^(text|varchar|bpchar|uuid|int[248]|bool|date|time|timestamp|timestamptz|numeric|float[48]|enum|inet|array|tsvector|jsonb)_ops$/;

const partText = (table: Table, index: Index): string[] =>
  index.parts.map(({ column, text, descending, nulls, opClass = '' }) => {
    const mayBeNull = !table.columns.some(({ name, notNull }) => name === column && notNull);
    return [
      text,
      descending,
      mayBeNull ? nulls : undefined,
      USUAL.test(opClass) ? '' : opClass,
    ].join(' ');
  });

const sameRows = (a: Index, b: Index): boolean =>
  a.method === b.method && (a.where ?? '') === (b.where ?? '');

const startsWith = (table: Table, longer: Index, shorter: Index): boolean => {
  const own = partText(table, longer);
  return partText(table, shorter).every((part, place) => part === own[place]);
};

/** The redundant index, and the one that replaces it. */
function* spare(table: Table): Iterable<{ spare: Index; by: Index; same: boolean }> {
  for (const [place, index] of table.indexes.entries())
    for (const [otherPlace, other] of table.indexes.entries()) {
      if (place === otherPlace || !sameRows(index, other) || !startsWith(table, other, index))
        continue;
      const same = index.parts.length === other.parts.length;
      // A unique index is also a constraint, so it is never redundant to a plain one.
      if (index.unique && !(same && other.unique)) continue;
      if (index.constraint === 'primary key') continue;
      if (!same && index.method !== 'btree') continue;
      if (
        index.included.some(
          (column) =>
            !other.included.includes(column) && !other.parts.some((part) => part.column === column),
        )
      )
        continue;
      if (
        same &&
        index.unique === other.unique &&
        place < otherPlace &&
        other.constraint !== 'primary key'
      )
        continue;
      if (
        same &&
        !index.unique &&
        !other.unique &&
        index.nullsNotDistinct !== other.nullsNotDistinct
      )
        continue;
      yield { spare: index, by: other, same };
      break;
    }
}

export const indexDuplicate = defineRule({
  id: 'index-duplicate',
  group: 'indexes',
  severity: 'warning',
  needs: 'schema',
  title: 'No index repeats another, nor the beginning of another',
  why: 'An index on (a) does nothing that one on (a, b) cannot, yet every insert writes both and VACUUM cleans both. It takes memory from indexes that are used.',
  source: 'PostgreSQL manual 11.3 Multicolumn Indexes',
  perTable: true,
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a'), b: text('b') }, (t) => [index('posts_a_idx').on(t.a), index('posts_a_b_idx').on(t.a, t.b)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a').unique() }, (t) => [index('posts_a_idx').on(t.a)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() }, (t) => [index('posts_id_idx').on(t.id)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a').unique() }, (t) => [uniqueIndex('posts_a_key').on(t.a)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a').notNull(), b: text('b') }, (t) => [index('posts_a_idx').using('btree', t.a.asc().nullsLast().op('text_ops')), index('posts_a_b_idx').on(t.a.nullsFirst(), t.b)]);`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a'), b: text('b') }, (t) => [index('posts_a_idx').on(t.a.desc()), index('posts_a_b_idx').on(t.a.desc().nullsFirst(), t.b), index('posts_b_idx').on(t.b.op('text_pattern_ops')), index('posts_b_a_idx').on(t.b, t.a)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a'), b: text('b') }, (t) => [index('posts_a_idx').on(t.a).where(sql\`\${t.b} is null\`), index('posts_a_b_idx').on(t.a, t.b), index('posts_b_idx').using('gin', t.b), index('posts_b_a_idx').on(t.b, t.a)]);`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), a: text('a').unique(), b: text('b') }, (t) => [index('posts_a_b_idx').on(t.a, t.b)]);`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const found of spare(table))
        yield {
          object: at(table, describeIndex(found.spare)),
          message: found.same
            ? `repeats ${describeIndex(found.by)}`
            : `is the beginning of ${describeIndex(found.by)}`,
          location: found.spare.location,
          fix: {
            language: 'ts',
            code: `remove ${found.spare.constraint ? 'the constraint' : 'the index'} ${describeIndex(found.spare)}; ${describeIndex(found.by)} serves what it served`,
          },
        };
  },
});
