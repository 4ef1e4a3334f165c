import type { AlterTableCmd, Constraint, RangeVar } from 'libpg-query';
import { quote, relationKey, relationSql } from '../ast.ts';
import { type ConstraintKind, constraintColumns, constraintName } from '../constraint.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { indexKey } from '../known.ts';
import { saferConstraint, saferNotNull, saferUnique } from '../safer.ts';
import type { Action } from '../statements.ts';
import type { World } from '../world.ts';

/** The ADD CONSTRAINT of a statement that does nothing else, without its semicolon. */
const definitionOf = (action: Action, commands: number): string | undefined =>
  commands === 1 && /^alter\s+table\b/i.test(action.text) ? action.text.trimEnd() : undefined;

const named = (definition: string, constraint: Constraint, name: string): string =>
  constraint.conname
    ? definition
    : definition.replace(/\badd\s+/i, `ADD CONSTRAINT ${quote(name)} `);

/** A primary key from an index is quick, unless one of its columns may hold nulls. */
const nullsOfKey = (constraint: Constraint, relation: RangeVar, world: World): Remark[] => {
  if (constraint.contype !== 'CONSTR_PRIMARY') return [];
  const { columns = [] } = world.indexes.get(indexKey(relation, constraint.indexname ?? '')) ?? {};
  const [nullable] = columns.filter(
    (name) => world.column(relation, name) && !world.neverNull(relation, name),
  );
  if (nullable === undefined) return [];
  const table = relationSql(relation);
  return [
    {
      rule: 'set-not-null',
      level: 'danger',
      message: `${quote(nullable)} may hold nulls, so ${table} is scanned for them while nobody can read it; one null and it fails`,
      lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the table is scanned' },
      breaksPreviousRelease: false,
      safer: saferNotNull(table, nullable),
    },
  ];
};

const addConstraint = (
  constraint: Constraint,
  relation: RangeVar,
  action: Action,
  commands: number,
  world: World,
): Remark[] => {
  const table = relationSql(relation);
  const name = constraintName(constraint, relation.relname ?? '');
  const definition = definitionOf(action, commands);
  const stepwise = definition
    ? { safer: saferConstraint(named(definition, constraint, name), table, name) }
    : {};
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
      if (constraint.skip_validation) return [];
      return [
        {
          rule: 'add-constraint-validated',
          level: 'danger',
          message: `${table} is scanned against ${relationSql(constraint.pktable)} while writes to both wait; one orphan and it fails`,
          lock: {
            mode: 'SHARE ROW EXCLUSIVE',
            on: `${table} and ${relationSql(constraint.pktable)}`,
            held: 'while the table is scanned',
          },
          breaksPreviousRelease: false,
          ...stepwise,
        },
      ];
    case 'CONSTR_CHECK':
    case 'CONSTR_NOTNULL':
      if (constraint.skip_validation) return [];
      return [
        {
          rule: 'add-constraint-validated',
          level: 'danger',
          message: `every row of ${table} is checked while nobody can read it; one that breaks the rule and it fails`,
          lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the table is scanned' },
          breaksPreviousRelease: false,
          ...stepwise,
        },
      ];
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY': {
      if (constraint.indexname) return nullsOfKey(constraint, relation, world);
      const kind = constraint.contype === 'CONSTR_UNIQUE' ? 'UNIQUE' : 'PRIMARY KEY';
      return [
        {
          rule: 'add-unique',
          level: 'danger',
          message: `the index of ${quote(name)} is built while nobody can read ${table}; one duplicate and it fails`,
          lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the index is built' },
          breaksPreviousRelease: false,
          safer: saferUnique(table, name, constraintColumns(constraint), kind),
        },
      ];
    }
    case 'CONSTR_EXCLUSION':
      return [
        {
          rule: 'add-unique',
          level: 'danger',
          message: `the index of the exclusion constraint is built while nobody can read ${table}, and there is no concurrent variant: choose a quiet hour`,
          lock: { mode: 'ACCESS EXCLUSIVE', on: table, held: 'while the index is built' },
          breaksPreviousRelease: false,
        },
      ];
    default:
      return [];
  }
};

