import type { GrantStmt, Node } from 'libpg-query';
import { isNode, isRecord, keyOfParts, relationKey, strings, walk } from './ast.ts';
import { roleNames } from './roles.ts';

/**
 * Statements about a set act on its members of that moment: `*` on the columns, ALL TABLES on the
 * tables, default privileges on objects created later. Their order with a change of the set
 * matters, although they share no name.
 */

/** Computed SQL, or an event trigger, may concern anything. */
export const EVERYTHING = 'everything';

export const relationsBelow = (value: unknown): string[] => {
  const names: string[] = [];
  const note = (relation: unknown) => {
    if (isRecord(relation) && typeof relation.relname === 'string') {
      const schema = typeof relation.schemaname === 'string' ? relation.schemaname : 'public';
      names.push(`${schema}.${relation.relname}`);
    }
  };
  walk(value, ({ tag, value: node }) => {
    if (tag === 'RangeVar') note(node);
    for (const field of ['relation', 'pktable', 'table', 'view', 'sequence']) note(node[field]);
    return undefined;
  });
  return names;
};

const columnsOf = (relation: string): string => `columns of ${relation}`;

/** True if an expression is expanded or bound when it is stored, and not each time it runs. */
export const isBoundEarly = (node: Node): boolean =>
  'ViewStmt' in node ||
  'CreateTableAsStmt' in node ||
  'CreatePolicyStmt' in node ||
  'IndexStmt' in node ||
  'RuleStmt' in node ||
  'CreateTrigStmt' in node ||
  ('CreateFunctionStmt' in node && node.CreateFunctionStmt.sql_body !== undefined);

/** True if a node contains `*`, a natural join or a whole row. */
const takesAllColumns = (node: Node): boolean => {
  let found = false;
  const relations = new Set(relationsBelow(node).map((name) => name.split('.').at(-1)));
  walk(node, ({ tag, value }) => {
    if (tag === 'A_Star') found = true;
    if (tag === 'JoinExpr' && value.isNatural === true) found = true;
    if (tag === 'ColumnRef' && Array.isArray(value.fields)) {
      const fields = strings(value.fields.filter(isNode));
      if (JSON.stringify(value.fields).includes('A_Star')) found = true;
      if (fields.length === 1 && relations.has(fields[0])) found = true;
    }
    return undefined;
  });
  return found;
};

const KINDS: Record<string, readonly string[]> = {
  OBJECT_TABLE: ['tables'],
  OBJECT_SEQUENCE: ['sequences'],
  OBJECT_FUNCTION: ['functions'],
  OBJECT_PROCEDURE: ['functions'],
  OBJECT_ROUTINE: ['functions'],
  OBJECT_TYPE: ['types'],
  OBJECT_SCHEMA: ['schemas'],
};

const schemasOf = (nodes: readonly Node[] | undefined): string[] => strings(nodes);

const grantSets = (grant: GrantStmt): string[] => {
  if (grant.targtype !== 'ACL_TARGET_ALL_IN_SCHEMA') return [];
  const schemas = schemasOf(grant.objects);
  return (KINDS[grant.objtype ?? ''] ?? []).flatMap((kind) =>
    schemas.flatMap((schema) => [`${kind} of ${schema}`, `rights on ${kind} of ${schema}`]),
  );
};

/** The sets that a statement acts on. */
export const setsOf = (node: Node): string[] => {
  if ('GrantStmt' in node) return grantSets(node.GrantStmt);
  if ('AlterDefaultPrivilegesStmt' in node) {
    const { action, options = [] } = node.AlterDefaultPrivilegesStmt;
    const schemas = options.flatMap((option) =>
      'DefElem' in option &&
      option.DefElem.defname === 'schemas' &&
      option.DefElem.arg &&
      'List' in option.DefElem.arg
        ? schemasOf(option.DefElem.arg.List.items)
        : [],
    );
    const kinds = KINDS[action?.objtype ?? ''] ?? [];
    return kinds.flatMap((kind) =>
      (schemas.length > 0 ? schemas : ['*']).map((schema) => `${kind} of ${schema}`),
    );
  }
  if ('ReassignOwnedStmt' in node || 'DropOwnedStmt' in node || 'CreateEventTrigStmt' in node)
    return [EVERYTHING];
  if ('AlterTableMoveAllStmt' in node) return ['tables of *'];
  if ('ReindexStmt' in node && node.ReindexStmt.kind === 'REINDEX_OBJECT_SCHEMA') return [];
  // Columns are counted, not named.
  if ('InsertStmt' in node && !node.InsertStmt.cols && node.InsertStmt.relation)
    return [columnsOf(relationKey(node.InsertStmt.relation))];
  if ('CopyStmt' in node && !node.CopyStmt.attlist && node.CopyStmt.relation)
    return [columnsOf(relationKey(node.CopyStmt.relation))];
  if ('CreateStmt' in node)
    return (node.CreateStmt.tableElts ?? []).flatMap((element) =>
      'TableLikeClause' in element
        ? [columnsOf(relationKey(element.TableLikeClause.relation))]
        : [],
    );
  const early = isBoundEarly(node) || ('SelectStmt' in node && node.SelectStmt.intoClause);
  if (early && takesAllColumns(node)) return relationsBelow(node).map(columnsOf);
  return [];
};

