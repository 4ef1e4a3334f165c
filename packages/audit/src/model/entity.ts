// Drizzle's objects are recognised by symbols that all of its copies and versions share, so this
// reads a schema of any drizzle-orm.

const KIND = Symbol.for('drizzle:entityKind');

export type Fields = Record<PropertyKey, unknown>;

/**
 * Distinct from other objects, so that a value that is no entity stays an object to the compiler.
 */
export type Entity = Fields & { readonly drizzleEntity?: never };

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null;

export const isCallable = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === 'function';

/** True if a value is an instance of one of Drizzle's classes, by the class's own name. */
export const isKind = (value: unknown, kind: string): value is Entity => {
  if (!isObject(value) && !isCallable(value)) return false;
  let prototype: unknown = Object.getPrototypeOf(value);
  while (isObject(prototype)) {
    const made = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (isCallable(made) && Object.hasOwn(made, KIND) && Reflect.get(made, KIND) === kind)
      return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
};

export const symbolOf = (value: Fields, name: string): unknown =>
  value[Symbol.for(`drizzle:${name}`)];

export const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise;

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A table of PostgreSQL as declared, not an alias of one. */
export const isTable = (value: unknown): value is Entity =>
  isKind(value, 'PgTable') && symbolOf(value, 'IsAlias') !== true;

export const tableName = (table: Fields): string => textOr(symbolOf(table, 'Name'), '');

export const tableSchema = (table: Fields): string | undefined =>
  textOr(symbolOf(table, 'Schema'), undefined);
