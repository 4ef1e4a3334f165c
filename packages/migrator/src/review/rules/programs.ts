import type { Node } from 'libpg-query';
import {
  constants,
  functionCalls,
  keyOfParts,
  quote,
  relationKey,
  relationSql,
  strings,
  walk,
} from '../ast.ts';
import type { Context, Rule } from '../context.ts';
import type { Remark } from '../finding.ts';
import { settingRemarks } from './settings.ts';

const options = (nodes: readonly Node[] | undefined) =>
  (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));

/** Statements in which a constant is compared or stored, so that it becomes the enum's value. */
const READING = [
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'ViewStmt',
  'CreateTableAsStmt',
  'CreatePolicyStmt',
  'AlterPolicyStmt',
  'IndexStmt',
  'CreateTrigStmt',
  'RuleStmt',
];

/** Uses of an enum value that this file adds, in the transaction that adds it. */
const freshValueUse = (node: Node, { world, noTransaction }: Context): Remark[] => {
  if (noTransaction || world.freshValues.size === 0 || 'AlterEnumStmt' in node) return [];
  if ('CreateFunctionStmt' in node || 'CommentStmt' in node) return [];
  const used = new Set<string>();
  const values = new Set(constants(node));
  const types = new Set<string>();
  walk(node, ({ tag, value }) => {
    if (tag === 'TypeCast' || tag === 'ColumnDef') {
      const text = JSON.stringify(value);
      for (const match of text.matchAll(/"sval":"([^"]*)"/g)) if (match[1]) types.add(match[1]);
    }
    return undefined;
  });
  const reads = READING.some((tag) => tag in node);
  for (const entry of world.freshValues) {
    const [type = '', value = ''] = entry.split(/:(.*)/s);
    if (
      values.has(value) &&
      (reads || types.has(type.split('.').at(-1) ?? '') || 'AlterTableStmt' in node)
    )
      used.add(value);
  }
  return [...used].map((value) => ({
    rule: 'new-enum-value-used',
    level: 'danger' as const,
    message: `'${value}' is added in this transaction and cannot be used in it: it fails (55P04); use it in the next file`,
    breaksPreviousRelease: false,
  }));
};

const DROPPED: Record<string, string> = {
  OBJECT_TRIGGER: 'what it did on every write is no longer done',
  OBJECT_EVENT_TRIGGER: 'what it did is no longer done',
};

const dropTriggers = (node: Node, { world, createdInFile }: Context): Remark[] => {
  if (!('DropStmt' in node)) return [];
  const says = DROPPED[node.DropStmt.removeType ?? ''];
  if (!says) return [];
  return (node.DropStmt.objects ?? []).flatMap((object) => {
    const parts = 'List' in object ? strings(object.List.items) : [];
    const table = parts.slice(0, -1);
    const key = `trigger:${keyOfParts(table)}.${parts.at(-1)}`;
    if (createdInFile.has(key) || world.created.has(key)) return [];
    return [
      {
        rule: 'drop-trigger',
        level: 'danger' as const,
        message: `${quote(parts.at(-1) ?? '')}: ${says}`,
        lock: {
          mode: 'ACCESS EXCLUSIVE' as const,
          on: table.map(quote).join('.'),
          held: 'briefly' as const,
        },
        breaksPreviousRelease: true,
      },
    ];
  });
};

const createTrigger = (node: Node, { world }: Context): Remark[] => {
  if (!('CreateTrigStmt' in node)) return [];
  const { relation, trigname, replace } = node.CreateTrigStmt;
  if (!relation || world.isNewTable(relation)) return [];
  if (world.droppedTriggers.has(`${relationKey(relation)}.${trigname}`)) return [];
  return [
    {
      rule: 'create-trigger',
      level: 'caution',
      message: `${quote(trigname ?? '')} ${replace ? 'replaces the former action' : 'runs'} on writes to ${relationSql(relation)}, those of the previous release too, which meet its errors and changes`,
      lock: { mode: 'SHARE ROW EXCLUSIVE', on: relationSql(relation), held: 'briefly' },
      breaksPreviousRelease: false,
    },
  ];
};

