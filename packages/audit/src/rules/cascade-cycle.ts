import { defineRule } from './rule.ts';

export const cascadeCycle = defineRule({
  id: 'cascade-cycle',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'schema',
  title: 'Cascades of deletes do not lead back to where they began',
  why: 'With cascades in a cycle one deleted row can take whole tables along, and no order of inserts satisfies both ends without a deferred constraint. A tree of one table (a parent in the same table) is not meant.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), teamId: text('team_id').references(() => teams.id, { onDelete: 'cascade' }) });
export const teams = pgTable('teams', { id: text('id').primaryKey(), ownerId: text('owner_id').references(() => users.id, { onDelete: 'cascade' }) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), teamId: text('team_id').references(() => teams.id, { onDelete: 'set null' }) });
export const teams = pgTable('teams', { id: text('id').primaryKey(), ownerId: text('owner_id').references(() => users.id, { onDelete: 'cascade' }) });`,
    },
    {
      schema: `export const nodes = pgTable('nodes', { id: text('id').primaryKey(), parentId: text('parent_id').references(() => nodes.id, { onDelete: 'cascade' }) });`,
    },
  ],
  *check({ model }) {
    const children = new Map<string, Set<string>>();
    for (const table of model.tables)
      for (const { target, onDelete } of table.foreignKeys)
        if (onDelete === 'cascade' && target !== table.id)
          children.set(target, (children.get(target) ?? new Set()).add(table.id));
    const reported = new Set<string>();
    for (const table of model.tables) {
      const path = pathBack(table.id, children);
      if (!path || path.some((id) => reported.has(id))) continue;
      for (const id of path) reported.add(id);
      yield {
        object: table.id,
        message: `deletes cascade in a cycle: ${[...path, table.id].join(' → ')}`,
        location: table.location,
      };
    }
  },
});

/** The shortest path from a table through cascades back to it. */
const pathBack = (
  start: string,
  children: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | undefined => {
  const from = new Map<string, string>();
  const waiting = [start];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
    for (const child of children.get(id) ?? []) {
      if (child === start) {
        const path = [id];
        for (let step = id; step !== start; ) {
          step = from.get(step) ?? start;
          path.unshift(step);
        }
        return path;
      }
      if (from.has(child)) continue;
      from.set(child, id);
      waiting.push(child);
    }
  return undefined;
};
