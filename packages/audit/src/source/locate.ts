import type { Column, ForeignKey, Index, Location, Model, Table } from '../model/model.ts';
import { literally } from '../model/pattern.ts';
import {
  bare,
  calleeOf,
  chainOf,
  importedFrom,
  isNode,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  placeOf,
  type SourceFile,
  textOf,
  walk,
} from './parse.ts';
import type { Sources } from './sources.ts';

interface Declared {
  readonly file: SourceFile;
  /** The call that creates the table. */
  readonly call: Node;
  readonly at: Node;
  readonly names: readonly string[];
}

interface Property {
  readonly file: SourceFile;
  readonly node: Node;
}

const MAKES_TABLE = /table|withRLS|^create/i;

/** Every call that may create a table: Drizzle's, or a project's wrapper with a table's name. */
const tableCalls = (sources: Sources, keys: ReadonlySet<string>): Map<string, Declared[]> => {
  const found = new Map<string, Declared[]>();
  for (const file of sources.values())
    for (const [name, declarator] of file.declarations) {
      const chain = chainOf(nodeAt(declarator, 'init'));
      const call = (
        chain.find(({ name: callee }) => MAKES_TABLE.test(callee)) ??
        // `entity('notes', { … })`: the variable is the table, whatever the wrapper's name.
        (keys.has(name) ? chain[0] : undefined)
      )?.call;
      if (!call) continue;
      const [first] = nodesAt(call, 'arguments');
      const literal = nameOf(first);
      const declared = {
        file,
        call,
        at: nodeAt(declarator, 'id') ?? call,
        names: literal === undefined ? [] : [literal],
      };
      found.set(name, [...(found.get(name) ?? []), declared]);
    }
  return found;
};

const declarationOf = (
  table: Table,
  calls: ReadonlyMap<string, readonly Declared[]>,
  keys: ReadonlySet<string>,
): Declared | undefined => {
  const [name = '', inFile] = table.key.split('@/');
  const candidates = calls.get(name) ?? [];
  const exact = candidates.filter(({ names }) => names.includes(table.name));
  return (
    (inFile === undefined
      ? undefined
      : candidates.find(({ file }) => file.path === `/${inFile}`)) ??
    exact[0] ??
    candidates[0] ??
    // Exported under another name; a variable belongs to only one table.
    [...calls]
      .filter(([variable]) => !keys.has(variable))
      .flatMap(([, declared]) => declared)
      .find(({ names }) => names.includes(table.name))
  );
};

/** The object of an expression: a literal, a function's result, or a name's value. */
const objectOf = (
  node: Node | undefined,
  file: SourceFile,
  sources: Sources,
  depth = 0,
): Property | undefined => {
  const value = bare(node);
  if (!value || depth > 6) return undefined;
  if (value.type === 'ObjectExpression') return { file, node: value };
  if (/Function/.test(value.type)) {
    const body = bare(nodeAt(value, 'body'));
    if (body?.type !== 'BlockStatement') return objectOf(body, file, sources, depth + 1);
    const returned = nodesAt(body, 'body').find(({ type }) => type === 'ReturnStatement');
    return objectOf(nodeAt(returned, 'argument'), file, sources, depth + 1);
  }
  if (value.type === 'VariableDeclarator')
    return objectOf(nodeAt(value, 'init'), file, sources, depth + 1);
  const name =
    value.type === 'CallExpression' ? nameOf(bare(nodeAt(value, 'callee'))) : nameOf(value);
  if (name === undefined) return undefined;
  const here = file.declarations.get(name);
  if (here) return objectOf(here, file, sources, depth + 1);
  for (const other of sources.values()) {
    const there = other.declarations.get(name);
    if (there) return objectOf(there, other, sources, depth + 1);
  }
  return undefined;
};

/** The properties of an object and of objects spread into it. */
const propertiesOf = (
  object: Property | undefined,
  sources: Sources,
  depth = 0,
): Map<string, Property> => {
  const found = new Map<string, Property>();
  if (!object || depth > 4) return found;
  for (const property of nodesAt(object.node, 'properties')) {
    if (property.type === 'SpreadElement') {
      const spread = objectOf(nodeAt(property, 'argument'), object.file, sources);
      for (const [name, inner] of propertiesOf(spread, sources, depth + 1)) found.set(name, inner);
      continue;
    }
    const name = nameOf(nodeAt(property, 'key'));
    if (name !== undefined) found.set(name, { file: object.file, node: property });
  }
  return found;
};

