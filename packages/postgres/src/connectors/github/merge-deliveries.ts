import { createHash } from 'node:crypto';
import type { GithubDeliveries } from '../../schemas/github.data.ts';

/**
 * The age of a delivery. If two have the same time, the digest decides, so that their order does
 * not.
 */
export type Rank = readonly [time: number, digest: string];

type Fields = Readonly<Record<string, unknown>>;

/** A row merged from its deliveries, and the rank of each delivered field. */
export interface MergedRow {
  readonly fields: Fields;
  readonly ranks: ReadonlyMap<string, Rank>;
}

/** The merge's description of one table. */
export interface MergeRules {
  readonly key: string;
  /** Every field of a row. */
  readonly fields: readonly string[];
  /**
   * The vendor's time of change. The rows of a table without one, such as commits, never change.
   */
  readonly version?: string | undefined;
  /** Fields that come from one delivery, because they make sense only together. */
  readonly units?: readonly (readonly string[])[] | undefined;
}

/** Older than every delivery with a time: it adds unknown fields and replaces nothing. */
const timeless = -1;

/**
 * One delivery as a row.
 * @param completeness decides between two deliveries without a time: the greater wins
 */
export function rowOf(rules: MergeRules, delivery: Fields, completeness = 0): MergedRow {
  const fields: Record<string, unknown> = Object.fromEntries(
    rules.fields.flatMap((field) =>
      delivery[field] === undefined ? [] : [[field, delivery[field]]],
    ),
  );
  const version = rules.version === undefined ? undefined : fields[rules.version];
  const time = version instanceof Date ? version.getTime() : timeless - 1 / (1 + completeness);
  const ranks = new Map<string, Rank>();
  const digest = digestOf(fields);
  for (const field of Object.keys(fields)) ranks.set(field, [time, digest]);
  for (const unit of rules.units ?? []) {
    const held = unit.filter((field) => field in fields);
    // The more complete unit wins: one with the repository's id goes before one without.
    if (held.length === 0) continue;
    const rank: Rank = [held.length, digestOf(held.map((field) => [field, fields[field]]))];
    // Null for its missing fields, because it replaces the other unit as a whole.
    for (const field of unit) {
      fields[field] ??= null;
      ranks.set(field, rank);
    }
  }
  return { fields, ranks };
}

/**
 * Merges two rows of one key, field by field: the newest delivery that held a field decides. The
 * result is the same in every order and grouping, and a delivery that omits a field does not change
 * it.
 */
export function mergeRows(rules: MergeRules, one: MergedRow, other: MergedRow): MergedRow {
  const fields: Record<string, unknown> = {};
  const ranks = new Map<string, Rank>();
  const take = (from: MergedRow, names: readonly string[]) => {
    for (const name of names) {
      const rank = from.ranks.get(name);
      if (!rank) continue;
      fields[name] = from.fields[name];
      ranks.set(name, rank);
    }
  };
  const together = new Set((rules.units ?? []).flat());
  for (const names of [...(rules.units ?? []), ...rules.fields.map((field) => [field])]) {
    if (names.length === 1 && names[0] && together.has(names[0])) continue;
    take(isAbove(rankOf(other, names), rankOf(one, names)) ? other : one, names);
  }
  return { fields, ranks };
}

/** The rank of fields that come from one delivery, so that any of them has it. */
const rankOf = (row: MergedRow, names: readonly string[]): Rank | undefined =>
  names.map((name) => row.ranks.get(name)).find((rank) => rank !== undefined);

function isAbove(one: Rank | undefined, other: Rank | undefined): boolean {
  if (!one || !other) return one !== undefined;
  return one[0] === other[0] ? one[1] > other[1] : one[0] > other[0];
}

/** The ranks that are stored beside a merged row, for the next merge. */
export function deliveriesOf(rules: MergeRules, { ranks }: MergedRow): GithubDeliveries {
  const groups = new Map<string, { rank: Rank | null; fields: string[] }>();
  for (const field of rules.fields) {
    const rank = ranks.get(field) ?? null;
    const id = JSON.stringify(rank);
    const group = groups.get(id) ?? { rank, fields: [] };
    groups.set(id, group);
    group.fields.push(field);
  }
  const [largest, ...others] = [...groups.values()].sort(
    (a, b) =>
      b.fields.length - a.fields.length || ((a.fields[0] ?? '') < (b.fields[0] ?? '') ? -1 : 1),
  );
  return largest ? [{ rank: largest.rank }, ...others] : [];
}

/** A stored row as it was merged. One that an upsert stored counts as one delivery. */
export function storedRow(
  rules: MergeRules,
  row: Fields,
  deliveries: GithubDeliveries | null,
): MergedRow {
  const known = rowOf(rules, withoutNulls(row));
  if (!deliveries) return known;
  const ranks = new Map<string, Rank>();
  const named = new Map(
    deliveries.flatMap(({ rank, fields = [] }) => fields.map((field) => [field, rank] as const)),
  );
  const rest = deliveries.find(({ fields }) => fields === undefined)?.rank ?? null;
  const fields: Record<string, unknown> = {};
  for (const field of rules.fields) {
    const rank = named.has(field) ? named.get(field) : rest;
    if (!rank) continue;
    ranks.set(field, rank);
    fields[field] = row[field];
  }
  return { fields, ranks };
}

/** Null may stand for an undelivered field, which another delivery may fill. */
const withoutNulls = (row: Fields): Fields =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 12);

/** JSON with the keys of every object in one order, because the sender's order means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? '';
