import type { AlterTableCmd, Constraint, CreateStmt, Node, RangeVar } from 'libpg-query';
import {
  type ColumnFacts,
  type ColumnType,
  columnFacts,
  keyOfParts,
  relationKey,
  strings,
} from './ast.ts';
import { inline, notNullCheck } from './column-constraint.ts';
import { CONSTRAINT_KINDS, constraintColumns, constraintName } from './constraint.ts';
import { createdKeys } from './created.ts';
import { type Distribution, learnDistribution } from './distribution.ts';
import {
  emptyTable,
  type KnownColumn,
  type KnownConstraint,
  type KnownIndex,
  type KnownTable,
  type KnownView,
} from './known.ts';

/**
 * The database's state before a statement, derived from the statements before it. A table that was
 * never seen exists and has rows: that is the case to be careful about.
 */
export class World {
  readonly tables = new Map<string, KnownTable>();
  readonly enums = new Map<string, Set<string>>();
  readonly indexes = new Map<string, KnownIndex>();
  /** Names of other new objects, as `kind:name`. */
  readonly created = new Set<string>();
  /** Values that this file adds to enums which are there, as `type:value`. */
  readonly freshValues = new Set<string>();
  /** Tables that Citus keeps on its nodes, by `schema.name`. */
  readonly distributions = new Map<string, Distribution>();
  /** Domains with a CHECK or NOT NULL, by `schema.name`. */
  readonly constrainedDomains = new Set<string>();
  /** The default partition of a partitioned table. */
  readonly defaultPartitions = new Map<string, string>();
  /** The columns of views, where they can be told; also of those that this file drops. */
  readonly views = new Map<string, KnownView>();
  /** Triggers that this file drops, as `table.name`: one made again under the name replaces it. */
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

  /** Whether a column is known to hold no null: by its declaration, or by a validated check. */
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

  /** Whether a type is a domain whose rule every stored value is checked against. */
  isConstrainedDomain({ name, array }: ColumnType): boolean {
    return !array && this.constrainedDomains.has(name.includes('.') ? name : `public.${name}`);
  }

  constraint(relation: RangeVar | undefined, name: string): KnownConstraint | undefined {
    return this.tables.get(relationKey(relation))?.constraints.get(name);
  }

  /** The next file of the same deployment: still new, but another transaction. */
  startFile(): void {
    this.freshValues.clear();
    this.freshConstraints.clear();
    this.droppedTriggers.clear();
  }

  /** From here on everything known is old: the next file is another deployment. */
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

  private table(key: string): KnownTable {
    const known = this.tables.get(key);
    if (known) return known;
    const fresh = emptyTable(false);
    this.tables.set(key, fresh);
    return fresh;
  }

  private addColumn(table: KnownTable, facts: ColumnFacts): void {
    table.columns.set(facts.name, {
      type: facts.type,
      notNull: facts.notNull,
      hasDefault: facts.default !== undefined || facts.identity || facts.type.serial,
      isNew: true,
    });
  }

  private addConstraint(key: string, constraint: Constraint): void {
    const kind = CONSTRAINT_KINDS[constraint.contype ?? ''];
    if (!kind) return;
    const table = this.table(key);
    const column = kind === 'check' ? notNullCheck(constraint) : undefined;
    const columns = column ? [column] : constraintColumns(constraint);
    const name = constraintName(constraint, key.split('.').at(-1) ?? '');
    this.freshConstraints.add(`${key}.${name}`);
    table.constraints.set(name, {
      kind: column ? 'not null' : kind,
      columns,
      validated: constraint.skip_validation !== true,
      isNew: true,
      acts: ['c', 'n', 'd'].some(
        (action) => constraint.fk_del_action === action || constraint.fk_upd_action === action,
      ),
    });
    if (kind === 'primary key')
      for (const name of columns) {
        const known = table.columns.get(name);
        if (known) table.columns.set(name, { ...known, notNull: true });
      }
  }

  private createTable(statement: CreateStmt): void {
    const key = relationKey(statement.relation);
    // IF NOT EXISTS of a table that is known: nothing happens.
    if (statement.if_not_exists && this.tables.get(key)?.columns.size) return;
    this.tables.set(key, emptyTable(true, statement.partspec !== undefined));
    const [parent] = statement.inhRelations ?? [];
    if (statement.partbound?.is_default && parent && 'RangeVar' in parent)
      this.defaultPartitions.set(relationKey(parent.RangeVar), key);
    const table = this.table(key);
    for (const element of statement.tableElts ?? []) {
      if ('ColumnDef' in element) {
        const facts = columnFacts(element.ColumnDef);
        this.addColumn(table, facts);
        for (const node of element.ColumnDef.constraints ?? [])
          if ('Constraint' in node) this.addConstraint(key, inline(node.Constraint, facts.name));
      } else if ('Constraint' in element) this.addConstraint(key, element.Constraint);
    }
  }

