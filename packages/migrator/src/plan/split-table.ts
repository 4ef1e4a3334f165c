import type { Catalog } from '../catalog/describe.ts';
import { usage } from '../errors.ts';
import { columnParts } from '../reverse/column.ts';
import { quote } from '../review/ast.ts';
import type { KnownColumn } from './statements.ts';
import {
  inBatches,
  inSteps,
  leafOf,
  NOTHING,
  notRequired,
  objectName,
  type PlannedFile,
  required,
} from './statements.ts';

type Column = KnownColumn & { readonly name: string };

const keyOf = (catalog: Catalog, table: string): { name: string; type: string }[] => {
  const primary = catalog.find(
    ({ kind, name, definition }) =>
      kind === 'constraint' && name.startsWith(`${table}.`) && definition.startsWith('PRIMARY KEY'),
  );
  const [, list = ''] = /\(([^)]*)\)/.exec(primary?.definition ?? '') ?? [];
  const names = list.split(', ').filter(Boolean);
  if (names.length === 0) throw usage(`${table} has no primary key to join the two tables by`);
  return names.map((name) => {
    const column = catalog.find(
      (object) => object.kind === 'column' && object.name === `${table}.${name}`,
    );
    return { name, type: columnParts(column?.definition ?? '').type };
  });
};

/** Moves columns into a table of their own, one row beside each row of the old table. */
export const splitTable = (
  catalog: Catalog,
  table: string,
  columns: readonly Column[],
  target: string,
): PlannedFile[] => {
  const key = keyOf(catalog, table);
  const keys = key.map(({ name }) => name).join(', ');
  const names = columns.map(({ name }) => quote(name));
  const leaf = leafOf(target);
  const there = quote(objectName('split_to', leaf));
  const back = quote(objectName('split_from', leaf));
  const same = (one: string, other: string) =>
    key.map(({ name }) => `${one}.${name} = ${other}.${name}`).join(' AND ');
  const secured = catalog.find((object) => object.kind === 'row security' && object.name === table);
  const mirrors = `CREATE FUNCTION ${there}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  -- The other table's trigger brought this change here.
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  -- The next release writes the other table itself and gives no values here.
  IF TG_OP = 'INSERT' AND ${names.map((name) => `NEW.${name} IS NULL`).join(' AND ')} THEN RETURN NULL; END IF;
  INSERT INTO ${target} (${[keys, ...names].join(', ')}) VALUES (${[...key.map(({ name }) => name), ...names].map((name) => `NEW.${name}`).join(', ')})
    ON CONFLICT (${keys}) DO UPDATE SET ${names.map((name) => `${name} = EXCLUDED.${name}`).join(', ')};
  RETURN NULL;
END $$;
CREATE TRIGGER ${there} AFTER INSERT OR UPDATE OF ${names.join(', ')} ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${there}();
CREATE FUNCTION ${back}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  UPDATE ${table} SET ${names.map((name) => `${name} = NEW.${name}`).join(', ')} WHERE ${key.map(({ name }) => `${name} = NEW.${name}`).join(' AND ')};
  RETURN NULL;
END $$;
CREATE TRIGGER ${back} AFTER INSERT OR UPDATE OF ${names.join(', ')} ON ${target}
  FOR EACH ROW EXECUTE FUNCTION ${back}();`;
  const unmirrored = `DROP TRIGGER ${there} ON ${table};
DROP FUNCTION ${there}();
DROP TRIGGER ${back} ON ${target};
DROP FUNCTION ${back}();`;
  const definition = ({ name, type }: Column) => `  ${quote(name)} ${type}`;
  const needed = columns.filter(({ notNull }) => notNull);
  const preset = (owner: string) =>
    columns.flatMap(({ name, default: standard }) =>
      standard === undefined
        ? []
        : [`ALTER TABLE ${owner} ALTER COLUMN ${quote(name)} SET DEFAULT ${standard};`],
    );
  const noPreset = (owner: string) =>
    columns.flatMap(({ name, default: standard }) =>
      standard === undefined
        ? []
        : [`ALTER TABLE ${owner} ALTER COLUMN ${quote(name)} DROP DEFAULT;`],
    );
  const freed = needed.map(({ name }) => notRequired(table, name));
  return [
    {
      name: `expand_${leaf}`,
      when: 'before the next release',
      up: `CREATE TABLE ${target} (
${[
  ...key.map(({ name, type }) => `  ${name} ${type} NOT NULL`),
  ...columns.map(definition),
  `  PRIMARY KEY (${keys})`,
  `  FOREIGN KEY (${keys}) REFERENCES ${table} (${keys}) ON DELETE CASCADE ON UPDATE CASCADE`,
].join(',\n')}
);
${
  secured
    ? `ALTER TABLE ${target} ENABLE ROW LEVEL SECURITY;
${secured.definition.endsWith('FORCED') ? `ALTER TABLE ${target} FORCE ROW LEVEL SECURITY;\n` : ''}-- Write here the policies and grants that ${target} needs: without them nobody but its owner sees a row.
`
    : ''
}${[...freed, mirrors].join('\n')}`,
      down: inSteps(
        [
          unmirrored,
          `DROP TABLE ${target};`,
          ...needed.map(({ name }) => required(table, name)),
        ].join('\n'),
      ),
    },
    {
      name: `backfill_${leaf}`,
      when: 'before the next release',
      up: inSteps(
        inBatches(
          table,
          (batch) =>
            `INSERT INTO ${target} (${[keys, ...names].join(', ')}) SELECT ${[keys, ...names].join(', ')} FROM ${table} WHERE ${batch} ON CONFLICT (${keys}) DO NOTHING;`,
        ),
      ),
      down: NOTHING,
    },
    {
      name: `contract_${leaf}`,
      when: 'when every instance runs the next release',
      up: [
        unmirrored,
        ...preset(target),
        ...names.map((name) => `ALTER TABLE ${table} DROP COLUMN ${name};`),
      ].join('\n'),
      down: inSteps(
        [
          ...columns.map(
            ({ name, type }) => `ALTER TABLE ${table} ADD COLUMN ${quote(name)} ${type};`,
          ),
          ...preset(table),
          ...noPreset(target),
          mirrors,
          inBatches(
            table,
            (batch) =>
              `UPDATE ${table} old SET ${names.map((name) => `${name} = new.${name}`).join(', ')} FROM ${target} new WHERE ${same('old', 'new')} AND ${batch.replaceAll('ctid', 'old.ctid')};`,
          ),
        ].join('\n'),
      ),
    },
    ...(needed.length > 0
      ? [
          {
            name: `require_${leaf}`,
            when: 'after that',
            up: inSteps(needed.map(({ name }) => required(target, name)).join('\n')),
            down: needed.map(({ name }) => notRequired(target, name)).join('\n'),
          },
        ]
      : []),
  ];
};
