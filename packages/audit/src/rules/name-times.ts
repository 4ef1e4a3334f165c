import { at, defineRule, matches } from './rule.ts';
import { wordsOf } from './words.ts';

const ENDS = new Set([
  'at',
  'on',
  'date',
  'time',
  'timestamp',
  'until',
  'since',
  'from',
  'to',
  'start',
  'end',
  'by',
  'after',
  'before',
  'expires',
  'created',
  'updated',
  'deleted',
]);

export const nameTimes = defineRule({
  id: 'name-times',
  group: 'names',
  severity: 'info',
  needs: 'schema',
  title: 'The name of a point in time ends in At',
  why: 'A reader then knows a time from a flag or a person without looking it up: `deleted`, `deletedBy` and `deletedAt` are three things. Lists and filters over times can find them by name.',
  source: 'convention of the field',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), archive: timestamp('archive') });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), archivedAt: timestamp('archived_at'), periodEnd: timestamp('period_end') });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (!/^timestamp/.test(column.baseType) || column.isArray) continue;
        if (ENDS.has(wordsOf(column.name).at(-1) ?? '') || matches(except, at(table, column)))
          continue;
        yield {
          object: at(table, column),
          message: 'is a point in time whose name does not end in At',
          location: column.location,
        };
      }
  },
});