const functionRemarks = (node: Node): Remark[] => {
  const [name, elements] =
    'CreateFunctionStmt' in node
      ? [node.CreateFunctionStmt.funcname, options(node.CreateFunctionStmt.options)]
      : 'AlterFunctionStmt' in node
        ? [node.AlterFunctionStmt.func?.objname, options(node.AlterFunctionStmt.actions)]
        : [undefined, []];
  const definer = elements.some(
    ({ defname, arg }) => defname === 'security' && arg && 'Boolean' in arg && arg.Boolean.boolval,
  );
  const path = elements.some(
    ({ defname, arg }) =>
      defname === 'set' &&
      arg &&
      'VariableSetStmt' in arg &&
      arg.VariableSetStmt.name === 'search_path',
  );
  if (!definer || path) return [];
  return [
    {
      rule: 'security-definer-search-path',
      level: 'danger',
      message: `${quote(strings(name).at(-1) ?? '')} runs with its owner's rights, but its caller chooses the search_path: add SET search_path = ''`,
      breaksPreviousRelease: false,
    },
  ];
};

/** Functions whose call destroys data. */
const DESTROYS: Record<string, string> = {
  lo_unlink: 'large objects are gone',
  drop_chunks: 'the chunks it names are gone with their rows',
};

const destructiveCalls = (node: Node): Remark[] => {
  if (!('SelectStmt' in node)) return [];
  const says = functionCalls(node).flatMap((name) => DESTROYS[name] ?? []);
  return says.map((message) => ({
    rule: 'destructive-function',
    level: 'data loss' as const,
    message,
    breaksPreviousRelease: false,
  }));
};

const rewriteRules = (node: Node, { world }: Context): Remark[] => {
  if (!('RuleStmt' in node) || !node.RuleStmt.instead || world.isNewTable(node.RuleStmt.relation))
    return [];
  const event = (node.RuleStmt.event ?? '').replace('CMD_', '');
  return [
    {
      rule: 'instead-rule',
      level: 'danger',
      message: `${event} on ${relationSql(node.RuleStmt.relation)} does ${(node.RuleStmt.actions ?? []).length === 0 ? 'nothing' : 'something else'} from now on, and reports no error`,
      breaksPreviousRelease: true,
    },
  ];
};

const replication = (node: Node): Remark[] => {
  if (!('AlterPublicationStmt' in node) || node.AlterPublicationStmt.action === 'AP_AddObjects')
    return [];
  const { pubname = '', pubobjects = [], action } = node.AlterPublicationStmt;
  if (pubobjects.length === 0) return [];
  return [
    {
      rule: 'drop-replication',
      level: 'danger',
      message: `subscribers of ${quote(pubname)} stop receiving changes of ${action === 'AP_SetObjects' ? 'every table that the new list lacks' : 'the tables named'}`,
      breaksPreviousRelease: true,
    },
  ];
};

const extensionUpdate = (node: Node): Remark[] =>
  'AlterExtensionStmt' in node
    ? [
        {
          rule: 'update-extension',
          level: 'caution',
          message: `the scripts of ${quote(node.AlterExtensionStmt.extname ?? '')} run in this transaction and lock what they change; indexes of its types may need a rebuild: read its release notes`,
          breaksPreviousRelease: false,
        },
      ]
    : [];

/** Enum values, triggers, rules, functions, extensions, settings. */
export const programRules: Rule = ({ node }, context) => {
  const { world } = context;
  if ('AlterEnumStmt' in node) {
    const { oldVal, newVal = '', typeName } = node.AlterEnumStmt;
    const parts = strings(typeName);
    if (!oldVal || world.created.has(`type:${keyOfParts(parts)}`)) return [];
    return [
      {
        rule: 'rename-enum-value',
        level: 'danger',
        message: `code of the previous release writes and asks for '${oldVal}', which is now '${newVal}', and fails: add the new value, move the rows, leave the old one`,
        breaksPreviousRelease: true,
        safer: `ALTER TYPE ${parts.map(quote).join('.')} ADD VALUE IF NOT EXISTS '${newVal.replaceAll("'", "''")}';
-- In the next migrations: move the rows in batches, then a release that knows only the new value.`,
      },
    ];
  }
  if ('CopyStmt' in node && node.CopyStmt.is_program)
    return [
      {
        rule: 'server-program',
        level: 'danger',
        message: `${node.CopyStmt.filename ?? 'a program'} is run on the server${node.CopyStmt.relation ? ` with the rows of ${relationSql(node.CopyStmt.relation)}` : ''}`,
        breaksPreviousRelease: false,
      },
    ];
  return [
    ...dropTriggers(node, context),
    ...createTrigger(node, context),
    ...functionRemarks(node),
    ...destructiveCalls(node),
    ...rewriteRules(node, context),
    ...replication(node),
    ...extensionUpdate(node),
    ...settingRemarks(node),
    ...freshValueUse(node, context),
  ];
};
