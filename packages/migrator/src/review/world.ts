import type { AlterTableCmd, Constraint, CreateStmt, Node, RangeVar } from 'libpg-query';
import {
  type ColumnFacts,
  type ColumnType,
  columnFacts,
  columnsRead,
  keyOfParts,
  relationKey,
  strings,
} from './ast.ts';

export interface KnownColumn {
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Added by what is under review, so that no row of production has a value of its own in it. */
  readonly isNew: boolean;
}

export interface KnownConstraint {
  readonly kind: 'foreign key' | 'check' | 'unique' | 'primary key' | 'exclusion' | 'not null';
  readonly columns: readonly string[];
  readonly validated: boolean;
  readonly isNew: boolean;
}

export interface KnownTable {
  readonly isNew: boolean;
  readonly columns: Map<string, KnownColumn>;
  readonly constraints: Map<string, KnownConstraint>;
}

const CONSTRAINT_KINDS: Record<string, KnownConstraint['kind']> = {
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_CHECK: 'check',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not null',
};

const SUFFIXES: Partial<Record<KnownConstraint['kind'], string>> = {
  'foreign key': 'fkey',
  check: 'check',
  unique: 'key',
  exclusion: 'excl',
  'not null': 'not_null',
};

/** The columns that a constraint is about. */
export const constraintColumns = (constraint: Constraint): string[] => {
  if (constraint.contype === 'CONSTR_FOREIGN') return strings(constraint.fk_attrs);
  if (constraint.contype === 'CONSTR_CHECK') return columnsRead(constraint.raw_expr);
  return strings(constraint.keys);
};

/** The name that a constraint has, or that Postgres gives it. */
export const constraintName = (constraint: Constraint, table: string): string => {
  if (constraint.conname) return constraint.conname;
  const kind = CONSTRAINT_KINDS[constraint.contype ?? ''];
  if (kind === 'primary key') return `${table}_pkey`;
  const columns = constraintColumns(constraint);
  return [table, ...(kind === 'check' ? columns.slice(0, 1) : columns), SUFFIXES[kind ?? 'check']]
    .join('_')
    .slice(0, 63);
};

