import type { Column, Table } from '../model/model.ts';
import { at, defineRule, matches } from './rule.ts';

/** The generator of a key's values, by its declaration. */
const kindOf = (column: Column, table: Table): string => {
  if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) return 'reference';
  if (/serial$/.test(column.baseType) || column.identity) return 'number';
  if (column.baseType === 'uuid') return column.default ? 'uuid' : 'given uuid';
  const written = `${column.source ?? ''} ${column.default?.text ?? ''}`;
  if (/nanoid/i.test(written)) return 'nanoid';
  if (/cuid|createId|createLogId|logId/i.test(written)) return 'cuid2';
  if (/uuid/i.test(written)) return 'uuid';
  if (/ulid/i.test(written)) return 'ulid';
  if (column.default) return 'generated';
  return /^(text|varchar|character varying)$/.test(column.baseType) ? 'vendor' : column.baseType;
};

export const keyGenerator = defineRule({
  id: 'key-generator',
  group: 'keys',
  severity: 'warning',
  needs: 'declarations',
  title: 'Keys come from the generator that the project has chosen',
  why: 'A key that nothing generates is left to every writer, and two generators give ids of two lengths and two orders. Callers then guess an id by its form, and each new table repeats the choice.',
  source:
    'the profile of the project (`kinds`): cuid2, nanoid, uuid, ulid, number, vendor, given uuid',
  options: {
    /** The allowed kinds; empty for any. */
    kinds: [] as string[],
    /** Tables whose keys come from elsewhere. */
    except: [] as string[],
  },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });`,
      options: { kinds: ['nanoid'] },
    },
    {
      schema: `export const posts = pgTable('posts', { id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity() });`,
      options: { kinds: ['cuid2'] },
    },
  ],
  good: [
    {
      schema: `const nanoid = () => 'x'; export const posts = pgTable('posts', { id: text('id').primaryKey().$defaultFn(() => nanoid()) });`,
      options: { kinds: ['nanoid'] },
    },
    { schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });` },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });`,
      options: { kinds: ['nanoid'], except: ['posts'] },
    },
  ],
  *check({ model }, { kinds, except }) {
    if (kinds.length === 0) return;
    for (const table of model.tables) {
      if (matches(except, table.id)) continue;
      const own = table.primaryKey
        .flatMap((name) => table.columns.find((column) => column.name === name) ?? [])
        .filter((column) => kindOf(column, table) !== 'reference');
      for (const column of own) {
        if (own.length > 1 && column.name !== 'id') continue;
        const kind = kindOf(column, table);
        if (kinds.includes(kind)) continue;
        if (column.name !== 'id' && table.primaryKey.length > 1) continue;
        yield {
          object: at(table, column),
          message: `is a key of kind "${kind}" where the project has ${kinds.join(' or ')}`,
          location: column.location,
        };
      }
    }
  },
});
