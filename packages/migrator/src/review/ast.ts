import type { ColumnDef, Node, RangeVar, TypeName } from 'libpg-query';

/** The strings of a list of String nodes: a qualified name, or column names. */
export const strings = (nodes: readonly Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));

/** The key of a table or another relation: with its schema, `public` if none is written. */
export const relationKey = (relation: RangeVar | undefined): string =>
  `${relation?.schemaname ?? 'public'}.${relation?.relname ?? ''}`;

/** The same key from a qualified name's parts. */
export const keyOfParts = (parts: readonly string[]): string =>
  parts.length > 1 ? parts.slice(-2).join('.') : `public.${parts[0] ?? ''}`;

/** A name as SQL. */
export const quote = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const RESERVED = new Set(
  'all analyse analyze and any array as asc both case cast check collate column constraint create default desc distinct do else end except false fetch for foreign from grant group having in initially intersect into leading limit not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using when where window with'.split(
    ' ',
  ),
);

/** A relation as SQL, with its schema only when the statement wrote one. */
export const relationSql = (relation: RangeVar | undefined): string =>
  [relation?.schemaname, relation?.relname]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.');

const ALIASES: Record<string, string> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  decimal: 'numeric',
  real: 'float4',
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  'character varying': 'varchar',
  character: 'bpchar',
  char: 'bpchar',
};

/** A type, with the facts that decide whether a change rewrites or truncates. */
export interface ColumnType {
  /** Canonical, as pg_type has it: int4, varchar, timestamptz, or a user's own name. */
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
  readonly serial: boolean;
}

const integerOf = (node: Node): number[] =>
  'A_Const' in node && node.A_Const.ival ? [node.A_Const.ival.ival ?? 0] : [];

const columnType = (type: TypeName | undefined): ColumnType => {
  const parts = strings(type?.names);
  const written = (parts.at(-1) ?? '').toLowerCase();
  const schema = parts.length > 1 ? parts[0] : undefined;
  return {
    name:
      schema && schema !== 'pg_catalog' && schema !== 'public'
        ? `${schema}.${parts.at(-1)}`
        : (ALIASES[written] ?? parts.at(-1) ?? ''),
    modifiers: (type?.typmods ?? []).flatMap(integerOf),
    array: (type?.arrayBounds ?? []).length > 0,
    serial: /^(small|big)?serial\d?$/.test(written),
  };
};

export interface TypedNode {
  readonly tag: string;
  readonly value: Record<string, unknown>;
}

/** Visits every tagged node below a value, outermost first. False skips the nodes below. */
export const walk = (value: unknown, visit: (node: TypedNode) => boolean | undefined): void => {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const tagged = /^[A-Z]/.test(key) && isRecord(child);
      if (tagged && visit({ tag: key, value: child }) === false) continue;
      walk(child, visit);
    }
  }
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isNode = (value: unknown): value is Node => isRecord(value);

/** The names of the functions called below a node, without their schema, in lower case. */
export const functionCalls = (value: unknown): string[] => {
  const names: string[] = [];
  walk(value, ({ tag, value: node }) => {
    if (tag === 'FuncCall' && Array.isArray(node.funcname))
      names.push((strings(node.funcname.filter(isNode)).at(-1) ?? '').toLowerCase());
    if (tag === 'SQLValueFunction') names.push('current_timestamp');
    return undefined;
  });
  return names;
};

/** The last parts of the columns that are read below a node. */
export const columnsRead = (value: unknown): string[] => {
  const names: string[] = [];
  walk(value, ({ tag, value: node }) => {
    if (tag === 'ColumnRef' && Array.isArray(node.fields)) {
      const name = strings(node.fields.filter(isNode)).at(-1);
      if (name) names.push(name);
    }
    return undefined;
  });
  return names;
};

/** The string and number constants below a node, as text. */
export const constants = (value: unknown): string[] => {
  const found: string[] = [];
  walk(value, ({ tag, value: node }) => {
    if (tag !== 'A_Const') return undefined;
    for (const kind of ['sval', 'ival', 'fval', 'boolval']) {
      const constant = node[kind];
      // The parser leaves out a zero.
      if (isRecord(constant))
        found.push(String(Object.values(constant)[0] ?? (kind === 'ival' ? 0 : '')));
    }
    return false;
  });
  return found;
};

export const isNull = (node: Node | undefined): boolean => {
  if (!node) return false;
  if ('TypeCast' in node) return isNull(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.isnull === true;
};

export const isTrue = (node: Node | undefined): boolean => {
  if (!node) return false;
  if ('TypeCast' in node) return isTrue(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.boolval?.boolval === true;
};

/** True for a literal, also with a cast, which is the same value for every row. */
export const isLiteral = (node: Node | undefined): boolean => {
  if (!node) return false;
  if ('TypeCast' in node) return isLiteral(node.TypeCast.arg);
  return 'A_Const' in node;
};

/** Functions that give every row its own value, so that adding a column writes every row. */
const VOLATILE =
  /^(gen_random_uuid|uuid_generate_v\d\w*|uuidv\d|random|random_normal|clock_timestamp|timeofday|nextval|setseed|gen_random_bytes|nanoid|gen_ulid|generate_ulid|ulid|cuid|xid|txid_current|statement_timestamp_v)$/;

/** Functions that Postgres evaluates once for an added column. */
const STABLE =
  /^(now|current_timestamp|transaction_timestamp|statement_timestamp|timezone|date_trunc|to_timestamp|current_setting|jsonb_build_object|jsonb_build_array|json_build_object|json_build_array|to_jsonb|array|lower|upper|concat|coalesce|make_interval|date|row|array_fill|length|md5|encode|decode|current_user|current_database|to_char|to_date|version|nullif|int4range|tstzrange|daterange|point|box)$/;

/** Tells whether a default is computed for each row; unknown for a user's function. */
export const volatility = (expression: Node | undefined): 'constant' | 'volatile' | 'unknown' => {
  const calls = functionCalls(expression);
  if (calls.some((name) => VOLATILE.test(name))) return 'volatile';
  return calls.every((name) => STABLE.test(name)) ? 'constant' : 'unknown';
};

/** A column's definition with its constraints. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly default?: Node;
  readonly generated: boolean;
  readonly identity: boolean;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly check: boolean;
  readonly references: boolean;
}

export const columnFacts = (column: ColumnDef): ColumnFacts => {
  const kinds = new Set<string>();
  let expression = column.raw_default;
  for (const node of column.constraints ?? []) {
    if (!('Constraint' in node)) continue;
    kinds.add(node.Constraint.contype ?? '');
    if (node.Constraint.contype === 'CONSTR_DEFAULT') expression = node.Constraint.raw_expr;
  }
  return {
    name: column.colname ?? '',
    type: columnType(column.typeName),
    notNull: kinds.has('CONSTR_NOTNULL') || kinds.has('CONSTR_PRIMARY'),
    ...(expression && !isNull(expression) ? { default: expression } : {}),
    generated: kinds.has('CONSTR_GENERATED'),
    identity: kinds.has('CONSTR_IDENTITY'),
    primary: kinds.has('CONSTR_PRIMARY'),
    unique: kinds.has('CONSTR_UNIQUE'),
    check: kinds.has('CONSTR_CHECK'),
    references: kinds.has('CONSTR_FOREIGN'),
  };
};
