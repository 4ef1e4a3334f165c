import type { Node } from 'libpg-query';
import type { Migration } from '../folder/migration.ts';
import { isRecord, strings, walk } from '../review/ast.ts';
import { readStatements } from '../review/statements.ts';
import { splitStatements } from '../sql/split.ts';

/** Parts of a history that a schema's description lacks. */
export interface Carried {
  /** Copied unchanged, before the schema: roles, and objects that a definition may need. */
  readonly first: readonly string[];
  /** Copied unchanged, after the schema. */
  readonly last: readonly string[];
  /**
   * Blocks whose computed SQL can't be read. They are left out, because the schema is equal without
   * them.
   */
  readonly unread: readonly string[];
}

/** Kinds that the comparison of catalogs and rows covers, and that are created from the catalog. */
const COVERED = new Set([
  ...['CreateStmt', 'CreateTableAsStmt', 'AlterTableStmt', 'IndexStmt', 'RenameStmt', 'DropStmt'],
  ...['CreateEnumStmt', 'AlterEnumStmt', 'CompositeTypeStmt', 'AlterTypeStmt', 'CreateRangeStmt'],
  ...['CreateDomainStmt', 'AlterDomainStmt', 'CreateSeqStmt', 'AlterSeqStmt', 'CreateSchemaStmt'],
  ...['CreateExtensionStmt', 'CreateFunctionStmt', 'AlterFunctionStmt', 'CreateTrigStmt'],
  ...['ViewStmt', 'RefreshMatViewStmt', 'RuleStmt', 'CreateEventTrigStmt', 'CreateStatsStmt'],
  ...['CreatePolicyStmt', 'AlterPolicyStmt', 'GrantStmt', 'AlterDefaultPrivilegesStmt'],
  ...['CommentStmt', 'AlterObjectSchemaStmt', 'AlterObjectDependsStmt', 'CallStmt'],
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt', 'TruncateStmt'],
  // Statements of a session, a transaction or the server's housekeeping leave nothing behind.
  ...['VariableSetStmt', 'TransactionStmt', 'LockStmt', 'VacuumStmt', 'ReindexStmt', 'DiscardStmt'],
  ...['CheckPointStmt', 'ConstraintsSetStmt', 'NotifyStmt'],
]);

const OF_ROLES = new Set(['CreateRoleStmt', 'AlterRoleStmt', 'AlterRoleSetStmt', 'GrantRoleStmt']);

/** Parts of ALTER TABLE that the catalog's description leaves out. */
const UNSEEN_CHANGES = new Set([
  ...['AT_SetStatistics', 'AT_SetCompression', 'AT_SetOptions', 'AT_ResetOptions'],
  ...['AT_ClusterOn', 'AT_DropCluster', 'AT_ChangeOwner', 'AT_SetTableSpace'],
  ...['AT_DisableTrigAll', 'AT_DisableTrigUser', 'AT_EnableTrigAll', 'AT_EnableTrigUser'],
  ...['AT_DisableRule', 'AT_EnableRule', 'AT_EnableAlwaysRule', 'AT_EnableReplicaRule'],
]);

const UNSEEN_COMMENTS = new Set(['OBJECT_SCHEMA', 'OBJECT_EXTENSION', 'OBJECT_DATABASE']);

const SEEN_GRANTS = new Set([
  ...['OBJECT_TABLE', 'OBJECT_COLUMN', 'OBJECT_SEQUENCE', 'OBJECT_SCHEMA'],
  ...['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE'],
]);

const isSystem = (schema: unknown): boolean =>
  typeof schema === 'string' && /^(pg_|information_schema$)/.test(schema);

/** True if it changes an object that no migration made, such as a built-in function. */
const changesSystem = (node: Node, made: ReadonlySet<string>): boolean => {
  if ('AlterFunctionStmt' in node) {
    const name = strings(node.AlterFunctionStmt.func?.objname);
    return isSystem(name[0]) || !made.has(name.at(-1) ?? '');
  }
  let found = false;
  walk(node, ({ tag, value }) => {
    const relation = value.relation;
    if (/^(Insert|Update|Delete|Merge|AlterTable)Stmt$/.test(tag) && isRecord(relation))
      found ||= isSystem(relation.schemaname);
    return true;
  });
  return found;
};

const isUnseen = (node: Node, made: ReadonlySet<string>): boolean => {
  const [kind = ''] = Object.keys(node);
  if (!COVERED.has(kind) || changesSystem(node, made)) return true;
  if ('AlterTableStmt' in node)
    return (node.AlterTableStmt.cmds ?? []).some(
      (command) =>
        'AlterTableCmd' in command && UNSEEN_CHANGES.has(command.AlterTableCmd.subtype ?? ''),
    );
  // A description lists rights granted beyond the server's defaults, but no lost defaults.
  if ('AlterDefaultPrivilegesStmt' in node)
    return node.AlterDefaultPrivilegesStmt.action?.is_grant !== true;
  if ('CommentStmt' in node) return UNSEEN_COMMENTS.has(node.CommentStmt.objtype ?? '');
  if ('GrantStmt' in node) {
    const { objtype = '', is_grant: grants = false } = node.GrantStmt;
    return !SEEN_GRANTS.has(objtype) || (objtype === 'OBJECT_SCHEMA' && !grants);
  }
  return false;
};

/**
 * Roles, collations, and extensions with a schema or version come before the objects that use them.
 */
const comesFirst = (node: Node): boolean => {
  if ('DefineStmt' in node) return node.DefineStmt.kind === 'OBJECT_COLLATION';
  if ('CreateExtensionStmt' in node) return (node.CreateExtensionStmt.options ?? []).length > 0;
  return OF_ROLES.has(Object.keys(node)[0] ?? '');
};

/**
 * Finds the statements of a history whose effect no comparison sees: roles, changes to the server's
 * own objects, and everything that the catalog's description leaves out. Needs `loadParser`.
 */
export const carriedStatements = (migrations: readonly Pick<Migration, 'sql'>[]): Carried => {
  const statements = migrations.flatMap(({ sql }) => splitStatements(sql));
  const read = statements.map(({ text }) => ({ text, ...readStatements(text) }));
  const made = new Set(
    read.flatMap(({ actions }) =>
      actions.flatMap(({ node }) =>
        'CreateFunctionStmt' in node
          ? (strings(node.CreateFunctionStmt.funcname).at(-1) ?? [])
          : [],
      ),
    ),
  );
  const carried = { first: [] as string[], last: [] as string[], unread: [] as string[] };
  for (const { text, actions, unread } of read) {
    const nodes = actions.filter(({ within }) => within !== 'stored').map(({ node }) => node);
    const isBlock = /^do\b/i.test(text);
    if (nodes.some(comesFirst) || (isBlock && /\b(role|pg_roles)\b/i.test(text)))
      carried.first.push(text);
    else if (nodes.some((node) => isUnseen(node, made))) carried.last.push(text);
    else if (isBlock && unread.length > 0) carried.unread.push(text);
  }
  return carried;
};
