import type { DemandedColumn, DemandedTable, Demands } from './demands.ts';
import type { Write } from './writes.ts';

/** A write that a schema rejects, or may reject depending on the value. */
export interface Complaint {
  readonly sqlstate: string;
  /** False if the written value decides. */
  readonly certain: boolean;
  readonly message: string;
}

const keyOf = ({ schema, table }: Write, { tables, searchPath }: Demands): string | undefined =>
  (schema === undefined ? searchPath : [schema])
    .map((one) => `${one}.${table}`)
    .find((key) => tables.has(key));

/** The columns that a write gives a value. */
const given = (write: Write, table: DemandedTable): readonly string[] =>
  write.columns ?? table.columns.slice(0, write.count).map(({ name }) => name);

const lengthOf = (type: string): number => Number(/\((\d+)/.exec(type)?.[1] ?? Number.NaN);

/** Writes that are refused in any case, because a value is missing. */
const missing = (write: Write, table: DemandedTable): Map<string, Complaint> => {
  const found = new Map<string, Complaint>();
  const columns = given(write, table);
  for (const { name, notNull, filled } of table.columns) {
    if (!notNull) continue;
    const absent = write.verb === 'insert' && !filled && !columns.includes(name);
    if (absent || write.nulls.includes(name))
      found.set(name, {
        sqlstate: '23502',
        certain: true,
        message: absent
          ? `it gives ${name} no value, and the column is NOT NULL without a default`
          : `it writes NULL into ${name}, which is NOT NULL`,
      });
  }
  return found;
};

/** Values that a column accepted before and rejects now. */
const narrowed = (
  before: DemandedColumn,
  after: DemandedColumn,
): Omit<Complaint, 'certain'> | undefined => {
  const { name } = after;
  if (after.notNull && !before.notNull)
    return { sqlstate: '23502', message: `${name} is NOT NULL now, and the value may be null` };
  const lost = before.labels?.filter((label) => !after.labels?.includes(label)) ?? [];
  if (after.labels && lost.length > 0)
    return {
      sqlstate: '22P02',
      message: `the type of ${name} has no longer ${lost.map((label) => `'${label}'`).join(', ')}`,
    };
  const [was, is] = [lengthOf(before.type), lengthOf(after.type)];
  if (before.baseType === after.baseType && !Number.isNaN(is) && !(is >= was))
    return { sqlstate: '22001', message: `${name} was ${before.type} and is ${after.type} now` };
  return undefined;
};

/**
 * The reasons for which one state's schema rejects a write that its own release's schema accepts.
 *
 * @param own the demands of the release's own schema
 * @param state the demands of the schema that it meets
 */
export const complaintsOf = (write: Write, own: Demands, state: Demands): Complaint[] => {
  const [ownKey, key] = [keyOf(write, own), keyOf(write, state)];
  const before = own.tables.get(ownKey ?? '');
  const after = state.tables.get(key ?? '');
  if (!before || !after) return [];
  const found: Complaint[] = [];
  if (write.verb !== 'delete') {
    const known = missing(write, before);
    const certain = missing(write, after);
    for (const [name, complaint] of certain) if (!known.has(name)) found.push(complaint);
    const columns = given(write, before);
    for (const column of after.columns) {
      const former = before.columns.find(({ name }) => name === column.name);
      if (!former || !columns.includes(column.name) || certain.has(column.name)) continue;
      const less = narrowed(former, column);
      if (less) found.push({ ...less, certain: false });
    }
    const definitions = new Set(before.demands.map(({ definition }) => definition));
    for (const demand of after.demands) {
      const isNew = !definitions.has(demand.definition);
      const isOld = demand.columns.every((name) =>
        before.columns.some((column) => column.name === name),
      );
      const touches =
        write.verb === 'insert' || demand.columns.some((name) => columns.includes(name));
      if (isNew && isOld && touches)
        found.push({
          sqlstate: /^CHECK/.test(demand.definition)
            ? '23514'
            : /^FOREIGN KEY/.test(demand.definition)
              ? '23503'
              : '23505',
          certain: false,
          message: `${key} has ${demand.name} now: ${demand.definition}`,
        });
    }
  }
  if (write.verb === 'delete')
    for (const [name, table] of state.tables) {
      const held = own.tables.get(name)?.demands.map(({ definition }) => definition) ?? [];
      for (const demand of table.demands)
        if (demand.holds === key && own.tables.has(name) && !held.includes(demand.definition))
          found.push({
            sqlstate: '23503',
            certain: false,
            message: `rows of ${name} may hold the row that it deletes: ${demand.name} ${demand.definition}`,
          });
    }
  return found;
};
