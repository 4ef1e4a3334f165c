/** The parts of a column's definition. */
interface ColumnParts {
  readonly type: string;
  readonly storage?: string;
  readonly collation?: string;
  readonly expression?: string;
  readonly default?: string;
  readonly identity?: string;
  readonly notNull: boolean;
}

/** Parses the catalog's description of a column. */
export const columnParts = (definition: string): ColumnParts => {
  let text = definition;
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(text);
    if (found) text = text.slice(0, found.index);
    return found?.[1];
  };
  const notNull = take(/( NOT NULL)$/) !== undefined;
  const identity = take(/ GENERATED (ALWAYS|BY DEFAULT) AS IDENTITY$/);
  const expression = take(/ GENERATED ALWAYS AS \((.*)\) (?:STORED|VIRTUAL)$/s);
  const standard = take(/ DEFAULT (.*)$/s);
  const collation = take(/ COLLATE (.*)$/);
  const storage = take(/ STORAGE (\w+)$/);
  return {
    type: text,
    notNull,
    ...(identity === undefined ? {} : { identity }),
    ...(expression === undefined ? {} : { expression }),
    ...(standard === undefined ? {} : { default: standard }),
    ...(collation === undefined ? {} : { collation }),
    ...(storage === undefined ? {} : { storage }),
  };
};

/**
 * The statements that change a column from one definition to another, each to be tried by itself.
 * Undefined if the column must be created again.
 */
export const alterColumn = (
  table: string,
  column: string,
  from: string,
  to: string,
): string[] | undefined => {
  const now = columnParts(from);
  const then = columnParts(to);
  if (then.expression !== undefined && then.expression !== now.expression) return undefined;
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${column}`;
  const statements: string[] = [];
  if (now.expression !== undefined && then.expression === undefined)
    statements.push(`${alter} DROP EXPRESSION;`);
  if (now.identity !== undefined && then.identity === undefined)
    statements.push(`${alter} DROP IDENTITY;`);
  const retyped = now.type !== then.type || now.collation !== then.collation;
  if (now.default !== undefined && (retyped || now.default !== then.default))
    statements.push(`${alter} DROP DEFAULT;`);
  if (retyped)
    statements.push(
      `${alter} SET DATA TYPE ${then.type}${then.collation === undefined ? '' : ` COLLATE ${then.collation}`} USING ${column}::text::${then.type};`,
    );
  if (then.default !== undefined && (retyped || now.default !== then.default))
    statements.push(`${alter} SET DEFAULT ${then.default};`);
  if (now.notNull && !then.notNull) statements.push(`${alter} DROP NOT NULL;`);
  if (!now.notNull && then.notNull) statements.push(`${alter} SET NOT NULL;`);
  if (then.identity !== undefined && now.identity === undefined)
    statements.push(`${alter} ADD GENERATED ${then.identity} AS IDENTITY;`);
  else if (then.identity !== undefined && then.identity !== now.identity)
    statements.push(`${alter} SET GENERATED ${then.identity};`);
  if (now.storage !== then.storage)
    statements.push(`${alter} SET STORAGE ${then.storage ?? 'DEFAULT'};`);
  return statements;
};
