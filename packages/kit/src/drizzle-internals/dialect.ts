import {
  Column,
  type DriverValueEncoder,
  entityKind,
  is,
  Param,
  Placeholder,
  type QueryWithTypings,
  type SQL,
} from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { exactLevel } from './relational.ts';

/**
 * Drizzle's dialect, but a placeholder that is written several times is one parameter: `$1` again,
 * where Drizzle sends the value once more. A condition on rights names its user in each of its
 * parts, and each parameter costs the client 2 µs a call.
 *
 * PostgreSQL takes a parameter's type from its first use; a later use as another type needs a cast.
 */
export class KitDialect extends PgDialect {
  static override readonly [entityKind]: string = 'KitDialect';

  override buildRelationalQueryWithoutPK(
    config: Parameters<PgDialect['buildRelationalQueryWithoutPK']>[0],
  ) {
    return exactLevel((level) => super.buildRelationalQueryWithoutPK(level), config);
  }

  override sqlToQuery(sql: SQL, invokeSource?: 'indexes'): QueryWithTypings {
    const numbers = new ParameterNumbers();
    const counting: PgDialect = Object.create(this, {
      escapeParam: { value: (index: number, param: unknown) => `$${numbers.of(index, param)}` },
    });
    const query = super.sqlToQuery.call(counting, sql, invokeSource);
    return {
      ...query,
      params: numbers.kept(query.params),
      ...(query.typings && { typings: numbers.kept(query.typings) }),
    };
  }
}

interface NumberedPlaceholder {
  readonly name: string;
  readonly encoder: DriverValueEncoder<unknown, unknown> | undefined;
  readonly number: number;
}

/** The `$n` of each parameter of a statement, in the order in which they are written. */
class ParameterNumbers {
  readonly #isFirst: boolean[] = [];
  readonly #placeholders: NumberedPlaceholder[] = [];
  #count = 0;

  /** @param index its place among all that are written, from 0 */
  of(index: number, param: unknown): number {
    const placeholder = placeholderOf(param);
    const known = this.#placeholders.find(
      ({ name, encoder }) => name === placeholder?.name && encoder === placeholder.encoder,
    );
    this.#isFirst[index] = !known;
    if (known) return known.number;
    this.#count++;
    if (placeholder) this.#placeholders.push({ ...placeholder, number: this.#count });
    return this.#count;
  }

  kept<T>(ofAll: readonly T[]): T[] {
    return ofAll.filter((_, index) => this.#isFirst[index]);
  }
}

/** A column that encodes in its own way sends another value, so it needs another parameter. */
function placeholderOf(param: unknown): Omit<NumberedPlaceholder, 'number'> | undefined {
  if (is(param, Placeholder)) return { name: param.name, encoder: undefined };
  if (!is(param, Param) || !is(param.value, Placeholder)) return undefined;
  const { encoder, value } = param;
  const isPlain = encoder.mapToDriverValue === Column.prototype.mapToDriverValue;
  return { name: value.name, encoder: isPlain ? undefined : encoder };
}
