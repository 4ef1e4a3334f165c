import type { AlterTableCmd, Constraint, CreateStmt, Node, RangeVar } from 'libpg-query';
import { functionCalls, isRecord, quote, relationKey, relationSql, strings } from '../ast.ts';
import type { Distribution } from '../distribution.ts';
import type { Remark } from '../finding.ts';
import type { World } from '../world.ts';

const refusal = (message: string, safer?: string): Remark => ({
  rule: 'refused-by-citus',
  level: 'danger',
  message: `Citus refuses this: ${message}`,
  breaksPreviousRelease: false,
  ...(safer === undefined ? {} : { safer }),
});

const UNIQUE = new Set(['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION']);

const withoutColumn = (
  what: string,
  columns: readonly string[],
  relation: RangeVar | undefined,
  placed: Distribution | undefined,
): Remark[] =>
  placed?.kind === 'distributed' && !columns.includes(placed.column)
    ? [
        refusal(
          `${what} of the distributed ${relationSql(relation)} must hold its distribution column ${quote(placed.column)}, because each shard checks its own rows only`,
        ),
      ]
    : [];

const constraintRemarks = (
  constraint: Constraint,
  relation: RangeVar,
  tables: ReadonlyMap<string, Distribution>,
): Remark[] => {
  const placed = tables.get(relationKey(relation));
  if (!placed) return [];
  if (UNIQUE.has(constraint.contype ?? '') && !constraint.indexname)
    return withoutColumn(
      constraint.contype === 'CONSTR_PRIMARY' ? 'a primary key' : 'a unique constraint',
      strings(constraint.keys),
      relation,
      placed,
    );
  if (constraint.contype !== 'CONSTR_FOREIGN') return [];
  const target = tables.get(relationKey(constraint.pktable));
  if (placed.kind === 'reference' && target?.kind === 'distributed')
    return [refusal('a reference table cannot have a foreign key to a distributed table')];
  if (placed.kind === 'distributed' && target?.kind === 'distributed')
    return withoutColumn(
      'a foreign key to a distributed table',
      strings(constraint.fk_attrs),
      relation,
      placed,
    );
  if (placed.kind === 'distributed' && !target)
    return [
      refusal(
        `${relationSql(constraint.pktable)} is a local table, to which a distributed one cannot have a foreign key: make it a reference table first`,
        `SELECT create_reference_table('${relationSql(constraint.pktable)}');`,
      ),
    ];
  return [];
};

const alterRemarks = (
  commands: readonly AlterTableCmd[],
  relation: RangeVar,
  tables: ReadonlyMap<string, Distribution>,
): Remark[] => {
  const placed = tables.get(relationKey(relation));
  if (!placed) return [];
  const table = relationSql(relation);
  const remarks: Remark[] = [];
  const kinds = new Set(commands.map(({ subtype }) => subtype));
  if (kinds.has('AT_AddColumn') && kinds.has('AT_AddConstraint'))
    remarks.push(
      refusal(`ADD COLUMN and ADD CONSTRAINT in one ALTER TABLE of ${table}: write two statements`),
    );
  for (const { subtype, name, def } of commands) {
    if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
      remarks.push(...constraintRemarks(def.Constraint, relation, tables));
    const isKey = placed.kind === 'distributed' && placed.column === name;
    if (isKey && (subtype === 'AT_AlterColumnType' || subtype === 'AT_DropColumn'))
      remarks.push(
        refusal(
          `${quote(name ?? '')} is the distribution column of ${table}, which can be neither retyped nor dropped: undistribute_table, change it, distribute it again`,
        ),
      );
    if (subtype === 'AT_EnableTrig' || subtype === 'AT_DisableTrig')
      remarks.push(refusal(`triggers of the distributed ${table}`));
    if (subtype === 'AT_SetStorage')
      remarks.push({
        rule: 'lost-by-citus',
        level: 'caution',
        message: `shards of partitions of ${table} do not inherit its STORAGE: set it on the shards as well`,
        breaksPreviousRelease: false,
      });
  }
  return remarks;
};