  private change(key: string, name: string, change: Partial<KnownColumn>): void {
    const column = this.table(key).columns.get(name);
    if (column) this.table(key).columns.set(name, { ...column, ...change });
  }

  private alterTable(key: string, command: AlterTableCmd): void {
    const table = this.table(key);
    const { def } = command;
    const name = command.name ?? '';
    switch (command.subtype) {
      case 'AT_AddColumn':
        if (def && 'ColumnDef' in def) {
          const facts = columnFacts(def.ColumnDef);
          if (!(command.missing_ok && table.columns.has(facts.name))) this.addColumn(table, facts);
        }
        break;
      case 'AT_AttachPartition':
        if (def && 'PartitionCmd' in def && def.PartitionCmd.bound?.is_default)
          this.defaultPartitions.set(key, relationKey(def.PartitionCmd.name));
        break;
      case 'AT_DropColumn':
        table.columns.delete(name);
        break;
      case 'AT_AlterColumnType':
        if (def && 'ColumnDef' in def)
          this.change(key, name, { type: columnFacts(def.ColumnDef).type });
        break;
      case 'AT_SetNotNull':
        this.change(key, name, { notNull: true });
        break;
      case 'AT_DropNotNull':
        this.change(key, name, { notNull: false });
        break;
      case 'AT_ColumnDefault':
        this.change(key, name, { hasDefault: def !== undefined });
        break;
      case 'AT_AddConstraint':
        if (def && 'Constraint' in def) this.addConstraint(key, def.Constraint);
        break;
      case 'AT_DropConstraint':
        table.constraints.delete(name);
        break;
      case 'AT_ValidateConstraint': {
        const known = table.constraints.get(name);
        if (known) table.constraints.set(name, { ...known, validated: true });
        break;
      }
      default:
    }
  }

  /** Columns keep their type under its new name; the old name is free for another. */
  private renameType(old: string, newName: string): void {
    const [schema = 'public', name = ''] = old.split('.');
    const named = (leaf: string) => (schema === 'public' ? leaf : `${schema}.${leaf}`);
    for (const table of this.tables.values())
      for (const [key, column] of table.columns)
        if (column.type.name === named(name))
          table.columns.set(key, { ...column, type: { ...column.type, name: named(newName) } });
    const values = this.enums.get(old);
    this.enums.delete(old);
    if (values) this.enums.set(`${schema}.${newName}`, values);
    if (this.created.delete(`type:${old}`)) this.created.add(`type:${schema}.${newName}`);
  }

  private rename(node: Node): void {
    if (!('RenameStmt' in node)) return;
    const { renameType, relation, subname = '', newname = '', object } = node.RenameStmt;
    if (renameType === 'OBJECT_TYPE' || renameType === 'OBJECT_DOMAIN') {
      const parts = object && 'List' in object ? strings(object.List.items) : [];
      this.renameType(keyOfParts(parts), newname);
      return;
    }
    const key = relationKey(relation);
    if (renameType === 'OBJECT_TABLE') {
      const table = this.tables.get(key);
      this.tables.delete(key);
      if (table) this.tables.set(`${relation?.schemaname ?? 'public'}.${newname}`, table);
    } else if (renameType === 'OBJECT_COLUMN') {
      const table = this.table(key);
      const column = table.columns.get(subname);
      table.columns.delete(subname);
      if (column) table.columns.set(newname, column);
    } else if (renameType === 'OBJECT_TABCONSTRAINT') {
      const { constraints } = this.table(key);
      const constraint = constraints.get(subname);
      constraints.delete(subname);
      if (constraint) constraints.set(newname, constraint);
    }
  }

