import { quote } from '../review/ast.ts';
import type { Change } from './change.ts';
import {
  AFTER,
  addColumn,
  dollarQuoted,
  dropColumn,
  FIRST,
  functionName,
  inBatches,
  inSteps,
  leafOf,
  NOTHING,
  objectName,
  type PlannedFile,
  requireNew,
  setDefault,
  unmirror,
} from './statements.ts';
import { isDefaultValue } from './value.ts';

type AddRequired = Extract<Change, { kind: 'add-required' }>;

/** The statements that fill the column in rows of the previous release, and those that end this. */
const presetOf = ({ table, column, value }: AddRequired): { up: string; down: string } => {
  if (isDefaultValue(value))
    return {
      up: setDefault(table, column, value).trimEnd(),
      down: `ALTER TABLE ${table} ALTER COLUMN ${quote(column)} DROP DEFAULT;`,
    };
  const name = objectName('fill', leafOf(table), column);
  const body = ` BEGIN
  IF NEW.${quote(column)} IS NULL THEN
    -- A default can read neither a table nor another column.
    SELECT ${value} INTO NEW.${quote(column)} FROM (SELECT NEW.*) AS ${quote(leafOf(table))};
  END IF;
  RETURN NEW;
END `;
  return {
    up: `CREATE FUNCTION ${functionName(table, name)}() RETURNS trigger LANGUAGE plpgsql AS ${dollarQuoted(body)};
CREATE TRIGGER ${quote(name)} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${functionName(table, name)}();`,
    down: unmirror({ table, name }),
  };
};

/**
 * Adds a required column in steps; until the last one, the server fills it if a release does not.
 */
export const addRequired = (change: AddRequired): PlannedFile[] => {
  const { table, column, type, value } = change;
  const preset = presetOf(change);
  const isDefault = preset.up.startsWith('ALTER');
  return [
    {
      name: `expand_${column}`,
      when: FIRST,
      // Two statements, because a default that is added later does not rewrite existing rows.
      up: `${addColumn(table, column, type)}\n${preset.up}`,
      down: isDefault ? dropColumn(table, column) : `${preset.down}\n${dropColumn(table, column)}`,
    },
    {
      name: `backfill_${column}`,
      when: FIRST,
      up: inSteps(
        inBatches(
          table,
          (batch) =>
            `UPDATE ${table} SET ${quote(column)} = ${value} WHERE ${batch} AND ${quote(column)} IS NULL;`,
        ),
      ),
      down: NOTHING,
    },
    requireNew(table, column, `require_${column}`),
    {
      name: `contract_${isDefault ? 'default' : 'trigger'}_of_${column}`,
      when: `${AFTER}, which writes the column itself`,
      up: preset.down,
      down: preset.up,
    },
  ];
};
