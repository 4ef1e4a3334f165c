import { type AnyColumn, getTableName, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { castType } from './column-type.ts';
import { decodeCursor, encodeCursor, type KeyValue, orderFingerprint } from './cursor.ts';
import { UsageError } from './errors.ts';

type Direction = 'asc' | 'desc';

/** One key of an order: a column, or an expression with the type its value is compared as. */
export type OrderKey = {
  readonly direction?: Direction | undefined;
  /** Default: PostgreSQL's, which plain indexes have: last when ascending, first when descending. */
  readonly nulls?: 'first' | 'last' | undefined;
} & (
  | { readonly column: AnyColumn }
  | { readonly expression: SQL; readonly type: string; readonly nullable?: boolean | undefined }
);

/** One page of a list. */
export interface KeysetPage<T> {
  readonly items: T[];
  /** Pass as `after` for the following page; null on the last one. */
  readonly nextCursor: string | null;
  /** Pass as `before` for the page before; null on the first one. */
  readonly previousCursor: string | null;
}

/** Where a page starts: after one cursor, or before one. Neither is the first page. */
export interface Seek {
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** A key's value, or the placeholder for one that is not null. */
type KeyBound = KeyValue | Placeholder;

interface Key {
  readonly target: SQL;
  readonly type: string;
  readonly nullable: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A row with the text of its keys, which `page` reads and takes off. */
export interface Keyed {
  cursorKey: string;
}

/**
 * Keyset pagination over an order. The keys must together be unique: end with the primary key.
 *
 * The cursor holds each key's text as PostgreSQL writes it (microseconds, full numeric precision),
 * never a JavaScript `Date` or number, so no row is skipped or repeated. With columns that are not
 * null and all of one direction the predicate is a row comparison, `(a, b) > ($1, $2)`, which an
 * index on (a, b) serves at any depth. Mixed directions keep an index bound on the first key.
 * A nullable first key is correct, but deep pages read the rows they skip.
 *
 * @example
 * const order = keyset([{ column: pages.updatedAt, direction: 'desc' }, { column: pages.id }]);
 * return listPage(order, { after: params.cursor }, (seek) =>
 *   db
 *     .select({ id: pages.id, title: pages.title, ...seek.select })
 *     .from(pages)
 *     .where(and(eq(pages.driveId, driveId), seek.where))
 *     .orderBy(...seek.orderBy)
 *     .limit(seek.limit),
 * );
 */
export function keyset(orderKeys: readonly OrderKey[]) {
  if (orderKeys.length === 0)
    throw new UsageError('keyset() needs at least one column to order by.');
  const keys = orderKeys.map(toKey);
  const fingerprint = orderFingerprint(orderKeys.map(describeKey));
  const keyTexts = sql.join(
    keys.map(({ target }) => sql`(${target})::text`),
    sql`, `,
  );
  const forward = keys.map((key) => ordering(key, false));
  const backward = keys.map((key) => ordering(key, true));

  function seekFrom(values: readonly KeyBound[] | undefined, reversed: boolean) {
    return {
      where: values ? beyond(keys, values, reversed) : undefined,
      orderBy: reversed ? backward : forward,
      page: <R extends Keyed>(rows: readonly R[], limit: number) =>
        toPage(rows, limit, { reversed, resumed: values !== undefined, fingerprint }),
    };
  }

  const keysOf = (cursor: string) => decodeCursor(cursor, fingerprint, keys.length);

  function seek(from: Seek) {
    const cursor = cursorOf(from);
    return seekFrom(cursor ? keysOf(cursor) : undefined, Boolean(from.before));
  }

  return {
    /** Spread into the select: the keys' text, which `page` turns into cursors. */
    select: { cursorKey: sql<string>`jsonb_build_array(${keyTexts})::text`.as('cursorKey') },
    /** The order of a forward page. */
    orderBy: forward,
    /** The predicate "after this cursor"; undefined without a cursor. */
    after: (cursor: string | null | undefined) => seek({ after: cursor }).where,
    /** The predicate "before this cursor"; its page must be read with `seek({ before })`. */
    before: (cursor: string | null | undefined) => seek({ before: cursor }).where,
    /**
     * Both directions: `{ where, orderBy, page }` for `{ after }` or `{ before }`.
     * @throws InvalidInputError when the cursor is damaged or belongs to another list
     */
    seek,
    /** Like `seek`, from keys or placeholders for them instead of a cursor: what `preparedPages` uses. */
    seekFrom,
    /**
     * The keys that a cursor holds.
     * @throws InvalidInputError as `seek` does
     */
    keysOf,
    /**
     * Cuts `limit + 1` rows into a page. Takes the key off the rows themselves.
     * @param resumed whether the query started at a cursor
     * @param reversed whether it read backwards, before a cursor
     */
    page: <R extends Keyed>(rows: readonly R[], limit: number, resumed = false, reversed = false) =>
      toPage(rows, limit, { reversed, resumed, fingerprint }),
    /** Like `page`, for rows without a key of their own: `keysOf` gives the keys' texts from the row. */
    pageBy: <R>(
      rows: readonly R[],
      limit: number,
      { resumed, reversed }: { resumed: boolean; reversed: boolean },
      keysOf: (row: R) => readonly string[],
    ) => cut(rows, limit, { reversed, resumed, fingerprint }, (row) => JSON.stringify(keysOf(row))),
  };
}

/** The one cursor that a page starts at, if any. */
export function cursorOf({ after, before }: Seek): string | null | undefined {
  if (after && before) throw new UsageError('Give a page either `after` or `before`, not both.');
  return after || before;
}

/** The result of `keyset`. */
export type KeysetOrder = ReturnType<typeof keyset>;

function toKey(key: OrderKey): Key {
  const descending = key.direction === 'desc';
  const nullsFirst = key.nulls === undefined ? descending : key.nulls === 'first';
  if ('column' in key) {
    return {
      target: sql`${key.column}`,
      type: castType(key.column),
      nullable: !key.column.notNull,
      descending,
      nullsFirst,
    };
  }
  return {
    target: key.expression,
    type: key.type,
    nullable: key.nullable ?? true,
    descending,
    nullsFirst,
  };
}

function describeKey(key: OrderKey): string {
  const name =
    'column' in key
      ? `${getTableName(key.column.table)}.${key.column.name}`
      : `expression ${key.type}`;
  return `${name} ${key.direction ?? 'asc'} ${key.nulls ?? ''}`;
}

function ordering(key: Key, reversed: boolean): SQL {
  const direction = key.descending !== reversed ? sql`desc` : sql`asc`;
  if (!key.nullable) return sql`${key.target} ${direction}`;
  return sql`${key.target} ${direction} nulls ${key.nullsFirst !== reversed ? sql`first` : sql`last`}`;
}

/** The rows strictly beyond a row in the direction of travel. */
function beyond(keys: readonly Key[], values: readonly KeyBound[], reversed: boolean): SQL {
  const steps = keys.map((key, index) => ({
    key,
    value: values[index] ?? null,
    downward: key.descending !== reversed,
    nullsFirst: key.nullsFirst !== reversed,
  }));
  const uniform = steps.every(
    ({ key, downward }) => !key.nullable && downward === steps[0]?.downward,
  );
  if (uniform) {
    const left = sql.join(
      keys.map(({ target }) => target),
      sql`, `,
    );
    const right = sql.join(
      steps.map(({ key, value }) => bound(key, value)),
      sql`, `,
    );
    return sql`(${left}) ${steps[0]?.downward ? sql`<` : sql`>`} (${right})`;
  }
  const expanded = steps.reduceRight<SQL | undefined>((rest, step) => {
    const past = pastKey(step);
    return rest ? sql`(${past} or (${sameKey(step)} and ${rest}))` : sql`(${past})`;
  }, undefined);
  const first = steps[0];
  if (!first || !expanded || first.key.nullable) return expanded ?? sql`false`;
  // Redundant, but an index can start at it; it can't start at a disjunction.
  const edge = sql`${first.key.target} ${first.downward ? sql`<=` : sql`>=`} ${bound(first.key, first.value)}`;
  return sql`(${edge} and ${expanded})`;
}

interface Step {
  readonly key: Key;
  readonly value: KeyBound;
  readonly downward: boolean;
  readonly nullsFirst: boolean;
}

function pastKey({ key, value, downward, nullsFirst }: Step): SQL {
  if (value === null) return nullsFirst ? sql`${key.target} is not null` : sql`false`;
  const past = sql`${key.target} ${downward ? sql`<` : sql`>`} ${bound(key, value)}`;
  return key.nullable && !nullsFirst ? sql`(${past} or ${key.target} is null)` : past;
}

function sameKey({ key, value }: Step): SQL {
  return value === null ? sql`${key.target} is null` : sql`${key.target} = ${bound(key, value)}`;
}

const bound = (key: Key, value: KeyBound) => sql`${value}::${sql.raw(key.type)}`;

interface Cut {
  readonly reversed: boolean;
  readonly resumed: boolean;
  readonly fingerprint: string;
}

function toPage<R extends Keyed>(
  rows: readonly R[],
  limit: number,
  from: Cut,
): KeysetPage<Omit<R, 'cursorKey'>> {
  const page = cut(rows, limit, from, keyOfRow);
  for (const row of page.items) takeOffKey(row);
  return page;
}

function cut<R>(
  rows: readonly R[],
  limit: number,
  from: Cut,
  keyText: (row: R) => string,
): KeysetPage<R> {
  const more = rows.length > limit;
  const kept = rows.slice(0, limit);
  if (from.reversed) kept.reverse();
  const next = (from.reversed ? from.resumed : more) ? kept.at(-1) : undefined;
  const previous = (from.reversed ? more : from.resumed) ? kept[0] : undefined;
  return {
    items: kept,
    nextCursor: next === undefined ? null : encodeCursor(keyText(next), from.fingerprint),
    previousCursor:
      previous === undefined ? null : encodeCursor(keyText(previous), from.fingerprint),
  };
}

const keyOfRow = (row: Keyed) => row.cursorKey;

/**
 * Deletes the key from the row itself, because copying every row costs more than the rest of a
 * page.
 */
function takeOffKey(row: Partial<Keyed>): void {
  delete row.cursorKey;
}
