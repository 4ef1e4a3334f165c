import type { InsertStmt, Node, UpdateStmt } from 'libpg-query';
import {
  columnsRead,
  constants,
  functionCalls,
  isLiteral,
  isNull,
  quote,
  relationSql,
  walk,
} from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { saferCopy } from '../safer.ts';
import type { Action } from '../statements.ts';

/** The condition's text, if the statement is a plain one on one table. */
const conditionOf = (text: string): string | undefined => {
  if (/^\s*with\b/i.test(text) || /\busing\b|\bfrom\b[\s\S]*\bfrom\b/i.test(text)) return undefined;
  return /\bwhere\b([\s\S]*?)(?:\breturning\b[\s\S]*)?$/i.exec(text)?.[1]?.trim();
};

const setColumns = (targets: readonly Node[] | undefined): { name: string; value?: Node }[] =>
  (targets ?? []).flatMap((target) =>
    'ResTarget' in target
      ? [
          {
            name: target.ResTarget.name ?? '',
            ...(target.ResTarget.val ? { value: target.ResTarget.val } : {}),
          },
        ]
      : [],
  );

/** The columns that a condition demands to be null (or empty) before they are written. */
const demandedNull = (where: Node | undefined): Set<string> => {
  const names = new Set<string>();
  const visit = (node: Node | undefined): void => {
    if (!node) return;
    if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR')
      for (const argument of node.BoolExpr.args ?? []) visit(argument);
    else if ('NullTest' in node && node.NullTest.nulltesttype === 'IS_NULL')
      for (const name of columnsRead(node.NullTest.arg)) names.add(name);
  };
  visit(where);
  return names;
};

/** COALESCE(column, …) keeps every existing value. */
const keepsOwnValue = (name: string, value: Node | undefined): boolean => {
  const [first] = value && 'CoalesceExpr' in value ? (value.CoalesceExpr.args ?? []) : [];
  return first !== undefined && 'ColumnRef' in first && columnsRead(first)[0] === name;
};

const BOOKKEEPING = /^(updated|modified|changed)_?at$/i;

/** True for one batch of many: a part of the rows by place or number, committed before the next. */
const isBatch = (update: UpdateStmt, commits: boolean): boolean =>
  commits &&
  (columnsRead(update.whereClause).includes('ctid') ||
    JSON.stringify(update.whereClause ?? {}).includes('"limitCount"'));

const updateRemarks = (
  update: UpdateStmt,
  { text, commits }: Pick<Action, 'text' | 'commits'>,
  context: Context,
): Remark[] => {
  const { world, altersExistingTable, noTransaction } = context;
  if (!update.relation || world.isNewTable(update.relation)) return [];
  const table = relationSql(update.relation);
  const empty = demandedNull(update.whereClause);
  const columns = setColumns(update.targetList);
  const overwritten = columns.filter(
    ({ name, value }) =>
      !world.isNewColumn(update.relation, name) &&
      !(empty.has(name) && !isNull(value)) &&
      !keepsOwnValue(name, value) &&
      !BOOKKEEPING.test(name),
  );
  const every = update.whereClause ? 'the matching rows' : 'every row';
  const lock = { mode: 'ROW EXCLUSIVE', on: table, held: 'until commit' } as const;
  if (overwritten.length > 0)
    return [
      {
        rule: 'update-overwrites',
        level: 'data loss',
        message: `the values that ${every} of ${table} had in ${overwritten.map(({ name }) => quote(name)).join(', ')} are overwritten`,
        lock,
        breaksPreviousRelease: false,
        safer: saferCopy(
          table,
          `${update.relation.relname}_before_update`,
          update.fromClause || update.relation.alias ? undefined : conditionOf(text),
        ),
      },
    ];
  if (noTransaction && isBatch(update, commits)) return [];
  if (altersExistingTable && !noTransaction)
    return [
      {
        rule: 'backfill-in-ddl-transaction',
        level: 'danger',
        message: `${every} of ${table} ${update.whereClause ? 'are' : 'is'} written while the locks of this file's schema changes are held: fill in batches, in a file of its own`,
        lock,
        breaksPreviousRelease: false,
        safer: batchesOf(table, columns, update, text),
      },
    ];
  return [
    {
      rule: 'backfill-unbatched',
      level: 'danger',
      message: `${every} of ${table} ${update.whereClause ? 'are' : 'is'} written in one transaction: writers wait for it, and the dead rows stay until vacuum; fill in batches`,
      lock,
      breaksPreviousRelease: false,
      safer: batchesOf(table, columns, update, text),
    },
  ];
};

