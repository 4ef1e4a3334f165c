import { type AnyColumn, is } from 'drizzle-orm';
import { PgEnumColumn } from 'drizzle-orm/pg-core';

/** A column's type as SQL to cast to. `serial` declares an integer and is no type itself. */
export function castType(column: AnyColumn): string {
  if (is(column, PgEnumColumn)) {
    const { schema, enumName } = column.enum;
    return [...(schema ? [schema] : []), enumName].map(quoted).join('.');
  }
  return column.getSQLType().replace(/^(big|small)?serial$/, (_, size = '') => `${size}int`);
}

/** An identifier as SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
