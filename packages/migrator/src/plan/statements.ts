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

const OUTSIDE = '-- migrator: no-transaction\n';

/** A file that commits statement by statement. */
export const inSteps = (sql: string): string => `${OUTSIDE}${sql}`;

/** Nothing to take back here: the down migration of an earlier file removes what this one filled. */
export const NOTHING = '-- The down migration of the first file removes the values.\nSELECT 1;';

/**
 * Writes a table's rows in batches along its pages, each committed by itself, so that no row stays
 * locked for long. An interrupted run begins anew and passes over what is written.
 */
export const inBatches = (table: string, statement: (batch: string) => string): string =>
  `DO $$ DECLARE last tid := '(0,0)'; next tid; stop tid; BEGIN
  -- Rows that are written move behind the last one and are not to be met again.
  SELECT max(ctid) INTO stop FROM ${table};
  LOOP
    SELECT max(ctid) INTO next FROM (SELECT ctid FROM ${table} WHERE ctid > last AND ctid <= stop ORDER BY ctid LIMIT 5000) batch;
    EXIT WHEN next IS NULL;
    ${statement('ctid > last AND ctid <= next')}
    COMMIT;
    last := next;
  END LOOP;
END $$;`;

/** A column that holds no null becomes NOT NULL; readers and writers go on during the scan. */
export const required = (table: string, column: string): string => {
  const check = quote(`${column}_is_not_null`);
  return `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${quote(column)} IS NOT NULL) NOT VALID;
ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};
ALTER TABLE ${table} ALTER COLUMN ${quote(column)} SET NOT NULL;
ALTER TABLE ${table} DROP CONSTRAINT ${check};`;
};

export const notRequired = (table: string, column: string): string =>
  `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP NOT NULL;`;

/** Two columns of one table that are to hold the same value. */
export interface Mirrored {
  readonly table: string;
  /** The name of the trigger and its function. */
  readonly name: string;
  readonly old: string;
  readonly new: string;
  /** SQL types, where they differ. */
  readonly oldType: string;
  readonly newType: string;
}

const cast = (value: string, from: string, to: string): string =>
  from === to ? value : `${value}::text::${to}`;

/** Keeps two columns equal, whichever of them a release writes. */
export const mirror = ({ table, name, old, new: fresh, oldType, newType }: Mirrored): string => {
  const toNew = cast(`NEW.${quote(old)}`, oldType, newType);
  const toOld = cast(`NEW.${quote(fresh)}`, newType, oldType);
  return `CREATE OR REPLACE FUNCTION ${quote(name)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND NEW.${quote(fresh)} IS DISTINCT FROM OLD.${quote(fresh)} THEN
    NEW.${quote(old)} := ${toOld};
  ELSIF TG_OP = 'UPDATE' OR NEW.${quote(fresh)} IS NULL THEN
    NEW.${quote(fresh)} := ${toNew};
  ELSE
    NEW.${quote(old)} := ${toOld};
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ${quote(name)} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${quote(name)}();`;
};

export const unmirror = ({ table, name }: Pick<Mirrored, 'table' | 'name'>): string =>
  `DROP TRIGGER ${quote(name)} ON ${table};
DROP FUNCTION ${quote(name)}();`;

/** Fills the second of two mirrored columns from the first. */
export const fillMirror = ({ table, old, new: fresh, oldType, newType }: Mirrored): string =>
  inBatches(
    table,
    (batch) =>
      `UPDATE ${table} SET ${quote(fresh)} = ${cast(quote(old), oldType, newType)} WHERE ${batch} AND ${quote(fresh)} IS NULL AND ${quote(old)} IS NOT NULL;`,
  );
