import type { ColumnType } from './ast.ts';

/** The effect of a type change on existing rows. */
export type TypeChange = 'nothing' | 'rewrite' | 'loss' | 'unknown';

const INTEGERS: Record<string, number> = { int2: 1, int4: 2, int8: 3 };
const FLOATS: Record<string, number> = { float4: 1, float8: 2 };
const TIMES = new Set(['timestamp', 'timestamptz']);

const show = (type: ColumnType): string =>
  `${type.name}${type.modifiers.length > 0 ? `(${type.modifiers.join(',')})` : ''}${type.array ? '[]' : ''}`;

const sameName = (from: ColumnType, to: ColumnType): TypeChange => {
  const [oldFirst, oldScale = 0] = from.modifiers;
  const [newFirst, newScale = 0] = to.modifiers;
  if (show(from) === show(to)) return 'nothing';
  switch (to.name) {
    case 'varchar':
    case 'varbit':
      if (newFirst === undefined) return 'nothing';
      return oldFirst !== undefined && newFirst >= oldFirst ? 'nothing' : 'loss';
    case 'bpchar':
      return (newFirst ?? 1) >= (oldFirst ?? 1) ? 'rewrite' : 'loss';
    case 'numeric':
      if (newFirst === undefined) return 'nothing';
      if (
        oldFirst === undefined ||
        newScale < oldScale ||
        newFirst - newScale < oldFirst - oldScale
      )
        return 'loss';
      return newScale === oldScale ? 'nothing' : 'rewrite';
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'timetz':
    case 'interval':
      return (newFirst ?? 6) >= (oldFirst ?? 6) ? 'nothing' : 'loss';
    case 'vector':
    case 'halfvec':
      return 'loss';
    default:
      return 'rewrite';
  }
};

/**
 * The effect of `ALTER COLUMN … TYPE`: a catalog change only, a rewrite of the table, or a loss of
 * part of the values. Without the old type, only the new one decides.
 *
 * Source: PostgreSQL's rules for binary-coercible types and for length coercion (ALTER TABLE, notes).
 */
export const typeChange = (from: ColumnType | undefined, to: ColumnType): TypeChange => {
  if (!from) {
    if (to.array) return 'unknown';
    // A wider text or an unbounded type loses nothing, whatever the old type.
    if (to.name === 'text' || (to.name === 'varchar' && to.modifiers.length === 0))
      return 'unknown';
    if (to.name === 'int8' || to.name === 'jsonb' || to.name === 'timestamptz') return 'rewrite';
    if (['date', 'int2', 'int4', 'varchar', 'bpchar', 'bool', 'float4', 'time'].includes(to.name))
      return 'loss';
    return 'rewrite';
  }
  if (from.array !== to.array) return to.name === 'text' && !to.array ? 'rewrite' : 'loss';
  if (from.name === to.name) return sameName(from, to);
  const textual = (name: string) => name === 'text' || name === 'varchar' || name === 'citext';
  if (textual(from.name) && textual(to.name)) {
    if (to.name === 'citext' || from.name === 'citext') return 'nothing';
    return to.modifiers.length === 0 ? 'nothing' : 'loss';
  }
  if (textual(to.name)) return to.modifiers.length === 0 ? 'rewrite' : 'loss';
  const [oldInt, newInt] = [INTEGERS[from.name], INTEGERS[to.name]];
  if (oldInt && newInt) return newInt > oldInt ? 'rewrite' : 'loss';
  if (oldInt && to.name === 'numeric') return 'rewrite';
  const [oldFloat, newFloat] = [FLOATS[from.name], FLOATS[to.name]];
  if (oldFloat && newFloat) return newFloat > oldFloat ? 'rewrite' : 'loss';
  if (newInt && (oldFloat || from.name === 'numeric')) return 'loss';
  if (newFloat && from.name === 'numeric') return 'loss';
  if (TIMES.has(from.name) && TIMES.has(to.name)) return 'rewrite';
  if (TIMES.has(from.name) && (to.name === 'date' || to.name === 'time')) return 'loss';
  if (to.name === 'bool') return 'loss';
  if (from.name === 'jsonb' && to.name === 'json') return 'rewrite';
  if (from.name === 'json' && to.name === 'jsonb') return 'rewrite';
  if (from.name === 'vector' && to.name === 'halfvec') return 'loss';
  return 'rewrite';
};

export const showType = show;