const batchesOf = (
  table: string,
  columns: readonly { name: string }[],
  update: UpdateStmt,
  text: string,
): string => {
  const where = conditionOf(text);
  const set = /\bset\b([\s\S]*?)(?=\bwhere\b|\breturning\b|$)/i.exec(text)?.[1]?.trim();
  if (
    update.fromClause ||
    update.withClause ||
    update.relation?.alias ||
    !set ||
    /\bselect\b/i.test(set)
  )
    return saferCopy(table, `${update.relation?.relname}_before_update`);
  const unset = columns.map(({ name }) => `${quote(name)} IS NULL`).join(' AND ');
  const condition = where ?? unset;
  return `-- A file of its own that starts with: -- migrator: no-transaction
DO $$ DECLARE last tid := '(0,0)'; next tid; stop tid; BEGIN
  -- Rows that are written move behind the last one and are not to be met again.
  SELECT max(ctid) INTO stop FROM ${table};
  LOOP
    SELECT max(ctid) INTO next FROM (SELECT ctid FROM ${table} WHERE ctid > last AND ctid <= stop ORDER BY ctid LIMIT 5000) batch;
    EXIT WHEN next IS NULL;
    UPDATE ${table} SET ${set} WHERE ctid > last AND ctid <= next AND (${condition});
    COMMIT;
    last := next;
  END LOOP;
END $$;`;
};

const ADMIN = /^(admin|administrator|super_?admin|superuser|owner|root|system_admin)$/i;
const HOLDERS = /(user|member|account|admin|grant|permission|assignment|profile|operator|staff)/i;
const ADMIN_FLAG = /^(is_?(super_?)?(admin|user|staff)|is_?superuser|admin)$/i;

const insertRemarks = (insert: InsertStmt, { world }: Context): Remark[] => {
  const remarks: Remark[] = [];
  const table = relationSql(insert.relation);
  const columns = (insert.cols ?? []).flatMap((column) =>
    'ResTarget' in column ? [column.ResTarget.name ?? ''] : [],
  );
  const grants =
    HOLDERS.test(insert.relation?.relname ?? '') &&
    (constants(insert.selectStmt).some((constant) => ADMIN.test(constant)) ||
      columns.some((column) => ADMIN_FLAG.test(column)));
  if (grants)
    remarks.push({
      rule: 'grants-admin',
      level: 'danger',
      message: `rows of ${table} make somebody an administrator in every environment this runs in: do it by hand, where it is logged`,
      breaksPreviousRelease: false,
    });
  const overwritten = setColumns(insert.onConflictClause?.targetList).filter(
    ({ name, value }) => !BOOKKEEPING.test(name) && !keepsOwnValue(name, value),
  );
  if (
    insert.onConflictClause?.action === 'ONCONFLICT_UPDATE' &&
    overwritten.length > 0 &&
    !world.isNewTable(insert.relation)
  )
    remarks.push({
      rule: 'upsert-overwrites',
      level: 'caution',
      message: `rows that are already in ${table} lose what they have in ${overwritten.map(({ name }) => quote(name)).join(', ')}`,
      breaksPreviousRelease: false,
    });
  return remarks;
};

