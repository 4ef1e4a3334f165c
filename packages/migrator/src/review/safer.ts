import { quote } from './ast.ts';

/** Safer sequences of statements to the same end; each runs unchanged. */

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const copyColumnType = (table: string, from: string, to: string): string =>
  `DO $$ BEGIN
  EXECUTE (SELECT format('ALTER TABLE ${table.replaceAll("'", "''")} ADD COLUMN ${quote(to).replaceAll("'", "''")} %s', format_type(atttypid, atttypmod))
           FROM pg_attribute WHERE attrelid = ${text(table)}::regclass AND attname = ${text(from)});
END $$;`;

/** A block that writes in batches and commits each; it needs a no-transaction file. */
const inBatches = (update: string): string =>
  `-- A file of its own that starts with: -- migrator: no-transaction
DO $$ DECLARE changed bigint; BEGIN
  LOOP
    ${update}
    GET DIAGNOSTICS changed = ROW_COUNT;
    COMMIT;
    EXIT WHEN changed = 0;
  END LOOP;
END $$;`;

const mirror = (table: string, from: string, to: string, cast: string): string => {
  const name = quote(`mirror_${from}_to_${to}`.slice(0, 63));
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.${quote(to)} := NEW.${quote(from)}${cast};
  RETURN NEW;
END $$;
CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE OF ${quote(from)} ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${name}();`;
};

export const saferColumnRename = (table: string, from: string, to: string): string =>
  `-- 1. Expand: the new column beside the old one, kept equal while both releases run.
${copyColumnType(table, from, to)}
${mirror(table, from, to, '')}
-- 2. Fill the rows that are there.
${inBatches(`UPDATE ${table} SET ${quote(to)} = ${quote(from)} WHERE ctid IN (
      SELECT ctid FROM ${table} WHERE ${quote(to)} IS DISTINCT FROM ${quote(from)} LIMIT 5000);`)}
-- 3. A release that reads and writes ${quote(to)}; after it, drop the trigger, its function and the column ${quote(from)}.`;

export const saferTableRename = (table: string, newName: string, oldName: string): string =>
  `-- A view under the old name serves the previous release, reads and writes, until it is gone.
ALTER TABLE ${table} RENAME TO ${quote(newName)};
CREATE VIEW ${quote(oldName)} WITH (security_invoker = true) AS SELECT * FROM ${quote(newName)};`;

export const saferTypeChange = (table: string, column: string, type: string): string => {
  const next = `${column}_new`;
  return `-- 1. Expand: a column of the new type, kept equal while both releases run.
ALTER TABLE ${table} ADD COLUMN ${quote(next)} ${type};
${mirror(table, column, next, `::text::${type}`)}
-- 2. Fill the rows that are there.
${inBatches(`UPDATE ${table} SET ${quote(next)} = ${quote(column)}::text::${type} WHERE ctid IN (
      SELECT ctid FROM ${table} WHERE ${quote(next)} IS NULL AND ${quote(column)} IS NOT NULL LIMIT 5000);`)}
-- 3. A release that uses ${quote(next)}; after it, drop the trigger, its function and the column ${quote(column)}.`;
};

export const saferNotNull = (table: string, column: string): string => {
  const name = quote(`${column}_is_not_null`);
  return `-- 1. New rows are checked from now on; nothing is scanned.
ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${quote(column)} IS NOT NULL) NOT VALID;
-- 2. In a later migration: the scan lets reads and writes go on, and SET NOT NULL then trusts the check.
ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};
ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET NOT NULL;
ALTER TABLE ${table} DROP CONSTRAINT ${name};`;
};

const SAMPLES: Record<string, string> = {
  text: "''",
  varchar: "''",
  bpchar: "''",
  citext: "''",
  int2: '0',
  int4: '0',
  int8: '0',
  numeric: '0',
  float4: '0',
  float8: '0',
  bool: 'false',
  timestamp: 'now()',
  timestamptz: 'now()',
  date: 'current_date',
  uuid: 'gen_random_uuid()',
  json: "'{}'",
  jsonb: "'{}'",
};

/** Adds a column in steps: nullable, filled in batches, then NOT NULL. */
export const saferRequiredColumn = (
  table: string,
  column: string,
  type: string,
  typeName: string,
  array: boolean,
  fill: string | undefined,
): string => {
  const value = fill ?? (array ? "'{}'" : SAMPLES[typeName]);
  const steps = `-- 1. Expand: nullable, so that the previous release can still insert.
ALTER TABLE ${table} ADD COLUMN ${quote(column)} ${type};`;
  if (value === undefined)
    return `${steps}
-- 2. A release that writes it; fill the old rows; then, in a later migration, a NOT NULL check:
ALTER TABLE ${table} ADD CONSTRAINT ${quote(`${column}_is_not_null`)} CHECK (${quote(column)} IS NOT NULL) NOT VALID;`;
  return `${steps}
-- 2. A release that writes it; then the right value for the old rows.
${inBatches(`UPDATE ${table} SET ${quote(column)} = ${value} WHERE ctid IN (
      SELECT ctid FROM ${table} WHERE ${quote(column)} IS NULL LIMIT 5000);`)}
-- 3. In a later migration:
${saferNotNull(table, column)}`;
};

/** An identity that continues after the existing values. */
export const saferIdentity = (table: string, column: string): string =>
  `-- In one file, so that nobody is given a number in between.
ALTER TABLE ${table} ALTER COLUMN ${quote(column)} ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence(${text(table)}, ${text(column)}), (SELECT coalesce(max(${quote(column)}), 0) + 1 FROM ${table}), false);`;

export const saferConstraint = (definition: string, table: string, name: string): string =>
  `-- 1. New rows are checked from now on; nothing is scanned.
${definition} NOT VALID;
-- 2. In a later migration: the scan lets reads and writes go on.
ALTER TABLE ${table} VALIDATE CONSTRAINT ${quote(name)};`;

export const saferUnique = (
  table: string,
  name: string,
  columns: readonly string[],
  kind: 'UNIQUE' | 'PRIMARY KEY',
): string => {
  const nullable =
    kind === 'PRIMARY KEY' ? '\n-- The columns must be NOT NULL already: see set-not-null.' : '';
  return `-- A file of its own that starts with: -- migrator: no-transaction${nullable}
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS ${quote(name)} ON ${table} (${columns.map(quote).join(', ')});
ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} ${kind} USING INDEX ${quote(name)};`;
};

/** The statement itself, built concurrently. */
export const saferIndex = (statement: string): string =>
  `-- A file of its own that starts with: -- migrator: no-transaction
${statement
  .replace(/\bindex\b(?!\s+concurrently)/i, 'INDEX CONCURRENTLY')
  .replace(/(concurrently)(?!\s+if\s+not\s+exists)(?=\s+(?!on\b)\S)/i, '$1 IF NOT EXISTS')};`;

/** Copies the data that is about to be lost. */
export const saferCopy = (table: string, backup: string, condition?: string): string =>
  `-- Keep a copy first; drop it when nobody has missed the rows for a while.
CREATE TABLE ${quote(backup.slice(0, 63))} AS SELECT * FROM ${table}${condition ? ` WHERE ${condition}` : ''};`;

export const saferDropTable = (table: string, name: string): string =>
  `-- When no running release uses it: out of sight first, dropped in a later migration.
ALTER TABLE ${table} RENAME TO ${quote(`${name}_unused`.slice(0, 63))};`;

export const saferDropColumn = (table: string, column: string): string =>
  `-- Contract in two releases: this migration lets code leave the column out;
ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP NOT NULL;
-- once no running release reads it, a later one drops it.`;
