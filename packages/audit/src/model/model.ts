/** The place of a declaration; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type DefaultKind = 'sql' | 'value' | 'function';

export interface Column {
  /** The property of the Drizzle table; the database's name if the model comes from a catalog. */
  readonly key: string;
  readonly name: string;
  /** As in DDL: `timestamp (3) with time zone`, `varchar(255)`, `text[]`. */
  readonly sqlType: string;
  /** `sqlType` without length, precision and array: `timestamp with time zone`, `varchar`, `text`. */
  readonly baseType: string;
  readonly length?: number | undefined;
  readonly precision?: number | undefined;
  readonly isArray: boolean;
  readonly notNull: boolean;
  readonly primary: boolean;
  readonly default?: { readonly kind: DefaultKind; readonly text: string } | undefined;
  /** The application sets it on every update (`$onUpdate`). */
  readonly onUpdate: boolean;
  /** Computed by the database. */
  readonly generated: boolean;
  readonly identity: boolean;
  /** Values fixed in TypeScript (`text({ enum })`), which the database does not know. */
  readonly textValues?: readonly string[] | undefined;
  /** The name of its Postgres enum. */
  readonly enumName?: string | undefined;
  /** JSON without `$type`; undefined if the source does not show it. */
  readonly untypedJson?: boolean | undefined;
  readonly location?: Location | undefined;
  /** The declaration, if the table takes the column from a shared object. */
  readonly sharedAt?: Location | undefined;
  /** The declaration's text. */
  readonly source?: string | undefined;
}

export interface ForeignKey {
  readonly name?: string | undefined;
  readonly columns: readonly string[];
  /** The id of the table it refers to. */
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  /** True if the source states the action on delete; undefined if it is unknown. */
  readonly statesOnDelete?: boolean | undefined;
  readonly explicitName: boolean;
  readonly location?: Location | undefined;
}

export interface IndexPart {
  /** The column's database name, or undefined for an expression. */
  readonly column?: string | undefined;
  readonly text: string;
  readonly descending: boolean;
  /** The place of NULL, if it differs from the direction's default. */
  readonly nulls?: 'first' | 'last' | undefined;
  readonly opClass?: string | undefined;
}

export interface Index {
  readonly name?: string | undefined;
  readonly parts: readonly IndexPart[];
  /** INCLUDEd columns. */
  readonly included: readonly string[];
  readonly unique: boolean;
  /** The index of a primary key or a unique constraint. */
  readonly constraint?: 'primary key' | 'unique' | undefined;
  readonly method: string;
  readonly where?: string | undefined;
  readonly nullsNotDistinct: boolean;
  readonly explicitName: boolean;
  readonly location?: Location | undefined;
}

export interface Check {
  readonly name?: string | undefined;
  readonly text: string;
  readonly location?: Location | undefined;
}

export interface Policy {
  readonly name: string;
  readonly command: string;
  readonly permissive: boolean;
  readonly roles: readonly string[];
  readonly using?: string | undefined;
  readonly withCheck?: string | undefined;
  readonly location?: Location | undefined;
}

export interface Table {
  /** `name`, or `schema.name` outside `public`. */
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly schema?: string | undefined;
  readonly columns: readonly Column[];
  /** The columns of the primary key, empty without one. */
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Every index, those of constraints too. */
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
  readonly policies: readonly Policy[];
  readonly rowSecurity: boolean;
  /** True if a part could not be read, so that missing columns may exist. */
  readonly knownInPart?: boolean | undefined;
  readonly location?: Location | undefined;
}

export interface Relation {
  readonly table: string;
  readonly field: string;
  readonly kind: 'one' | 'many';
  readonly target: string;
  /** Database names; empty where the other end holds them. */
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
  readonly relationName?: string | undefined;
  /** Goes through a junction table (`defineRelations`). */
  readonly through: boolean;
  /** The id of the junction table, if known. */
  readonly throughTable?: string | undefined;
  /** Columns of neither of its tables, as `table.column`. */
  readonly strays?: readonly string[] | undefined;
  readonly location?: Location | undefined;
}

export interface EnumType {
  readonly id: string;
  readonly name: string;
  readonly values: readonly string[];
}

export interface View {
  readonly id: string;
  readonly materialized: boolean;
}

/** The schema that rules read, whatever its source. */
export interface Model {
  readonly origin: 'schema' | 'catalog';
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly enums: readonly EnumType[];
  readonly relations: readonly Relation[];
  /** Names of everything the schema's modules export. */
  readonly exports: ReadonlySet<string>;
  /** For each table's id, the Zod schemas and types found for it. */
  readonly shapes: ReadonlyMap<string, ReadonlySet<Shape>>;
}

export type Shape =
  | 'insert schema'
  | 'select schema'
  | 'update schema'
  | 'select type'
  | 'insert type';

export const tableId = (name: string, schema?: string): string =>
  schema && schema !== 'public' ? `${schema}.${name}` : name;

/** The columns of an index before its first expression. */
export const leadingColumns = (index: Index): string[] => {
  const names: string[] = [];
  for (const { column } of index.parts) {
    if (column === undefined) break;
    names.push(column);
  }
  return names;
};

/** The empty model, for rules that need no schema. */
export const NOTHING: {
  readonly model: Model;
  readonly sources: ReadonlyMap<string, never>;
  readonly queries: readonly never[];
} = {
  model: {
    origin: 'schema',
    tables: [],
    views: [],
    enums: [],
    relations: [],
    exports: new Set(),
    shapes: new Map(),
  },
  sources: new Map<string, never>(),
  queries: [],
};
