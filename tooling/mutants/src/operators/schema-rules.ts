import { textChanges } from './statement-text.ts';

/** A rule of the database taken away or changed, as a statement that follows all migrations. */
export interface SchemaChange {
  readonly operator: string;
  /** Offset in the schema dump, for its line. */
  readonly at: number;
  readonly name: string;
  readonly table: string;
  readonly before: string;
  readonly after: string;
  readonly statement: string;
}

/**
 * Every CHECK, unique rule, index, foreign key, policy, row security and trigger of a package's
 * `schema.sql`, dropped or weakened. Written after the last migration, so that a rule made by one
 * migration and replaced by the next is changed once, where it ends up.
 */
export function schemaChanges(dump: string): SchemaChange[] {
  return [...checks(dump), ...foreignKeys(dump), ...indexes(dump), ...rowRules(dump)];
}

/** The table whose definition an offset of the dump lies in. */
function tableAt(dump: string, at: number): string {
  const tables = [...dump.slice(0, at).matchAll(/CREATE TABLE (public\.\S+)/g)];
  return tables.at(-1)?.[1] ?? '';
}

function checks(dump: string): SchemaChange[] {
  const found = dump.matchAll(/^ {2}CONSTRAINT (\S+) (CHECK (.*?)|UNIQUE .*?),?$/gm);
  return [...found].flatMap(({ index, 1: name = '', 2: definition = '', 3: condition }) => {
    const table = tableAt(dump, index);
    const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${name}`;
    const shared = { at: index, name, table, before: `${name} ${definition}` };
    if (!condition) return [{ ...shared, operator: 'unique', after: '', statement: drop }];
    const boundaries = textChanges(condition).filter(({ operator }) => operator === 'boundary');
    const weakened = boundaries.map(({ start, end, text }) => {
      const changed = condition.slice(0, start) + text + condition.slice(end);
      const statement = `${drop}, ADD CONSTRAINT ${name} CHECK ${changed}`;
      return { ...shared, operator: 'check', after: `CHECK ${changed}`, statement };
    });
    return [{ ...shared, operator: 'check', after: '', statement: drop }, ...weakened];
  });
}

function foreignKeys(dump: string): SchemaChange[] {
  const found = dump.matchAll(/^ALTER TABLE (\S+) ADD CONSTRAINT (\S+) (FOREIGN KEY .*);$/gm);
  return [...found].flatMap(({ index, 1: table = '', 2: name = '', 3: definition = '' }) => {
    const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${name}`;
    const shared = { operator: 'foreign key', at: index, name, table };
    const before = `${name} ${definition}`;
    const dropped = { ...shared, before, after: '', statement: drop };
    const without = definition.replace(/ ON DELETE (CASCADE|SET NULL( \(.*?\))?|RESTRICT)/, '');
    if (without === definition) return [dropped];
    const statement = `${drop}, ADD CONSTRAINT ${name} ${without}`;
    return [dropped, { ...shared, before, after: without, statement }];
  });
}

function indexes(dump: string): SchemaChange[] {
  const found = dump.matchAll(/^CREATE (UNIQUE )?INDEX (\S+) ON (\S+) (.*);$/gm);
  return [...found].map(({ index, 1: unique, 2: name = '', 3: table = '', 4: definition = '' }) => {
    const drop = `DROP INDEX public.${name}`;
    const shared = { at: index, name, table, before: `${unique ?? ''}${name} ${definition}` };
    if (!unique) return { ...shared, operator: 'index', after: '', statement: drop };
    const plain = `CREATE INDEX ${name} ON ${table} ${definition.replace(' NULLS NOT DISTINCT', '')}`;
    return { ...shared, operator: 'unique', after: plain, statement: `${drop};\n${plain}` };
  });
}

function rowRules(dump: string): SchemaChange[] {
  const policies = [...dump.matchAll(/^CREATE POLICY (\S+) ON (\S+) (.*);$/gm)].flatMap(
    ({ index, 1: name = '', 2: table = '', 3: definition = '' }) => {
      const shared = {
        operator: 'policy',
        at: index,
        name,
        table,
        before: `${name} ${definition}`,
      };
      const change = (after: string) => {
        const statement = `ALTER POLICY ${name} ON ${table} ${after}`;
        return { ...shared, after, statement };
      };
      return [change('USING (true)'), change('WITH CHECK (true)')];
    },
  );
  const security = [
    ...dump.matchAll(/^ALTER TABLE (\S+) (ENABLE|FORCE) ROW LEVEL SECURITY;$/gm),
  ].map(({ index, 0: before, 1: table = '', 2: kind }) => {
    const after = kind === 'FORCE' ? 'NO FORCE' : 'DISABLE';
    const statement = `ALTER TABLE ${table} ${after} ROW LEVEL SECURITY`;
    return { operator: 'policy', at: index, name: table, table, before, after, statement };
  });
  const triggers = [...dump.matchAll(/^CREATE TRIGGER (\S+) .*? ON (\S+) .*;$/gm)].map(
    ({ index, 0: before, 1: name = '', 2: table = '' }) => {
      const statement = `DROP TRIGGER ${name} ON ${table}`;
      return { operator: 'trigger', at: index, name, table, before, after: '', statement };
    },
  );
  return [...policies, ...security, ...triggers];
}
