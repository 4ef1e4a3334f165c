import { at, defineRule, describeIndex, matches } from './rule.ts';

const table = (
  extra: string,
  rest = '',
) => `export const tenants = pgTable('tenants', { id: uuid('id').primaryKey() });
export const notes = pgTable('notes', { ${extra} }${rest});`;

export const tenantScope = defineRule({
  id: 'tenant-scope',
  group: 'tenancy',
  severity: 'error',
  needs: 'schema',
  title: 'Every row and every key names its tenant',
  why: 'A table without the scoping column cannot be isolated, and a unique or foreign key without it works across tenants: one can learn of the other’s rows, or refer to them. The constraint must contain it, because foreign-key checks bypass row security.',
  source: 'PostgreSQL manual 5.9 Row Security Policies (referential integrity bypasses them)',
  perTable: true,
  options: {
    /** The scoping column's database name; without it the rule is off. */
    column: '',
    /** Tables of no tenant. */
    except: [] as string[],
    /** True if unique keys must contain it too. */
    unique: true,
    /** True if foreign keys between scoped tables must contain it too. */
    foreignKeys: true,
  },
  bad: [
    {
      schema: table(`id: uuid('id').primaryKey()`),
      options: { column: 'tenant_id', except: ['tenants'] },
    },
    {
      schema: table(
        `tenantId: uuid('tenant_id'), id: uuid('id')`,
        `, (t) => [primaryKey({ columns: [t.id] })]`,
      ),
      options: { column: 'tenant_id', except: ['tenants'], unique: false },
    },
    {
      schema: table(
        `tenantId: uuid('tenant_id').notNull(), id: uuid('id').primaryKey(), slug: text('slug').unique()`,
      ),
      options: { column: 'tenant_id', except: ['tenants'] },
    },
    {
      schema: `export const users = pgTable('users', { tenantId: uuid('tenant_id').notNull(), id: uuid('id') }, (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique('u').on(t.id, t.tenantId)]);
export const notes = pgTable('notes', { tenantId: uuid('tenant_id').notNull(), id: uuid('id'), userId: uuid('user_id') }, (t) => [primaryKey({ columns: [t.tenantId, t.id] }), foreignKey({ columns: [t.userId], foreignColumns: [users.id] })]);`,
      options: { column: 'tenant_id', unique: false },
    },
  ],
  good: [
    {
      schema: table(
        `tenantId: uuid('tenant_id').notNull(), id: uuid('id'), slug: text('slug')`,
        `, (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique('s').on(t.tenantId, t.slug), foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] })]`,
      ),
      options: { column: 'tenant_id', except: ['tenants'] },
    },
    { schema: table(`id: uuid('id').primaryKey()`) },
  ],
  *check({ model }, { column: name, except, unique, foreignKeys }) {
    if (name === '') return;
    const scoped = new Set(
      model.tables
        .filter((table) => table.columns.some((column) => column.name === name))
        .map(({ id }) => id),
    );
    for (const table of model.tables) {
      if (matches(except, table.id) || table.knownInPart) continue;
      const column = table.columns.find((candidate) => candidate.name === name);
      if (!column) {
        yield { object: table.id, message: `has no ${name}`, location: table.location };
        continue;
      }
      if (!column.notNull)
        yield {
          object: at(table, column),
          message: 'may be null: such a row is nobody’s',
          location: column.location,
        };
      for (const index of table.indexes)
        if (unique && index.unique && !index.parts.some((part) => part.column === name))
          yield {
            object: at(table, describeIndex(index)),
            message: `is unique across every ${name}`,
            location: index.location,
          };
      for (const key of table.foreignKeys)
        if (foreignKeys && scoped.has(key.target) && !key.columns.includes(name))
          yield {
            object: at(table, key.columns.join(',')),
            message: `may refer to a row of ${key.target} with another ${name}`,
            location: key.location,
          };
    }
  },
});