/** The kind of an unknown constraint, by the usual naming conventions. */
const kindByName = (name: string): ConstraintKind | undefined => {
  if (/_(pk|pkey)\d*$|primary/i.test(name)) return 'primary key';
  if (/_(fk|fkey)\d*$|^fk_/i.test(name)) return 'foreign key';
  if (/_(unique|uniq|uq|key|uk)\d*$|^(uq|uk)_|unique/i.test(name)) return 'unique';
  if (/_(check|chk|ck)\d*$|^(ck|chk)_|check/i.test(name)) return 'check';
  return undefined;
};

const dropConstraint = (
  command: AlterTableCmd,
  relation: RangeVar,
  { world, createdInFile }: Context,
): Remark[] => {
  const name = command.name ?? '';
  const table = relationSql(relation);
  const known = world.constraint(relation, name);
  if (known?.isNew) return [];
  const kind = known?.kind ?? kindByName(name);
  const key = relationKey(relation);
  const lock = { mode: 'ACCESS EXCLUSIVE', on: table, held: 'briefly' } as const;
  if (kind === 'primary key' || kind === 'unique')
    return [
      {
        rule: 'drop-unique',
        level: 'danger',
        message: `nothing stops duplicates in ${table} any more, and ON CONFLICT or foreign keys that rely on ${quote(name)} fail${createdInFile.has(`constraint:${key}.${name}`) ? ' until it is built again' : ''}`,
        lock,
        breaksPreviousRelease: true,
      },
    ];
  const again =
    createdInFile.has(`constraint:${key}.${name}`) ||
    (known && createdInFile.has(`foreign key:${key}(${known.columns.join(',')})`));
  if (again || kind === 'not null') return [];
  return [
    {
      rule: 'drop-constraint',
      level: known?.acts ? 'danger' : 'caution',
      message: `${quote(name)} no longer guards ${table}: ${kind === 'foreign key' ? `rows may point at nothing${known?.acts === false ? '' : ', and a release that relies on its CASCADE or SET NULL leaves rows behind'}` : 'rows that break it may be stored'}, and it cannot come back while there are such rows`,
      lock,
      breaksPreviousRelease: known?.acts ?? false,
    },
  ];
};

/** ADD, DROP and VALIDATE CONSTRAINT, and domains. */
export const constraintRules: Rule = (action, context) => {
  const { node } = action;
  if ('AlterDomainStmt' in node) {
    const { subtype, def } = node.AlterDomainStmt;
    const unvalidated = def && 'Constraint' in def && def.Constraint.skip_validation;
    if ((subtype !== 'C' && subtype !== 'O') || unvalidated) return [];
    return [
      {
        rule: 'add-constraint-validated',
        level: 'danger',
        message:
          'every table that uses the domain is scanned while writes to it wait: add the constraint NOT VALID and validate it later',
        breaksPreviousRelease: false,
      },
    ];
  }
  if (!('AlterTableStmt' in node)) return [];
  const { relation, cmds = [] } = node.AlterTableStmt;
  if (!relation || context.world.isNewTable(relation)) return [];
  return cmds.flatMap((entry) => {
    if (!('AlterTableCmd' in entry)) return [];
    const command = entry.AlterTableCmd;
    if (command.subtype === 'AT_AddConstraint' && command.def && 'Constraint' in command.def)
      return addConstraint(command.def.Constraint, relation, action, cmds.length, context.world);
    if (command.subtype === 'AT_DropConstraint') return dropConstraint(command, relation, context);
    const fresh = context.world.freshConstraints.has(`${relationKey(relation)}.${command.name}`);
    if (command.subtype === 'AT_ValidateConstraint' && fresh && !context.noTransaction)
      return [
        {
          rule: 'validate-in-same-transaction',
          level: 'danger' as const,
          message: `${quote(command.name ?? '')} was added in this transaction, whose lock on ${relationSql(relation)} is held through the scan: validate in a later file`,
          lock: {
            mode: 'ACCESS EXCLUSIVE' as const,
            on: relationSql(relation),
            held: 'while the table is scanned' as const,
          },
          breaksPreviousRelease: false,
        },
      ];
    return [];
  });
};