const sequenceRemarks = (node: Node, { world }: Context): Remark[] => {
  const remarks: Remark[] = [];
  const add = (message: string) =>
    remarks.push({
      rule: 'reset-sequence',
      level: 'danger',
      message,
      breaksPreviousRelease: true,
    });
  if ('AlterSeqStmt' in node) {
    const restart = (node.AlterSeqStmt.options ?? []).some(
      (option) => 'DefElem' in option && option.DefElem.defname === 'restart',
    );
    const known = world.created.has(
      `sequence:${node.AlterSeqStmt.sequence?.schemaname ?? 'public'}.${node.AlterSeqStmt.sequence?.relname}`,
    );
    if (restart && !known)
      add(`${relationSql(node.AlterSeqStmt.sequence)} may give out numbers again that are in use`);
  }
  if ('SelectStmt' in node && functionCalls(node).includes('setval')) {
    let fixed = false;
    walk(node, ({ tag, value }) => {
      if (tag === 'FuncCall' && functionCalls({ FuncCall: value })[0] === 'setval') {
        const argument: unknown = Array.isArray(value.args) ? value.args[1] : undefined;
        if (
          argument &&
          columnsRead(argument).length === 0 &&
          !/SubLink/.test(JSON.stringify(argument))
        )
          fixed = true;
      }
      return undefined;
    });
    if (fixed) add('a sequence set to a fixed number may give out numbers again that are in use');
  }
  return remarks;
};

/** DELETE, UPDATE, INSERT, MERGE and sequences. */
export const dataRules: Rule = (action, context) => {
  const { node, text } = action;
  const { world } = context;
  if ('DeleteStmt' in node) {
    const { relation, whereClause, usingClause } = node.DeleteStmt;
    if (!relation || world.isNewTable(relation)) return [];
    const table = relationSql(relation);
    return [
      {
        rule: whereClause ? 'delete-rows' : 'delete-all-rows',
        level: 'data loss',
        message: whereClause
          ? `the matching rows of ${table} are gone, and what cascades from them`
          : `every row of ${table} is gone, and what cascades from them`,
        lock: { mode: 'ROW EXCLUSIVE', on: table, held: 'until commit' },
        breaksPreviousRelease: false,
        safer: saferCopy(
          table,
          `${relation.relname}_before_delete`,
          usingClause || relation.alias ? undefined : conditionOf(text),
        ),
      },
    ];
  }
  if ('UpdateStmt' in node) {
    const remarks = updateRemarks(node.UpdateStmt, action, context);
    const promotes = setColumns(node.UpdateStmt.targetList).some(
      ({ name, value }) =>
        (ADMIN_FLAG.test(name) && !constants(value).some((constant) => constant === 'false')) ||
        (/role/i.test(name) && isLiteral(value) && constants(value).some((c) => ADMIN.test(c))),
    );
    if (!promotes || world.isNewTable(node.UpdateStmt.relation)) return remarks;
    return [
      ...remarks,
      {
        rule: 'grants-admin',
        level: 'danger',
        message: `rows of ${relationSql(node.UpdateStmt.relation)} make somebody an administrator in every environment this runs in: do it by hand, where it is logged`,
        breaksPreviousRelease: false,
      },
    ];
  }
  if ('MergeStmt' in node) {
    const { relation, mergeWhenClauses } = node.MergeStmt;
    const loses = (mergeWhenClauses ?? []).some(
      (clause) =>
        'MergeWhenClause' in clause &&
        ['CMD_DELETE', 'CMD_UPDATE'].includes(clause.MergeWhenClause.commandType ?? ''),
    );
    if (!loses || world.isNewTable(relation)) return [];
    return [
      {
        rule: 'update-overwrites',
        level: 'data loss',
        message: `matching rows of ${relationSql(relation)} are overwritten or deleted`,
        lock: { mode: 'ROW EXCLUSIVE', on: relationSql(relation), held: 'until commit' },
        breaksPreviousRelease: false,
      },
    ];
  }
  if ('InsertStmt' in node) return insertRemarks(node.InsertStmt, context);
  return sequenceRemarks(node, context);
};
