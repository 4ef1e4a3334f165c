import type { Node, RangeVar } from 'libpg-query';
import { columnsRead, isNode, isRecord, keyOfParts, relationKey, strings, walk } from './ast.ts';
import { createdKeys } from './created.ts';
import {
  describeSet,
  EVERYTHING,
  isBoundEarly,
  isMember,
  membersOf,
  relationsBelow,
  rightsOf,
  setsOf,
} from './sets.ts';
import { loadParser, readStatements } from './statements.ts';

/** The names of the objects that a file changes and relies on, to compare two files. */
interface Touched {
  readonly writes: Set<string>;
  readonly reads: Set<string>;
  /** Sets that the file acts on, with the members of that moment; see `sets.ts`. */
  readonly sets: Set<string>;
  /** Sets whose members the file changes. */
  readonly members: Set<string>;
}

const typesBelow = (value: unknown): string[] => {
  const names: string[] = [];
  walk(value, ({ tag, value: node }) => {
    const type = tag === 'TypeName' ? node : node.typeName;
    if (isRecord(type) && Array.isArray(type.names)) {
      const parts = strings(type.names.filter(isNode));
      if (parts[0] !== 'pg_catalog') names.push(`type ${keyOfParts(parts)}`);
    }
    return undefined;
  });
  return names;
};

const alterTable = (node: Node, touched: Touched): void => {
  if (!('AlterTableStmt' in node)) return;
  const key = relationKey(node.AlterTableStmt.relation);
  touched.reads.add(key);
  for (const entry of node.AlterTableStmt.cmds ?? []) {
    if (!('AlterTableCmd' in entry)) continue;
    const { subtype, name, def } = entry.AlterTableCmd;
    if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def)
      touched.writes.add(`${key}.${def.ColumnDef.colname}`);
    else if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) {
      touched.writes.add(`${key} constraint ${def.Constraint.conname ?? ''}`);
      for (const column of [...strings(def.Constraint.fk_attrs), ...strings(def.Constraint.keys)])
        touched.reads.add(`${key}.${column}`);
    } else if (/Constraint$/.test(subtype ?? '')) touched.writes.add(`${key} constraint ${name}`);
    else if (name) touched.writes.add(`${key}.${name}`);
    else touched.writes.add(`${key} ${subtype}`);
  }
};

const touchedBy = (sql: string): Touched => {
  const touched: Touched = {
    writes: new Set(),
    reads: new Set(),
    sets: new Set(),
    members: new Set(),
  };
  const wholly = (relation: RangeVar | undefined) => touched.writes.add(relationKey(relation));
  const { actions, unread } = readStatements(sql);
  // A computed statement may concern any object.
  if (unread.some(({ reason }) => reason === 'dynamic')) touched.sets.add(EVERYTHING);
  for (const { node, within } of actions) {
    for (const set of setsOf(node)) touched.sets.add(set);
    if (within !== 'stored') for (const set of membersOf(node)) touched.members.add(set);
    for (const right of rightsOf(node)) touched.writes.add(right);
    if (isBoundEarly(node))
      for (const relation of relationsBelow(node))
        for (const column of columnsRead(node)) touched.reads.add(`${relation}.${column}`);
    for (const name of [...relationsBelow(node), ...typesBelow(node)]) touched.reads.add(name);
    for (const key of createdKeys(node)) touched.writes.add(key);
    alterTable(node, touched);
    if ('CreateStmt' in node) wholly(node.CreateStmt.relation);
    else if ('RenameStmt' in node) {
      const { relation, subname, newname } = node.RenameStmt;
      if (subname) {
        touched.writes.add(`${relationKey(relation)}.${subname}`);
        touched.writes.add(`${relationKey(relation)}.${newname}`);
      } else wholly(relation);
    } else if ('DropStmt' in node)
      for (const object of node.DropStmt.objects ?? []) {
        const parts =
          'List' in object
            ? strings(object.List.items)
            : 'TypeName' in object
              ? strings(object.TypeName.names)
              : [];
        const key = keyOfParts(parts);
        touched.writes.add(node.DropStmt.removeType === 'OBJECT_TYPE' ? `type ${key}` : key);
        touched.writes.add(`index:${parts.at(-1)}`);
        touched.writes.add(`view:${key}`);
      }
    else if ('UpdateStmt' in node || 'DeleteStmt' in node || 'InsertStmt' in node) {
      const relation =
        'UpdateStmt' in node
          ? node.UpdateStmt.relation
          : 'DeleteStmt' in node
            ? node.DeleteStmt.relation
            : 'InsertStmt' in node
              ? node.InsertStmt.relation
              : undefined;
      touched.writes.add(`rows of ${relationKey(relation)}`);
    } else if ('TruncateStmt' in node)
      for (const name of relationsBelow(node)) touched.writes.add(`rows of ${name}`);
    else if ('AlterEnumStmt' in node)
      touched.writes.add(`type ${keyOfParts(strings(node.AlterEnumStmt.typeName))}`);
    else if ('CreateEnumStmt' in node)
      touched.writes.add(`type ${keyOfParts(strings(node.CreateEnumStmt.typeName))}`);
  }
  return touched;
};

/** True if a change to `written` matters to a statement that relies on `read`. */
const meets = (written: string, read: string): boolean =>
  // A dropped or renamed table takes its columns along; a new column matters only to statements
  // that name it.
  written === read || read.startsWith(`${written}.`) || read.startsWith(`${written} `);

/**
 * The object that two files both touch so that their order may matter; undefined if neither changes
 * an object that the other changes or relies on. Two columns added to one table do not conflict.
 */
export const conflictBetween = async (
  first: string,
  second: string,
): Promise<string | undefined> => {
  await loadParser();
  const [a, b] = [touchedBy(first), touchedBy(second)];
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const)
    for (const written of one.writes)
      for (const name of [...other.writes, ...other.reads])
        if (meets(written, name)) return written.replace(/^(\w+):/, '$1 ');
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const)
    for (const set of one.sets)
      for (const member of other.members)
        if (isMember(member, set)) return describeSet(set, member);
  return undefined;
};
