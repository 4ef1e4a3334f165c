import type { Catalog } from '../catalog/catalog.ts';
import type { Column, Index, Location, Model, Table } from '../model/model.ts';
import type { JudgedQuery } from '../plans/judged.ts';
import type { SourceFile } from '../source/parse.ts';
import type { Sources } from '../source/sources.ts';

export type Severity = 'error' | 'warning' | 'info';

export type Group =
  | 'keys'
  | 'times'
  | 'foreign keys'
  | 'indexes'
  | 'values'
  | 'soft delete'
  | 'tenancy'
  | 'secrets'
  | 'names'
  | 'types'
  | 'queries'
  | 'database'
  | 'plans';

/** The input that a rule needs; without it, the rule is skipped, and the report says so. */
export type Needs = 'schema' | 'declarations' | 'queries' | 'catalog' | 'plans';

export interface Fix {
  readonly language: 'ts' | 'sql';
  readonly code: string;
}

/** A rule's finding about one object; the run adds rule, severity and waiver. */
export interface Found {
  /** `table`, `table.column`, `table.constraint`, or a function of a query module. */
  readonly object: string;
  readonly message: string;
  readonly fix?: Fix | undefined;
  readonly location?: Location | undefined;
  /** If it differs from the rule's own. */
  readonly severity?: Severity | undefined;
}

/** Everything that rules look at. */
export interface Context {
  readonly model: Model;
  readonly sources: Sources;
  /** Modules that hold queries. */
  readonly queries: readonly SourceFile[];
  readonly catalog?: Catalog | undefined;
  /** The measured hot queries. */
  readonly plans?: readonly JudgedQuery[] | undefined;
}

/** Code with a finding (bad) or without (good), the rule's own test. */
export interface Example {
  readonly schema?: string;
  readonly queries?: string;
  /** Statements for an empty database. */
  readonly sql?: string;
  /** Measured hot queries. */
  readonly plans?: readonly JudgedQuery[];
  readonly options?: Readonly<Record<string, unknown>>;
}

export type Options = Readonly<Record<string, unknown>>;

export interface Rule {
  readonly id: string;
  readonly group: Group;
  readonly severity: Severity;
  readonly needs: Needs;
  /** The rule in a few words, as a statement of the desired state. */
  readonly title: string;
  /** Why it matters, in two sentences. */
  readonly why: string;
  /** The source of the rule. */
  readonly source: string;
  /** A finding in a shared column is fixed in each table that takes it, not where it is shared. */
  readonly perTable?: boolean;
  readonly options: Options;
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
  check(context: Context, options: Options): Iterable<Found>;
}

type RuleOf<O extends Options> = Omit<Rule, 'options' | 'check'> & {
  readonly options?: O;
  check(context: Context, options: O): Iterable<Found>;
};

/** True if a value can replace a default: it has the same kind, or the default is open. */
const fits = (value: unknown, like: unknown): boolean =>
  like === undefined || (Array.isArray(like) ? Array.isArray(value) : typeof value === typeof like);

/** Declares a rule. Given options of the right kind override its defaults. */
export const defineRule = <O extends Options = Options>(rule: RuleOf<O>): Rule => ({
  ...rule,
  options: rule.options ?? {},
  check: (context, given) => {
    const options = { ...rule.options } as O & Record<string, unknown>;
    for (const [name, value] of Object.entries(given))
      if (name in options && fits(value, options[name])) Object.assign(options, { [name]: value });
    return rule.check(context, options);
  },
});

export const at = (table: Table, column: Pick<Column, 'name'> | string): string =>
  `${table.id}.${typeof column === 'string' ? column : column.name}`;

export const describeIndex = (index: Index): string =>
  index.name ??
  `${index.constraint ?? 'index'} (${index.parts.map(({ text }) => text).join(', ')})`;

/** The Drizzle table's property of a database column. */
export const keyOf = (table: Table, name: string): string =>
  table.columns.find((column) => column.name === name)?.key ?? name;

/** True if a pattern of an option matches an object; `*` stands for any text. */
export const matches = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(
      name,
    ),
  );
