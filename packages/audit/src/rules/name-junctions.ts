import { defineRule, matches } from './rule.ts';
import { singularOf, wordsOf } from './words.ts';

export const nameJunctions = defineRule({
  id: 'name-junctions',
  group: 'names',
  severity: 'info',
  needs: 'schema',
  title: 'A junction table names both of its ends',
  why: 'A reader looks for the table between users and teams under both names. One that has a meaning of its own (members, favorites) may have its own name, and then counts as a thing.',
  source: 'convention of the field; `except` lists accepted names',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() }); export const teams = pgTable('teams', { id: text('id').primaryKey() });
export const links = pgTable('links', { a: text('a').references(() => users.id), b: text('b').references(() => teams.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() }); export const teams = pgTable('teams', { id: text('id').primaryKey() });
export const userTeams = pgTable('user_teams', { a: text('a').references(() => users.id), b: text('b').references(() => teams.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export const teamMembers = pgTable('team_members', { a: text('a').references(() => users.id), b: text('b').references(() => teams.id), role: text('role') }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    },
    {
      schema: `const app = pgSchema('app'); export const deals = app.table('deals', { id: text('id').primaryKey() }); export const labels = app.table('labels', { id: text('id').primaryKey() });
export const dealLabels = pgTable('deal_labels', { a: text('a').references(() => deals.id), b: text('b').references(() => labels.id) }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables) {
      const ends = [...new Set(table.foreignKeys.map(({ target }) => target))];
      const plain = table.columns.every(
        ({ name, baseType }) =>
          table.foreignKeys.some(({ columns }) => columns.includes(name)) ||
          name === 'id' ||
          /^timestamp/.test(baseType),
      );
      if (
        ends.length !== 2 ||
        !plain ||
        table.foreignKeys.length < 2 ||
        table.primaryKey.length < 2
      )
        continue;
      const words = new Set(wordsOf(table.name).map(singularOf));
      // A table's schema is no part of its name.
      const missing = ends.filter(
        (end) => !words.has(singularOf(wordsOf(end.split('.').at(-1) ?? end).at(-1) ?? '')),
      );
      if (missing.length === 0 || matches(except, table.id)) continue;
      yield {
        object: table.id,
        message: `joins ${ends.join(' and ')}, and does not name ${missing.join(' and ')}`,
        location: table.location,
      };
    }
  },
});
