import { defineRule, matches } from './rule.ts';
import { isPlural, pluralOf, wordsOf } from './words.ts';

export const nameTables = defineRule({
  id: 'name-tables',
  group: 'names',
  severity: 'info',
  needs: 'schema',
  title: 'Table names are plural, or all singular',
  why: 'A name that has to be looked up each time costs more than either choice. The rule asks for the form that most tables of the project have.',
  source: 'convention of the field; `form` in the profile fixes it',
  options: { form: '', except: [] as string[] },
  bad: [
    {
      schema: `export const user = pgTable('user', { id: text('id').primaryKey() });`,
      options: { form: 'plural' },
    },
    {
      schema: `export const a = pgTable('posts', { id: text('id').primaryKey() }); export const b = pgTable('pages', { id: text('id').primaryKey() }); export const c = pgTable('drive', { id: text('id').primaryKey() });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() }); export const m = pgTable('page_metadata', { id: text('id').primaryKey() });`,
      options: { form: 'plural' },
    },
    {
      schema: `export const user = pgTable('user', { id: text('id').primaryKey() }); export const post = pgTable('post', { id: text('id').primaryKey() });`,
    },
  ],
  *check({ model }, { form, except }) {
    const forms = model.tables.map((table) => ({
      table,
      word: wordsOf(table.name).at(-1) ?? '',
      plural: isPlural(wordsOf(table.name).at(-1) ?? ''),
    }));
    const told = forms.filter(({ plural }) => plural !== undefined);
    const plurals = told.filter(({ plural }) => plural).length;
    const wanted = form === '' ? plurals * 2 >= told.length : form === 'plural';
    for (const { table, word, plural } of told)
      if (plural !== wanted && !matches(except, table.id))
        yield {
          object: table.id,
          message: wanted
            ? `is singular; ${pluralOf(word)} would be plural as the others`
            : 'is plural where the others are singular',
          location: table.location,
        };
  },
});
