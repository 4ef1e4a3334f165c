import type { Catalog, CatalogObject } from './describe.ts';
import { DETAIL_PARTS } from './detail-queries.ts';
import { DRIFT_LEVELS, type DriftLevel, levelOf } from './levels.ts';

export interface Difference {
  readonly kind: CatalogObject['kind'];
  readonly name: string;
  /** `missing`: only in the first catalog. `extra`: only in the second. */
  readonly change: 'missing' | 'extra' | 'different';
  readonly level: DriftLevel;
  readonly expected?: string;
  readonly actual?: string;
  /** The pending migration that would make the object as it is. */
  readonly pending?: string;
}

/** The table of an index, which the index's own name does not contain. */
const tableOfObject = ({ kind, name, expected, actual }: Omit<Difference, 'level'>): string =>
  kind === 'index'
    ? (/ ON (?:ONLY )?(\S+) USING /.exec(expected ?? actual ?? '')?.[1] ?? '')
    : tableOf(name);

export interface CompareOptions {
  /**
   * Compare the order of a table's columns. Default false, because a column that was dropped and
   * added again comes last, and only `select *` notices.
   */
  readonly columnOrder?: boolean;
}

const isDetail = (kind: CatalogObject['kind']): boolean =>
  kind !== 'comment' && kind in DETAIL_PARTS;

/** Differences that follow from a missing table; its parts are not listed. */
const tableOf = (name: string): string =>
  /^((?:"(?:[^"]|"")*"|[^."])+\.(?:"(?:[^"]|"")*"|[^."])+)\./.exec(name)?.[1] ?? '';

/**
 * Compares two catalogs.
 *
 * @param expected the result of the migrations
 * @param actual the live schema
 * @returns the differences, the gravest first; empty when the schemas are equal
 */
export const compareCatalogs = (
  expected: Catalog,
  actual: Catalog,
  options: CompareOptions = {},
): Difference[] => {
  const keyOf = (object: CatalogObject) => `${object.kind} ${object.name}`;
  const counts = (object: CatalogObject) =>
    options.columnOrder === true || object.kind !== 'column order';
  const left = new Map(expected.filter(counts).map((object) => [keyOf(object), object]));
  const right = new Map(actual.filter(counts).map((object) => [keyOf(object), object]));
  const differences: Omit<Difference, 'level'>[] = [];
  for (const [key, object] of left) {
    const other = right.get(key);
    const { kind, name, definition } = object;
    if (!other) differences.push({ kind, name, change: 'missing', expected: definition });
    else if (other.definition !== definition)
      differences.push({
        kind,
        name,
        change: 'different',
        expected: definition,
        actual: other.definition,
      });
  }
  for (const [key, { kind, name, definition }] of right)
    if (!left.has(key)) differences.push({ kind, name, change: 'extra', actual: definition });

  const whole = new Set(
    differences
      .filter(({ kind, change }) => kind === 'table' && change !== 'different')
      .map(({ name, change }) => `${change} ${name}`),
  );
  // A missing or new object has no owner or state to compare.
  const objects = new Set(
    differences
      .filter(({ kind }) => !isDetail(kind))
      .map(({ name, change }) => `${change} ${name}`),
  );
  const shown = differences.filter((difference) => {
    const { kind, name, change } = difference;
    if (kind === 'table') return true;
    if (whole.has(`${change} ${name}`)) return false;
    if (isDetail(kind) && objects.has(`${change} ${name}`)) return false;
    return !whole.has(`${change} ${tableOfObject(difference)}`);
  });
  // A different set of columns implies a different order.
  const columns = new Set(
    shown
      .filter(({ kind, change }) => kind === 'column' && change !== 'different')
      .map(({ name }) => tableOf(name)),
  );
  return shown
    .filter(({ kind, name }) => kind !== 'column order' || !columns.has(name))
    .map((difference) => {
      const { kind, change, expected, actual } = difference;
      return { ...difference, level: levelOf(kind, change, expected, actual) };
    })
    .sort((a, b) => DRIFT_LEVELS.indexOf(a.level) - DRIFT_LEVELS.indexOf(b.level));
};

/** One line, or two, for a person. */
export const describeDifference = ({
  kind,
  name,
  change,
  expected,
  actual,
  pending,
}: Difference): string => {
  if (pending !== undefined)
    return `already there: ${kind} ${name}, as the pending ${pending} makes it`;
  if (change === 'missing')
    return `missing: ${kind} ${name}${expected ? ` (${firstLine(expected)})` : ''}`;
  if (change === 'extra')
    return `not in the migrations: ${kind} ${name}${actual ? ` (${firstLine(actual)})` : ''}`;
  return `different: ${kind} ${name}\n    migrations: ${expected ?? ''}\n    database:   ${actual ?? ''}`;
};

const firstLine = (text: string): string => {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
};

/** The same of several, a line each. */
export const describeDifferences = (differences: readonly Difference[]): string =>
  differences.map((difference) => `  ${describeDifference(difference)}`).join('\n');