/** The name that an expression begins with: `times` of `times`, `times()` and `times.created`. */
const rootName = (node: Node | undefined): string | undefined => {
  let current = bare(node);
  while (current?.type === 'CallExpression' || current?.type === 'MemberExpression')
    current = bare(nodeAt(current, current.type === 'CallExpression' ? 'callee' : 'object'));
  return nameOf(current);
};

/** True if an object spreads a value from a missing module. */
const spreadsMissing = (object: Property | undefined, missing: ReadonlySet<string>): boolean =>
  missing.size > 0 &&
  object !== undefined &&
  nodesAt(object.node, 'properties').some((property) => {
    if (property.type !== 'SpreadElement') return false;
    const name = rootName(nodeAt(property, 'argument'));
    return name !== undefined && missing.has(importedFrom(object.file, name) ?? '');
  });

/** The place of a function that makes a whole column, as in `createdAt: createdAt()`. */
const sharedCall = ({ file, node }: Property, sources: Sources): Location | undefined => {
  const value = bare(nodeAt(node, 'value'));
  const callee = value?.type === 'CallExpression' ? bare(nodeAt(value, 'callee')) : undefined;
  const name = nodesAt(value, 'arguments').length === 0 ? nameOf(callee) : undefined;
  if (name === undefined) return undefined;
  const holder = file.declarations.has(name)
    ? file
    : importedFrom(file, name) === undefined
      ? undefined
      : [...sources.values()].find(({ declarations }) => declarations.has(name));
  const declared = holder?.declarations.get(name);
  return holder && declared ? placeOf(holder, declared.start) : undefined;
};

const untypedJson = (column: Column, property: Property): boolean | undefined => {
  if (!/^jsonb?$/.test(column.baseType)) return undefined;
  const chain = chainOf(nodeAt(property.node, 'value')).map(({ name }) => name);
  return chain[0] === 'jsonb' || chain[0] === 'json' ? !chain.includes('$type') : undefined;
};

const callsNamed = (within: Node, names: ReadonlySet<string>): Node[] => {
  const found: Node[] = [];
  walk(within, (node) => {
    const callee = calleeOf(node);
    if (callee !== undefined && names.has(callee)) found.push(node);
  });
  return found;
};

const FOREIGN_KEY = new Set(['foreignKey']);

