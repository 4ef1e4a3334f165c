import { at, defineRule, matches } from './rule.ts';
import { wordsOf } from './words.ts';

const PREFIXES = [
  'is',
  'has',
  'can',
  'should',
  'was',
  'are',
  'allow',
  'allows',
  'requires',
  'uses',
  'must',
  'will',
  'did',
  'include',
  'includes',
  'enable',
  'show',
  'hide',
  'use',
  'auto',
  'no',
  'not',
  'needs',
  'supports',
];

export const nameBooleans = defineRule({
  id: 'name-booleans',
  group: 'names',
  severity: 'info',
  needs: 'schema',
  title: 'A boolean’s name begins with is, has or can',
  why: 'The name then reads as a question with yes or no, and is not taken for another kind of value: `archived` could be a time, `isArchived` cannot. Names that a vendor or a specification gave are better kept, as exceptions with a reason.',
  source: 'convention of the field; `except` lists accepted names',
  options: { except: [] as string[], prefixes: PREFIXES },
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), archived: boolean('archived').notNull() });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), isArchived: boolean('is_archived').notNull(), emailVerified: boolean('email_verified') });`,
      options: { except: ['*.email_verified'] },
    },
  ],
  *check({ model }, { except, prefixes }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (column.baseType !== 'boolean' || column.isArray) continue;
        const words = wordsOf(column.name);
        if (prefixes.includes(words[0] ?? '') || /^(enabled|disabled)$/.test(words.at(-1) ?? ''))
          continue;
        if (matches(except, at(table, column))) continue;
        yield {
          object: at(table, column),
          message: 'is a boolean whose name does not say so',
          location: column.location,
        };
      }
  },
});
