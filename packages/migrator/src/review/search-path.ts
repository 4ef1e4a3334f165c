import type { Node, RangeVar } from 'libpg-query';
import { constants, isNode, isRecord, relationKey, strings } from './ast.ts';
import type { Action } from './statements.ts';
import type { World } from './world.ts';

type Path = readonly string[];

const namesOf = (values: readonly string[]): Path =>
  values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '' && name !== '$user' && name !== 'pg_catalog');

/**
 * The search_path that a statement sets; empty for the database's own, undefined if it sets none.
 */
const pathSetBy = (node: Node): Path | undefined => {
  if ('VariableSetStmt' in node) {
    const { kind, name, args } = node.VariableSetStmt;
    if (kind === 'VAR_RESET_ALL') return [];
    return name === 'search_path' ? namesOf(constants(args)) : undefined;
  }
  const [target] = 'SelectStmt' in node ? (node.SelectStmt.targetList ?? []) : [];
  const call = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (!call || !('FuncCall' in call) || strings(call.FuncCall.funcname).at(-1) !== 'set_config')
    return undefined;
  const [setting, value = ''] = constants(call.FuncCall.args);
  return setting === 'search_path' ? namesOf([value]) : undefined;
};

/**
 * Objects that DROP names by lists of strings, and how many strings are the names of table and
 * object.
 */
const LISTED: Record<string, number> = {
  OBJECT_TABLE: 1,
  OBJECT_VIEW: 1,
  OBJECT_MATVIEW: 1,
  OBJECT_INDEX: 1,
  OBJECT_SEQUENCE: 1,
  OBJECT_TRIGGER: 2,
  OBJECT_POLICY: 2,
};

const isRangeVar = (value: Record<string, unknown>): value is Record<string, unknown> & RangeVar =>
  typeof value.relname === 'string' && 'relpersistence' in value;

const withDefined = <T extends object, K extends keyof T>(
  object: T,
  key: K,
  value: T[K] | undefined,
): T => (value === undefined ? object : { ...object, [key]: value });

/** A copy of a statement in which the path's schemas qualify unqualified names. */
const qualified = (node: Node, schemaOf: (name: string) => string | undefined): Node => {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (!isRecord(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
    if (!isRangeVar(inner) || inner.schemaname !== undefined || inner.relpersistence === 't')
      return inner;
    const schema = schemaOf(inner.relname ?? '');
    return schema === undefined ? inner : { ...inner, schemaname: schema };
  };
  const made = copy(node);
  if (!isNode(made)) return node;
  const parts = 'DropStmt' in made ? LISTED[made.DropStmt.removeType ?? ''] : undefined;
  if (!('DropStmt' in made) || parts === undefined) return made;
  const objects = (made.DropStmt.objects ?? []).map((object) => {
    const names = 'List' in object ? strings(object.List.items) : [];
    const schema = names.length === parts ? schemaOf(names[0] ?? '') : undefined;
    if (schema === undefined) return object;
    return { List: { items: [schema, ...names].map((sval) => ({ String: { sval } })) } };
  });
  return { DropStmt: { ...made.DropStmt, objects } };
};

/** A statement that creates a relation, with the path's schema for new ones. */
const homed = (node: Node, schema: string): Node => {
  const at = (relation: RangeVar | undefined): RangeVar | undefined =>
    relation && relation.schemaname === undefined && relation.relpersistence !== 't'
      ? { ...relation, schemaname: schema }
      : relation;
  if ('CreateStmt' in node)
    return { CreateStmt: withDefined(node.CreateStmt, 'relation', at(node.CreateStmt.relation)) };
  if ('ViewStmt' in node)
    return { ViewStmt: withDefined(node.ViewStmt, 'view', at(node.ViewStmt.view)) };
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.into) {
    const { into } = node.CreateTableAsStmt;
    return {
      CreateTableAsStmt: {
        ...node.CreateTableAsStmt,
        into: withDefined(into, 'rel', at(into.rel)),
      },
    };
  }
  return node;
};

/**
 * A file's actions with names resolved by its own SET search_path, because a table that it creates
 * in another schema is not the one of the same name in `public`.
 */
export const inSearchPath = (actions: readonly Action[], world: World): readonly Action[] => {
  let path: Path = [];
  const made = new Set<string>();
  const isKnown = (key: string) =>
    made.has(key) || world.tables.has(key) || world.views.has(key) || world.indexes.has(key);
  return actions.map((action) => {
    path = pathSetBy(action.node) ?? path;
    const [first] = path;
    if (first === undefined) return action;
    const schemaOf = (name: string): string | undefined => {
      const schema = path.find((candidate) => isKnown(`${candidate}.${name}`)) ?? first;
      return schema === 'public' ? undefined : schema;
    };
    const node = qualified(homed(action.node, first), schemaOf);
    if ('CreateStmt' in node) made.add(relationKey(node.CreateStmt.relation));
    if ('ViewStmt' in node) made.add(relationKey(node.ViewStmt.view));
    return { ...action, node };
  });
};