const rightsTarget = (grant: GrantStmt): string[] => {
  const kinds = KINDS[grant.objtype ?? ''] ?? ['objects'];
  return (grant.objects ?? []).flatMap((object) => {
    if ('RangeVar' in object)
      return kinds.map((kind) => `rights on ${kind} of ${relationKey(object.RangeVar)}`);
    if ('ObjectWithArgs' in object)
      return kinds.map(
        (kind) => `rights on ${kind} of ${keyOfParts(strings(object.ObjectWithArgs.objname))}`,
      );
    if ('String' in object && grant.targtype === 'ACL_TARGET_OBJECT')
      return kinds.map((kind) => `rights on ${kind} ${object.String.sval}`);
    return [];
  });
};

/** The rights that a statement gives or takes, by object and role. */
export const rightsOf = (node: Node): string[] =>
  'GrantStmt' in node
    ? rightsTarget(node.GrantStmt).flatMap((target) =>
        roleNames(node.GrantStmt.grantees).map((role) => `${target} for ${role}`),
      )
    : [];

const NEW_MEMBERS: readonly (readonly [string, string])[] = [
  ['CreateStmt', 'tables'],
  ['ViewStmt', 'tables'],
  ['CreateTableAsStmt', 'tables'],
  ['CreateForeignTableStmt', 'tables'],
  ['CreateSeqStmt', 'sequences'],
];

/** The sets whose members a statement changes. */
export const membersOf = (node: Node): string[] => {
  const made = NEW_MEMBERS.flatMap(([tag, kind]) => {
    const statement: unknown = Reflect.get(node, tag);
    if (!isRecord(statement)) return [];
    const into = isRecord(statement.into) ? statement.into.rel : undefined;
    const relation = statement.relation ?? statement.view ?? statement.sequence ?? into;
    if (!isRecord(relation)) return [];
    const schema = typeof relation.schemaname === 'string' ? relation.schemaname : 'public';
    return [`${kind} of ${schema}`];
  });
  if (made.length > 0) return made;
  if ('CreateFunctionStmt' in node)
    return [`functions of ${keyOfParts(strings(node.CreateFunctionStmt.funcname)).split('.')[0]}`];
  if ('CreateEnumStmt' in node)
    return [`types of ${keyOfParts(strings(node.CreateEnumStmt.typeName)).split('.')[0]}`];
  if ('CreateDomainStmt' in node)
    return [`types of ${keyOfParts(strings(node.CreateDomainStmt.domainname)).split('.')[0]}`];
  if ('CreateSchemaStmt' in node) return ['schemas of *'];
  if ('GrantStmt' in node) {
    const sets = grantSets(node.GrantStmt).filter((set) => set.startsWith('rights on'));
    return [...sets, ...rightsTarget(node.GrantStmt)];
  }
  if ('AlterTableStmt' in node && node.AlterTableStmt.relation) {
    const key = relationKey(node.AlterTableStmt.relation);
    const changes = (node.AlterTableStmt.cmds ?? []).some(
      (entry) =>
        'AlterTableCmd' in entry &&
        ['AT_AddColumn', 'AT_DropColumn', 'AT_AlterColumnType'].includes(
          entry.AlterTableCmd.subtype ?? '',
        ),
    );
    return changes ? [columnsOf(key)] : [`definition of ${key}`];
  }
  if ('RenameStmt' in node) {
    const { relation, renameType } = node.RenameStmt;
    if (renameType === 'OBJECT_COLUMN' && relation) return [columnsOf(relationKey(relation))];
    return [`definition of ${relationKey(relation)}`];
  }
  if ('DropStmt' in node) return ['definition of what is dropped'];
  if ('CreateTrigStmt' in node || 'IndexStmt' in node || 'CreatePolicyStmt' in node)
    return ['definition of a part of a table'];
  return [];
};

export const isMember = (member: string, set: string): boolean => {
  if (set === EVERYTHING) return true;
  if (set === member) return true;
  if (set.endsWith(' of *')) return member.startsWith(set.slice(0, -1));
  return set.startsWith('rights on ') && member.startsWith(`${set}.`);
};

/** In words, for a refusal. */
export const describeSet = (set: string, member: string): string =>
  set === EVERYTHING
    ? `${member}, which SQL that is computed when it runs may be about`
    : `the ${set.replace('of *', 'of every schema')}, which one takes as they are when it runs and the other changes`;