/** Whether a check says no more than that one column is not null; then its name. */
const notNullCheck = (constraint: Constraint): string | undefined => {
  const { raw_expr: expression } = constraint;
  if (!expression || !('NullTest' in expression)) return undefined;
  if (expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return undefined;
  return columnsRead(expression)[0];
};

/**
 * What is known of the database before a statement, from the statements before it. A table that was
 * never seen exists and has rows: that is the case to be careful about.
 */
export class World {
  readonly tables = new Map<string, KnownTable>();
  readonly enums = new Map<string, Set<string>>();
  readonly indexes = new Map<string, { table: string; unique: boolean; isNew: boolean }>();
  /** Names of other new objects, as `kind:name`. */
  readonly created = new Set<string>();
  /** Values that this file adds to enums which are there, as `type:value`. */
  readonly freshValues = new Set<string>();
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

  constraint(relation: RangeVar | undefined, name: string): KnownConstraint | undefined {
    return this.tables.get(relationKey(relation))?.constraints.get(name);
  }

  /** The next file of the same deployment: still new, but another transaction. */
  startFile(): void {
    this.freshValues.clear();
    this.freshConstraints.clear();
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
    this.created.clear();
    this.startFile();
  }

  private table(key: string): KnownTable {
    const known = this.tables.get(key);
    if (known) return known;
    const fresh = { isNew: false, columns: new Map(), constraints: new Map() };
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
    this.tables.set(key, { isNew: true, columns: new Map(), constraints: new Map() });
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

  private rename(node: Node): void {
    if (!('RenameStmt' in node)) return;
    const { renameType, relation, subname = '', newname = '' } = node.RenameStmt;
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

  /** Takes in what a statement did. */
  learn(node: Node): void {
    if ('CreateStmt' in node) this.createTable(node.CreateStmt);
    else if ('CreateTableAsStmt' in node) {
      const relation = node.CreateTableAsStmt.into?.rel;
      this.tables.set(relationKey(relation), {
        isNew: true,
        columns: new Map(),
        constraints: new Map(),
      });
    } else if ('SelectStmt' in node && node.SelectStmt.intoClause?.rel)
      this.tables.set(relationKey(node.SelectStmt.intoClause.rel), {
        isNew: true,
        columns: new Map(),
        constraints: new Map(),
      });
    else if ('AlterTableStmt' in node) {
      const key = relationKey(node.AlterTableStmt.relation);
      for (const command of node.AlterTableStmt.cmds ?? [])
        if ('AlterTableCmd' in command) this.alterTable(key, command.AlterTableCmd);
    } else if ('IndexStmt' in node) {
      const { idxname, relation, unique } = node.IndexStmt;
      if (idxname)
        this.indexes.set(idxname, {
          table: relationKey(relation),
          unique: unique ?? false,
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
    } else if ('RenameStmt' in node) this.rename(node);
    else for (const key of createdKeys(node)) this.created.add(key);
  }
}

/** A column's constraint, with the column it stands on filled in. */
const inline = (constraint: Constraint, column: string): Constraint => {
  const name = { String: { sval: column } };
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...constraint, fk_attrs: [name] };
  if (constraint.contype === 'CONSTR_CHECK') return constraint;
  return { ...constraint, keys: [name] };
};

/** What a statement creates or replaces, as `kind:name`, for objects that are not tables. */
export const createdKeys = (node: Node): string[] => {
  if ('CreatePolicyStmt' in node)
    return [
      `policy:${relationKey(node.CreatePolicyStmt.table)}.${node.CreatePolicyStmt.policy_name}`,
      `policies of:${relationKey(node.CreatePolicyStmt.table)}`,
    ];
  if ('CreateTrigStmt' in node)
    return [`trigger:${relationKey(node.CreateTrigStmt.relation)}.${node.CreateTrigStmt.trigname}`];
  if ('CreateFunctionStmt' in node)
    return [`function:${keyOfParts(strings(node.CreateFunctionStmt.funcname))}`];
  if ('ViewStmt' in node) return [`view:${relationKey(node.ViewStmt.view)}`];
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW')
    return [`view:${relationKey(node.CreateTableAsStmt.into?.rel)}`];
  if ('CreateEnumStmt' in node)
    return [`type:${keyOfParts(strings(node.CreateEnumStmt.typeName))}`];
  if ('CompositeTypeStmt' in node) return [`type:${relationKey(node.CompositeTypeStmt.typevar)}`];
  if ('CreateDomainStmt' in node)
    return [`type:${keyOfParts(strings(node.CreateDomainStmt.domainname))}`];
  if ('CreateSeqStmt' in node) return [`sequence:${relationKey(node.CreateSeqStmt.sequence)}`];
  if ('CreateSchemaStmt' in node) return [`schema:${node.CreateSchemaStmt.schemaname ?? ''}`];
  if ('CreateStmt' in node) return [`table:${relationKey(node.CreateStmt.relation)}`];
  if ('IndexStmt' in node) return [`index:${node.IndexStmt.idxname ?? ''}`];
  if ('CreateRoleStmt' in node) return [`role:${node.CreateRoleStmt.role ?? ''}`];
  if ('CreateExtensionStmt' in node) return [`extension:${node.CreateExtensionStmt.extname ?? ''}`];
  if ('AlterTableStmt' in node)
    return (node.AlterTableStmt.cmds ?? []).flatMap((command) => {
      if (!('AlterTableCmd' in command)) return [];
      const { subtype, name, def } = command.AlterTableCmd;
      const key = relationKey('AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined);
      if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
        return [
          `constraint:${key}.${constraintName(def.Constraint, key.split('.').at(-1) ?? '')}`,
          ...constraintShape(key, def.Constraint),
        ];
      if (subtype === 'AT_ColumnDefault' && def) return [`default:${key}.${name}`];
      if (subtype === 'AT_EnableTrig' || subtype === 'AT_EnableTrigAll')
        return [`enabled:${key}.${name ?? 'ALL'}`];
      if (subtype === 'AT_EnableRowSecurity') return [`row security:${key}`];
      if (subtype === 'AT_ForceRowSecurity') return [`force:${key}`];
      return [];
    });
  return [];
};

const constraintShape = (key: string, constraint: Constraint): string[] =>
  constraint.contype === 'CONSTR_FOREIGN'
    ? [`foreign key:${key}(${constraintColumns(constraint).join(',')})`]
    : [];
