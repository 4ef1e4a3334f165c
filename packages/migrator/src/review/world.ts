import type { RangeVar } from 'libpg-query';
import { type ColumnType, relationKey } from './ast.ts';
import type { Distribution } from './distribution.ts';
import {
  emptyTable,
  type KnownColumn,
  type KnownConstraint,
  type KnownIndex,
  type KnownTable,
  type KnownView,
} from './known.ts';

/**
 * The database's state before a statement, derived from the statements before it. It assumes, as
 * the dangerous case, that an unknown table exists and has rows.
 */
export class World {
  readonly tables = new Map<string, KnownTable>();
  readonly enums = new Map<string, Set<string>>();
  /** By schema and name. */
  readonly indexes = new Map<string, KnownIndex>();
  /** Names of other new objects, as `kind:name`. */
  readonly created = new Set<string>();
  /** Values that this file adds to existing enums, as `type:value`. */
  readonly freshValues = new Set<string>();
  /** Tables that Citus keeps on its nodes, by `schema.name`. */
  readonly distributions = new Map<string, Distribution>();
  /** Domains with a CHECK or NOT NULL, by `schema.name`. */
  readonly constrainedDomains = new Set<string>();
  /** The default partition of a partitioned table. */
  readonly defaultPartitions = new Map<string, string>();
  /** The columns of views, if known; also of those that this file drops. */
  readonly views = new Map<string, KnownView>();
  /**
   * Triggers that this file drops, as `table.name`, so that a new one of the name counts as a
   * replacement.
   */
  readonly droppedTriggers = new Set<string>();
  /** Constraints that this file adds, as `table.name`. */
  readonly freshConstraints = new Set<string>();

  isNewTable(relation: RangeVar | undefined): boolean {
    if (relation?.relpersistence === 't') return true;
    return this.tables.get(relationKey(relation))?.isNew ?? false;
  }

  column(relation: RangeVar | undefined, name: string): KnownColumn | undefined {
    return this.tables.get(relationKey(relation))?.columns.get(name);
  }

  isNewColumn(relation: RangeVar | undefined, name: string): boolean {
    return this.isNewTable(relation) || this.column(relation, name)?.isNew === true;
  }

  /** True if a column is known to hold no null, by its declaration or a validated check. */
  neverNull(relation: RangeVar | undefined, name: string): boolean {
    const table = this.tables.get(relationKey(relation));
    return (
      table?.columns.get(name)?.notNull === true ||
      [...(table?.constraints.values() ?? [])].some(
        ({ kind, validated, columns }) =>
          kind === 'not null' && validated && columns.includes(name),
      )
    );
  }

  /** True for a domain with a rule, which PostgreSQL checks for every stored value. */
  isConstrainedDomain({ name, array }: ColumnType): boolean {
    return !array && this.constrainedDomains.has(name.includes('.') ? name : `public.${name}`);
  }

  constraint(relation: RangeVar | undefined, name: string): KnownConstraint | undefined {
    return this.tables.get(relationKey(relation))?.constraints.get(name);
  }

  /**
   * Starts the next file of the same deployment: objects stay new, but the transaction is another.
   */
  startFile(): void {
    this.freshValues.clear();
    this.freshConstraints.clear();
    this.droppedTriggers.clear();
  }

  /** Makes everything known old, because the next file is another deployment. */
  settle(): void {
    for (const table of this.tables.values()) {
      for (const [name, column] of table.columns)
        if (column.isNew) table.columns.set(name, { ...column, isNew: false });
      for (const [name, constraint] of table.constraints)
        if (constraint.isNew) table.constraints.set(name, { ...constraint, isNew: false });
    }
    for (const [key, table] of this.tables)
      if (table.isNew) this.tables.set(key, { ...table, isNew: false });
    for (const [name, index] of this.indexes) this.indexes.set(name, { ...index, isNew: false });
    for (const [name, view] of this.views) this.views.set(name, { ...view, isNew: false });
    this.created.clear();
    this.startFile();
  }

  /** A table's known facts; an unknown one is recorded as old. */
  table(key: string): KnownTable {
    const known = this.tables.get(key);
    if (known) return known;
    const fresh = emptyTable(false);
    this.tables.set(key, fresh);
    return fresh;
  }
}