/** A table that stays on the coordinator, because nothing distributes it. */
const staysLocal = (
  statement: CreateStmt,
  tables: ReadonlyMap<string, Distribution>,
  distributedInFile: ReadonlySet<string>,
): Remark[] => {
  const key = relationKey(statement.relation);
  const [parent] = statement.inhRelations ?? [];
  const partition = parent && 'RangeVar' in parent && tables.has(relationKey(parent.RangeVar));
  if (partition || distributedInFile.has(key) || statement.relation?.relpersistence === 't')
    return [];
  return [
    {
      rule: 'local-table',
      level: 'caution',
      message: `${relationSql(statement.relation)} silently stays on the coordinator: distribute it, make it a reference table, or acknowledge this`,
      breaksPreviousRelease: false,
      safer: `SELECT create_distributed_table('${relationSql(statement.relation)}', 'tenant_id');\n-- or, for a small table that all tenants read:\nSELECT create_reference_table('${relationSql(statement.relation)}');`,
    },
  ];
};

const dataRemarks = (node: Node, tables: ReadonlyMap<string, Distribution>): Remark[] => {
  if ('UpdateStmt' in node) {
    const placed = tables.get(relationKey(node.UpdateStmt.relation));
    const sets = (node.UpdateStmt.targetList ?? []).flatMap((target) =>
      'ResTarget' in target ? [target.ResTarget.name] : [],
    );
    return placed?.kind === 'distributed' && sets.includes(placed.column)
      ? [
          refusal(
            `an UPDATE of the distribution column ${quote(placed.column)}: insert the row again and delete the old one`,
          ),
        ]
      : [];
  }
  if ('InsertStmt' in node && node.InsertStmt.onConflictClause?.action === 'ONCONFLICT_UPDATE') {
    const placed = tables.get(relationKey(node.InsertStmt.relation));
    const calls = functionCalls({
      list: [node.InsertStmt.selectStmt, node.InsertStmt.onConflictClause],
    });
    return placed &&
      calls.some((name) =>
        /^(now|current_timestamp|random|clock_timestamp|gen_random_uuid|nextval)$/.test(name),
      )
      ? [refusal('an upsert whose row holds a function such as now(): pass the value')]
      : [];
  }
  return [];
};

const isLeakproof = (node: Node): boolean => {
  const options =
    'CreateFunctionStmt' in node
      ? node.CreateFunctionStmt.options
      : 'AlterFunctionStmt' in node
        ? node.AlterFunctionStmt.actions
        : undefined;
  return (options ?? []).some(
    (option) => isRecord(option) && 'DefElem' in option && option.DefElem.defname === 'leakproof',
  );
};

/**
 * Statements that Citus rejects or silently loses. The history's calls of create_distributed_table
 * and create_reference_table tell which tables are distributed.
 *
 * @param distributedInFile tables that the file itself distributes anywhere
 */
export const citusRemarks = (
  node: Node,
  world: World,
  distributedInFile: ReadonlySet<string>,
): Remark[] => {
  const tables = world.distributions;
  if ('CreateStmt' in node) return staysLocal(node.CreateStmt, tables, distributedInFile);
  if ('AlterTableStmt' in node && node.AlterTableStmt.relation)
    return alterRemarks(
      (node.AlterTableStmt.cmds ?? []).flatMap((entry) =>
        'AlterTableCmd' in entry ? [entry.AlterTableCmd] : [],
      ),
      node.AlterTableStmt.relation,
      tables,
    );
  if ('IndexStmt' in node && node.IndexStmt.unique)
    return withoutColumn(
      'a unique index',
      (node.IndexStmt.indexParams ?? []).flatMap((part) =>
        'IndexElem' in part && part.IndexElem.name ? [part.IndexElem.name] : [],
      ),
      node.IndexStmt.relation,
      tables.get(relationKey(node.IndexStmt.relation)),
    );
  if ('CreateTrigStmt' in node && tables.has(relationKey(node.CreateTrigStmt.relation)))
    return [refusal(`triggers of the distributed ${relationSql(node.CreateTrigStmt.relation)}`)];
  if (isLeakproof(node))
    return [
      {
        rule: 'lost-by-citus',
        level: 'caution',
        message: 'a node that is added later lacks LEAKPROOF: set it there as well',
        breaksPreviousRelease: false,
      },
    ];
  return dataRemarks(node, tables);
};