  /** The columns of a query, or undefined where they cannot be told from its text. */
  columnsOf(query: Node | undefined, aliases?: readonly Node[]): string[] | undefined {
    const named = strings(aliases);
    if (!query || !('SelectStmt' in query)) return undefined;
    const { targetList = [], fromClause = [], larg } = query.SelectStmt;
    if (larg) return this.columnsOf({ SelectStmt: larg }, aliases);
    const columns: string[] = [];
    for (const target of targetList) {
      if (!('ResTarget' in target)) return undefined;
      const { name, val } = target.ResTarget;
      if (name !== undefined) columns.push(name);
      else if (val && 'ColumnRef' in val) {
        const last = val.ColumnRef.fields?.at(-1);
        if (last && 'A_Star' in last) {
          const [only] = fromClause;
          const table =
            only && 'RangeVar' in only && fromClause.length === 1
              ? this.tables.get(relationKey(only.RangeVar))
              : undefined;
          if (!table || table.columns.size === 0) return undefined;
          columns.push(...table.columns.keys());
        } else columns.push(strings(val.ColumnRef.fields).at(-1) ?? '');
      } else if (val && 'FuncCall' in val)
        columns.push(strings(val.FuncCall.funcname).at(-1) ?? '');
      else return undefined;
    }
    return columns.map((column, index) => named[index] ?? column);
  }

  private learnView(key: string, columns: string[] | undefined): void {
    if (columns) this.views.set(key, { columns, isNew: !this.views.has(key) });
    else this.views.delete(key);
  }

  /** Takes in what a statement did. */
  learn(node: Node): void {
    learnDistribution(node, this.distributions);
    if ('CreateDomainStmt' in node) {
      const constrained = (node.CreateDomainStmt.constraints ?? []).some(
        (entry) =>
          'Constraint' in entry &&
          ['CONSTR_CHECK', 'CONSTR_NOTNULL'].includes(entry.Constraint.contype ?? ''),
      );
      if (constrained)
        this.constrainedDomains.add(keyOfParts(strings(node.CreateDomainStmt.domainname)));
    } else if ('AlterDomainStmt' in node && 'CO'.includes(node.AlterDomainStmt.subtype ?? '-'))
      this.constrainedDomains.add(keyOfParts(strings(node.AlterDomainStmt.typeName)));
    else if ('ViewStmt' in node)
      this.learnView(
        relationKey(node.ViewStmt.view),
        this.columnsOf(node.ViewStmt.query, node.ViewStmt.aliases),
      );
    else if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW')
      this.learnView(
        relationKey(node.CreateTableAsStmt.into?.rel),
        this.columnsOf(node.CreateTableAsStmt.query, node.CreateTableAsStmt.into?.colNames),
      );
    if ('CreateStmt' in node) this.createTable(node.CreateStmt);
    else if ('CreateTableAsStmt' in node) {
      const relation = node.CreateTableAsStmt.into?.rel;
      this.tables.set(relationKey(relation), emptyTable(true));
    } else if ('SelectStmt' in node && node.SelectStmt.intoClause?.rel)
      this.tables.set(relationKey(node.SelectStmt.intoClause.rel), emptyTable(true));
    else if ('AlterTableStmt' in node) {
      const key = relationKey(node.AlterTableStmt.relation);
      for (const command of node.AlterTableStmt.cmds ?? [])
        if ('AlterTableCmd' in command) this.alterTable(key, command.AlterTableCmd);
    } else if ('IndexStmt' in node) {
      const { idxname, relation, unique, indexParams } = node.IndexStmt;
      if (idxname)
        this.indexes.set(idxname, {
          table: relationKey(relation),
          unique: unique ?? false,
          columns: (indexParams ?? []).flatMap((part) =>
            'IndexElem' in part && part.IndexElem.name ? [part.IndexElem.name] : [],
          ),
          isNew: true,
        });
    } else if ('CreateEnumStmt' in node) {
      const key = keyOfParts(strings(node.CreateEnumStmt.typeName));
      this.enums.set(key, new Set(strings(node.CreateEnumStmt.vals)));
      this.created.add(`type:${key}`);
    } else if ('AlterEnumStmt' in node) {
      const key = keyOfParts(strings(node.AlterEnumStmt.typeName));
      const { newVal, oldVal } = node.AlterEnumStmt;
      if (newVal) this.enums.get(key)?.add(newVal);
      if (newVal && !oldVal && !this.created.has(`type:${key}`))
        this.freshValues.add(`${key}:${newVal}`);
    } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
      for (const object of node.DropStmt.objects ?? [])
        if ('List' in object) this.tables.delete(keyOfParts(strings(object.List.items)));
    } else if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TRIGGER') {
      for (const object of node.DropStmt.objects ?? []) {
        const parts = 'List' in object ? strings(object.List.items) : [];
        this.droppedTriggers.add(`${keyOfParts(parts.slice(0, -1))}.${parts.at(-1)}`);
      }
    } else if ('RenameStmt' in node) this.rename(node);
    else for (const key of createdKeys(node)) this.created.add(key);
  }
}
