import { createHash } from 'node:crypto';
import { quote } from '../review/ast.ts';

/** One file of a plan, with its down migration. */
export interface PlannedFile {
  /** In snake_case, without a number. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  /** When to deploy it. */
  readonly when: string;
}

/** A column before the change. */
export interface KnownColumn {
  readonly type: string;
  readonly default?: string;
  readonly notNull: boolean;
}

/** When a step is due. */
export const FIRST = 'before the next release';
export const AFTER = 'when every instance runs the next release';

const OUTSIDE = '-- migrator: no-transaction\n';

/** A file that commits statement by statement. */
export const inSteps = (sql: string): string => `${OUTSIDE}${sql}`;

/** Needs no SQL, because the down migration of an earlier file removes the filled values. */
export const NOTHING = '-- The down migration of the first file removes the values.\nSELECT 1;';

/** Quotes a text with dollar quotes that it does not contain. */
export const dollarQuoted = (text: string): string => {
  let tag = '$$';
  for (let number = 1; text.includes(tag); number += 1) tag = `$body${number}$`;
  return `${tag}${text}${tag}`;
};

const LONGEST_NAME = 63;

/** The last part of a table's name, without its quotes. */
export const leafOf = (table: string): string =>
  table.slice(table.lastIndexOf('.') + 1).replaceAll('"', '');

/**
 * The name of an object that a plan makes for one table, short enough that the server does not cut
 * two to the same.
 */
export const objectName = (...parts: readonly string[]): string => {
  const name = parts.join('_');
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${[...name.replace(/[^ -~]/g, '')].slice(0, LONGEST_NAME - 9).join('')}_${digest}`;
};

/** A function beside the table, in its schema. */
export const functionName = (table: string, name: string): string =>
  `${table.slice(0, table.lastIndexOf('.'))}.${quote(name)}`;

export const addColumn = (table: string, column: string, type: string): string =>
  `ALTER TABLE ${table} ADD COLUMN ${quote(column)} ${type};`;
export const dropColumn = (table: string, column: string): string =>
  `ALTER TABLE ${table} DROP COLUMN ${quote(column)};`;
export const setDefault = (table: string, column: string, value: string | undefined): string =>
  value === undefined
    ? ''
    : `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET DEFAULT ${value};\n`;

/**
 * Writes a table's rows in batches along its pages, each committed by itself, so that no row stays
 * locked for long. An interrupted run starts again and skips the written rows.
 */
export const inBatches = (table: string, statement: (batch: string) => string): string =>
  `DO ${dollarQuoted(` DECLARE last tid := '(0,0)'; next tid; stop tid; BEGIN
  -- Rows that are written move behind the last one and are not to be met again.
  SELECT max(ctid) INTO stop FROM ${table};
  LOOP
    SELECT max(ctid) INTO next FROM (SELECT ctid FROM ${table} WHERE ctid > last AND ctid <= stop ORDER BY ctid LIMIT 5000) batch;
    EXIT WHEN next IS NULL;
    ${statement('ctid > last AND ctid <= next')}
    COMMIT;
    last := next;
  END LOOP;
END `)};`;

/** Makes a column without nulls NOT NULL; readers and writers go on during the scan. */
export const required = (table: string, column: string): string => {
  const check = quote(`${column}_is_not_null`);
  return `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${quote(column)} IS NOT NULL) NOT VALID;
ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};
ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET NOT NULL;
ALTER TABLE ${table} DROP CONSTRAINT ${check};`;
};

/** The step that makes a filled column NOT NULL. */
export const requireNew = (table: string, column: string, name: string): PlannedFile => ({
  name,
  when: FIRST,
  up: inSteps(required(table, column)),
  down: notRequired(table, column),
});

export const notRequired = (table: string, column: string): string =>
  `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP NOT NULL;`;

/** Two columns of one table that shall hold the same value. */
export interface Mirrored {
  readonly table: string;
  /** The name of the trigger and its function. */
  readonly name: string;
  readonly old: string;
  readonly new: string;
  /** SQL types, if they differ. */
  readonly oldType: string;
  readonly newType: string;
}

const cast = (value: string, from: string, to: string): string =>
  from === to ? value : `${value}::text::${to}`;

/** Keeps two columns equal, whichever one a release writes. */
export const mirror = ({ table, name, old, new: fresh, oldType, newType }: Mirrored): string => {
  const toNew = cast(`NEW.${quote(old)}`, oldType, newType);
  const toOld = cast(`NEW.${quote(fresh)}`, newType, oldType);
  return `CREATE OR REPLACE FUNCTION ${functionName(table, name)}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted(` BEGIN
  IF TG_OP = 'UPDATE' AND NEW.${quote(fresh)} IS DISTINCT FROM OLD.${quote(fresh)} THEN
    NEW.${quote(old)} := ${toOld};
  ELSIF TG_OP = 'UPDATE' OR NEW.${quote(fresh)} IS NULL THEN
    NEW.${quote(fresh)} := ${toNew};
  ELSE
    NEW.${quote(old)} := ${toOld};
  END IF;
  RETURN NEW;
END `)};
CREATE OR REPLACE TRIGGER ${quote(name)} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${functionName(table, name)}();`;
};

export const unmirror = ({ table, name }: Pick<Mirrored, 'table' | 'name'>): string =>
  `DROP TRIGGER ${quote(name)} ON ${table};
DROP FUNCTION ${functionName(table, name)}();`;

/** Fills the second of two mirrored columns from the first. */
export const fillMirror = ({ table, old, new: fresh, oldType, newType }: Mirrored): string =>
  inBatches(
    table,
    (batch) =>
      `UPDATE ${table} SET ${quote(fresh)} = ${cast(quote(old), oldType, newType)} WHERE ${batch} AND ${quote(fresh)} IS NULL AND ${quote(old)} IS NOT NULL;`,
  );