const located = (
  table: Table,
  calls: ReadonlyMap<string, readonly Declared[]>,
  keys: ReadonlySet<string>,
  sources: Sources,
  missing: ReadonlySet<string>,
): Table => {
  const declared = declarationOf(table, calls, keys);
  if (!declared) return table;
  const { file, call } = declared;
  const given = nodesAt(call, 'arguments');
  const [columnsArgument, extras] = given.slice(nameOf(given[0]) === undefined ? 0 : 1);
  const object = objectOf(columnsArgument, file, sources);
  const properties = propertiesOf(object, sources);
  const location = placeOf(file, declared.at.start);
  const columns = table.columns.map((column): Column => {
    const property = properties.get(column.key);
    if (!property) return { ...column, location };
    const isOwn =
      property.file === file && property.node.start > call.start && property.node.end < call.end;
    return {
      ...column,
      // Columns spread in from a shared object belong to the table that takes them.
      location: isOwn ? placeOf(file, property.node.start) : location,
      sharedAt: isOwn ? sharedCall(property, sources) : placeOf(property.file, property.node.start),
      source: textOf(property.file, property.node),
      untypedJson: untypedJson(column, property),
    };
  });
  const named = new Map<string, Location>();
  if (extras)
    walk(extras, (node) => {
      const callee = calleeOf(node);
      const [first] = nodesAt(node, 'arguments');
      const literal = nameOf(first);
      if (callee !== undefined && literal !== undefined && !named.has(literal))
        named.set(literal, placeOf(file, node.start));
      const value = nodeAt(node, 'value');
      if (
        node.type === 'Property' &&
        nameOf(nodeAt(node, 'key')) === 'name' &&
        nameOf(value) !== undefined
      )
        named.set(nameOf(value) ?? '', placeOf(file, node.start));
    });
  const at = (name: string | undefined) =>
    (name === undefined ? undefined : named.get(name)) ?? location;
  const columnPlace = (name: string | undefined) =>
    columns.find((column) => column.name === name)?.location ?? location;
  const keyCalls = extras ? callsNamed(extras, FOREIGN_KEY) : [];
  const foreignKeys = table.foreignKeys.map((key): ForeignKey => {
    if (key.onDelete !== 'no action')
      return {
        ...key,
        statesOnDelete: true,
        location: named.get(key.name ?? '') ?? columnPlace(key.columns[0]),
      };
    const column = columns.find(({ name }) => name === key.columns[0]);
    const inline = column?.source !== undefined && /references\s*\(/.test(column.source);
    const stated = inline
      ? /onDelete/.test(column.source ?? '')
      : keyCalls.some((node) => {
          const text = file.text.slice(node.start, node.end + 40);
          return (
            /onDelete/.test(text) &&
            key.columns.every((name) => {
              const property = columns.find((candidate) => candidate.name === name)?.key ?? name;
              return new RegExp(`\\.${literally(property)}\\b`).test(text);
            })
          );
        });
    return {
      ...key,
      statesOnDelete: stated,
      location: named.get(key.name ?? '') ?? columnPlace(key.columns[0]),
    };
  });
  return {
    ...table,
    location,
    columns,
    knownInPart: table.knownInPart === true || spreadsMissing(object, missing),
    foreignKeys,
    indexes: table.indexes.map(
      (index): Index => ({
        ...index,
        location: named.get(index.name ?? '') ?? columnPlace(index.parts[0]?.column),
      }),
    ),
    checks: table.checks.map((check) => ({ ...check, location: at(check.name) })),
    policies: table.policies.map((policy) => ({ ...policy, location: at(policy.name) })),
  };
};

const RELATIONS = /^(relations|defineRelations(Part)?)$/;

/** The place of every relation, by its table's key and its field. */
const relationPlaces = (sources: Sources): Map<string, Location> => {
  const found = new Map<string, Location>();
  const add = (file: SourceFile, owner: string | undefined, property: Node): void => {
    const field = nameOf(nodeAt(property, 'key'));
    if (owner !== undefined && field !== undefined && !found.has(`${owner}.${field}`))
      found.set(`${owner}.${field}`, placeOf(file, property.start));
  };
  for (const file of sources.values())
    for (const declarator of file.declarations.values()) {
      const call = bare(nodeAt(declarator, 'init'));
      const callee = call && calleeOf(call);
      if (!call || !RELATIONS.test(callee ?? '')) continue;
      const [first, ...rest] = nodesAt(call, 'arguments');
      const scope = rest.find(isNode);
      if (!scope) continue;
      walk(scope, (node, parents) => {
        if (node.type !== 'Property') return;
        const outer = parents.findLast(({ type }) => type === 'Property');
        if (callee === 'relations') {
          const [head] = chainOf(nodeAt(node, 'value'));
          if (!outer && /^(one|many)$/.test(head?.name ?? '')) add(file, nameOf(first), node);
        } else if (outer) add(file, nameOf(nodeAt(outer, 'key')), node);
      });
    }
  return found;
};

/**
 * Adds to the model the place of every table, column, constraint and relation in the sources.
 *
 * @param missing imported modules that are not installed
 */
export const locate = (
  model: Model,
  sources: Sources,
  missing: ReadonlySet<string> = new Set(),
): Model => {
  const keys = new Set(model.tables.map(({ key }) => key.split('@/')[0] ?? key));
  const calls = tableCalls(sources, keys);
  const tables = model.tables.map((table) => located(table, calls, keys, sources, missing));
  const byId = new Map(tables.map((table) => [table.id, table]));
  const places = relationPlaces(sources);
  return {
    ...model,
    tables,
    relations: model.relations.map((relation) => {
      const table = byId.get(relation.table);
      const place = places.get(`${table?.key.split('@/')[0]}.${relation.field}`);
      return { ...relation, location: place ?? table?.location };
    }),
  };
};
