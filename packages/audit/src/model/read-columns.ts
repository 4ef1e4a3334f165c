import type { Casing } from './casing.ts';
import { type Fields, isCallable, isKind, isObject, listOf, textOr } from './entity.ts';
import type { Column } from './model.ts';
import { columnName, sqlText } from './sql-text.ts';

const numberOr = (value: unknown): number | undefined =>
  typeof value === 'number' && value > 0 ? value : undefined;

/** Types whose `dimensions` are their own. */
const DIMENSIONED = /^(vector|halfvec|sparsevec|bit)/;

/** An array's dimensions in Drizzle 1.0, where it is its element's column. */
const dimensionsOf = (column: Fields, sqlType: string): number =>
  isKind(column, 'PgArray') || DIMENSIONED.test(sqlType) ? 0 : (numberOr(column.dimensions) ?? 0);

const sqlTypeOf = (column: Fields): string => {
  try {
    const { getSQLType } = column;
    if (!isCallable(getSQLType)) return 'unknown';
    const sqlType = String(getSQLType.call(column));
    return sqlType + '[]'.repeat(dimensionsOf(column, sqlType));
  } catch {
    return 'unknown';
  }
};

/** The type's name alone: no length, no array, no quotes. */
export const baseTypeOf = (sqlType: string): string =>
  sqlType
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\s*\([^)]*\)/g, '')
    .replaceAll('"', '')
    .trim()
    .toLowerCase();

const defaultOf = (column: Fields, casing: Casing | undefined): Column['default'] => {
  if (column.default !== undefined)
    return isKind(column.default, 'SQL')
      ? { kind: 'sql', text: sqlText(column.default, casing) }
      : { kind: 'value', text: sqlText(column.default, casing) };
  if (isCallable(column.defaultFn)) return { kind: 'function', text: String(column.defaultFn) };
  return undefined;
};

/** A Drizzle column's properties, without its place in the source. */
export const readColumn = (key: string, column: Fields, casing: Casing | undefined): Column => {
  const sqlType = sqlTypeOf(column);
  const whole =
    isKind(column, 'PgArray') && isObject(column.baseColumn) ? column.baseColumn : column;
  const values = listOf(whole.enumValues).filter((value) => typeof value === 'string');
  const enumType = isCallable(whole.enum) || isObject(whole.enum) ? whole.enum : undefined;
  const enumName = enumType ? textOr(Reflect.get(enumType, 'enumName'), undefined) : undefined;
  const baseType = baseTypeOf(sqlType);
  const precision = /\((\d+)/.exec(sqlType)?.[1];
  return {
    key,
    name: columnName(column, casing),
    sqlType,
    baseType,
    length: numberOr(whole.length),
    precision: precision === undefined ? numberOr(whole.precision) : Number(precision),
    isArray: /\[[^\]]*\]/.test(sqlType),
    notNull: column.notNull === true || column.primary === true,
    primary: column.primary === true,
    default: defaultOf(column, casing),
    onUpdate: isCallable(column.onUpdateFn),
    generated: column.generated !== undefined && column.generated !== null,
    identity: isObject(column.generatedIdentity),
    textValues: values.length > 0 && enumName === undefined ? values.map(String) : undefined,
    enumName,
  };
};
