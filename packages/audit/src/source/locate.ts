import type {
  Column,
  ForeignKey,
  Index,
  Location,
  Model,
  Relation,
  Table,
} from '../model/model.ts';
import {
  bare,
  calleeOf,
  chainOf,
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
  /** The call that makes the table. */
  readonly call: Node;
  readonly at: Node;
  readonly names: readonly string[];
}

interface Property {
  readonly file: SourceFile;
  readonly node: Node;
}

/** Every call that may make a table: it gives a name and an object of columns. */
const tableCalls = (sources: Sources): Map<string, Declared[]> => {
  const found = new Map<string, Declared[]>();
  for (const file of sources.values())
    for (const [name, declarator] of file.declarations) {
      const chain = chainOf(nodeAt(declarator, 'init'));
      const call = chain.find(
        ({ name: callee }) => /table/i.test(callee) || callee.startsWith('create'),
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
    [...calls.values()].flat().find(({ names }) => names.includes(table.name))
  );
};

/** The object that an expression gives: itself, what a function returns, what a name stands for. */
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

/** The properties of an object and of what is spread into it. */
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

const untypedJson = (column: Column, property: Property): boolean | undefined => {
  if (!/^jsonb?$/.test(column.baseType)) return undefined;
  const chain = chainOf(nodeAt(property.node, 'value')).map(({ name }) => name);
  return chain[0] === 'jsonb' || chain[0] === 'json' ? !chain.includes('$type') : undefined;
};

const callsNamed = (file: SourceFile, within: Node, names: ReadonlySet<string>): Node[] => {
  const found: Node[] = [];
  walk(within, (node) => {
    const callee = calleeOf(node);
    if (callee !== undefined && names.has(callee)) found.push(node);
  });
  void file;
  return found;
};

const FOREIGN_KEY = new Set(['foreignKey']);

const located = (
  table: Table,
  calls: ReadonlyMap<string, readonly Declared[]>,
  sources: Sources,
): Table => {
  const declared = declarationOf(table, calls);
  if (!declared) return table;
  const { file, call } = declared;
  const [, columnsArgument, extras] = nodesAt(call, 'arguments');
  const properties = propertiesOf(objectOf(columnsArgument, file, sources), sources);
  const location = placeOf(file, declared.at.start);
  const columns = table.columns.map((column): Column => {
    const property = properties.get(column.key);
    if (!property) return { ...column, location };
    return {
      ...column,
      // What is spread in from a shared object is a matter of the table that takes it.
      location:
        property.file === file && property.node.start > call.start && property.node.end < call.end
          ? placeOf(file, property.node.start)
          : location,
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
  const keyCalls = extras ? callsNamed(file, extras, FOREIGN_KEY) : [];
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
              return new RegExp(`\\.${property}\\b`).test(text);
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

const relationPlace = (
  relation: Relation,
  table: Table | undefined,
  sources: Sources,
): Location | undefined => {
  for (const file of sources.values()) {
    if (!/relations/i.test(file.text)) continue;
    for (const declarator of file.declarations.values()) {
      const call = bare(nodeAt(declarator, 'init'));
      if (!call || !/^(relations|defineRelations(Part)?)$/.test(calleeOf(call) ?? '')) continue;
      const [first, ...rest] = nodesAt(call, 'arguments');
      const scope =
        calleeOf(call) === 'relations' && nameOf(first) !== table?.key.split('@/')[0]
          ? undefined
          : rest.find(isNode);
      if (!scope) continue;
      let found: Node | undefined;
      walk(scope, (node, parents) => {
        if (found || node.type !== 'Property' || nameOf(nodeAt(node, 'key')) !== relation.field)
          return;
        if (
          !/^(one|many)$/.test(chainOf(nodeAt(node, 'value')).map(({ name }) => name)[0] ?? '') &&
          calleeOf(call) === 'relations'
        )
          return;
        const owner = parents.findLast(({ type }) => type === 'Property');
        if (owner && table && nameOf(nodeAt(owner, 'key')) !== table.key.split('@/')[0]) return;
        found = node;
      });
      if (found) return placeOf(file, found.start);
    }
  }
  return undefined;
};

/** The model, with the place of every table, column, constraint and relation that the sources show. */
export const locate = (model: Model, sources: Sources): Model => {
  const calls = tableCalls(sources);
  const tables = model.tables.map((table) => located(table, calls, sources));
  const byId = new Map(tables.map((table) => [table.id, table]));
  return {
    ...model,
    tables,
    relations: model.relations.map((relation) => {
      const table = byId.get(relation.table);
      return { ...relation, location: relationPlace(relation, table, sources) ?? table?.location };
    }),
  };
};
