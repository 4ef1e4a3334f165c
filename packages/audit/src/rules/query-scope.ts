import { literally } from '../model/pattern.ts';
import {
  calleeOf,
  type Node,
  nameOf,
  placeOf,
  type SourceFile,
  textOf,
  walk,
} from '../source/parse.ts';
import { ownerOf, type Sent, statementsOf, tableKeyOf } from '../source/statements.ts';
import { defineRule, matches } from './rule.ts';

const READS_OR_CHANGES =
  /^(select|selectDistinct|selectDistinctOn|update|delete|findMany|findFirst)$/;

/** The text of a function and of the functions of its module that it calls. */
const textAround = (file: SourceFile, sent: Sent): string => {
  const { within } = sent;
  if (!within) return textOf(file, sent.node);
  const texts = [textOf(file, within.node)];
  walk(within.node, (node) => {
    const called = calleeOf(node) ?? (node.type === 'Identifier' ? nameOf(node) : undefined);
    const declared = called === undefined ? undefined : file.declarations.get(called);
    if (declared && !contains(declared, within.node)) texts.push(textOf(file, declared));
  });
  return texts.join('\n');
};

const contains = (outer: Node, inner: Node): boolean =>
  outer.start <= inner.start && outer.end >= inner.end;

const notes = `export const notes = pgTable('notes', { id: text('id').primaryKey(), userId: text('user_id').notNull() });`;

export const queryScope = defineRule({
  id: 'query-scope',
  group: 'tenancy',
  severity: 'error',
  needs: 'queries',
  title: 'A query of a user’s rows names the user',
  why: 'A row that is found by its id alone is found by everyone who can guess or copy an id: the commonest hole of web applications. A condition on the owner in each read, update and delete makes the row of another not found.',
  source: 'OWASP API Security Top 10, API1 Broken Object Level Authorization',
  options: {
    /** The database name of the column with a row's owner; empty to turn the rule off. */
    column: '',
    /** Functions of other modules that build the condition (`ownNote`). */
    helpers: [] as string[],
    /** Functions (`module.function`) and tables (`table`) that belong to no one user. */
    except: [] as string[],
  },
  bad: [
    {
      schema: notes,
      queries: `export const getNote = (db, id) => db.select({ id: notes.id }).from(notes).where(eq(notes.id, id)).limit(1);`,
      options: { column: 'user_id' },
    },
    {
      schema: notes,
      queries: `export const deleteNote = (db, id) => db.delete(notes).where(eq(notes.id, id));`,
      options: { column: 'user_id' },
    },
  ],
  good: [
    {
      schema: notes,
      queries: `const own = ({ userId, id }) => and(eq(notes.userId, userId), eq(notes.id, id));
export const getNote = (db, params) => db.select({ id: notes.id }).from(notes).where(own(params)).limit(1);
export const deleteNote = (db, { userId, id }) => db.delete(notes).where(and(eq(notes.userId, userId), eq(notes.id, id)));`,
      options: { column: 'user_id' },
    },
    {
      schema: notes,
      queries: `export const getNote = (db, note) => db.select({ id: notes.id }).from(notes).where(ownNote(note)).limit(1);`,
      options: { column: 'user_id', helpers: ['ownNote'] },
    },
    {
      schema: notes,
      queries: `export const purge = (db, id) => db.delete(notes).where(eq(notes.id, id));`,
      options: { column: 'user_id', except: ['queries.purge'] },
    },
    {
      schema: notes,
      queries: `export const getNote = (db, id) => db.select().from(notes).where(eq(notes.id, id));`,
    },
  ],
  *check({ model, queries }, { column, helpers, except }) {
    if (column === '') return;
    const scoped = new Map(
      model.tables.flatMap((table) => {
        const key = table.columns.find(({ name }) => name === column)?.key;
        return key === undefined ? [] : [[table.key, { id: table.id, key }] as const];
      }),
    );
    for (const file of queries)
      for (const sent of statementsOf(file)) {
        const [first] = sent.calls;
        if (!first || !READS_OR_CHANGES.test(first.name)) continue;
        const written = textOf(file, sent.node);
        const name = /\.query\.(\w+)\s*\.find/.exec(written)?.[1] ?? tableKeyOf(sent);
        const table = scoped.get(name ?? '');
        if (!table || matches(except, table.id) || matches(except, ownerOf(sent))) continue;
        const words = [table.key, ...helpers].map(literally).join('|');
        const own = new RegExp(`\\b(?:${words})\\b`);
        if (own.test(written) || own.test(textAround(file, sent))) continue;
        yield {
          object: ownerOf(sent),
          message: `${first.name === 'update' || first.name === 'delete' ? 'changes' : 'reads'} ${table.id} for any caller: no condition names ${table.key}`,
          location: placeOf(file, sent.node.start),
          fix: { language: 'ts', code: `eq(${name}.${table.key}, ${table.key})` },
        };
      }
  },
});
