import type { Catalog, CatalogObject } from '../catalog/describe.ts';
import { dumpCatalog } from '../catalog/dump.ts';
import { withoutOwner } from '../catalog/making.ts';
import { splitStatements } from '../sql/split.ts';
import { alterColumn } from './column.ts';

/** Statements that restore an object; each list is tried in turn until one works. */
export type Way = readonly string[];

const NAME = `(?:"(?:[^"]|"")*"|[^."])+`;
const PART = new RegExp(String.raw`^(${NAME}\.${NAME})\.(.*)$`, 's');

const partOf = (name: string): { table: string; leaf: string } => {
  const [, table = '', leaf = name] = PART.exec(name) ?? [];
  return { table, leaf };
};

/** The statements that create some objects, in a possible order. */
const making = (objects: Catalog): string[] =>
  splitStatements(dumpCatalog(objects))
    .map(({ text }) => `${text};`)
    .filter((text) => !/^SET check_function_bodies/i.test(text));

const DROPPED: Partial<Record<CatalogObject['kind'], string>> = {
  schema: 'SCHEMA',
  extension: 'EXTENSION',
  enum: 'TYPE',
  type: 'TYPE',
  domain: 'DOMAIN',
  sequence: 'SEQUENCE',
  'range type': 'TYPE',
  table: 'TABLE',
  index: 'INDEX',
  view: 'VIEW',
  'materialized view': 'MATERIALIZED VIEW',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  aggregate: 'AGGREGATE',
  statistics: 'STATISTICS',
  'event trigger': 'EVENT TRIGGER',
};

/** Kinds that hold rows or are types of columns; their dependents are not dropped with them. */
const HOLDS_VALUES = new Set(['schema', 'extension', 'enum', 'type', 'range type', 'domain']);

const rightsOf = ({ name }: CatalogObject) => {
  const [, object = '', grantee = ''] = /^(.*) TO (.*?)$/s.exec(name) ?? [];
  const [, table = object, column] = /^(TABLE .*) COLUMN (.*)$/s.exec(object) ?? [];
  return { target: table, grantee, column: column === undefined ? '' : ` (${column})` };
};

/** The ways to drop a new object. */
export const waysToDrop = (object: CatalogObject): Way[] => {
  const { kind, name, definition } = object;
  const { table, leaf } = partOf(name);
  const both = (text: string): Way[] => [[`${text};`], [`${text} CASCADE;`]];
  switch (kind) {
    case 'column':
      return both(`ALTER TABLE ${table} DROP COLUMN ${leaf}`);
    case 'constraint':
      return both(`ALTER TABLE ${table} DROP CONSTRAINT ${leaf}`);
    case 'trigger':
    case 'policy':
    case 'rule':
      return [[`DROP ${kind.toUpperCase()} ${leaf} ON ${table};`]];
    case 'row security':
      return [
        [
          `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY;`,
          `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY;`,
        ],
      ];
    case 'grant': {
      const { target, grantee, column } = rightsOf(object);
      return [[`REVOKE ALL${column} ON ${target} FROM ${grantee};`]];
    }
    case 'revoked from public':
      return [[`GRANT EXECUTE ON ${name} TO PUBLIC;`]];
    case 'default grant': {
      const [, scope = '', what = '', grantee = ''] =
        /^(IN SCHEMA \S+ )?(\w+) TO (.*)$/s.exec(name) ?? [];
      return [
        [`ALTER DEFAULT PRIVILEGES ${scope}REVOKE ${definition} ON ${what} FROM ${grantee};`],
      ];
    }
    case 'comment': {
      const [made = ''] = making([object]);
      return [[made.replace(/ IS '[\s\S]*$/, ' IS NULL;')]];
    }
    default: {
      const word = DROPPED[kind];
      if (word === undefined) return [];
      return HOLDS_VALUES.has(kind) ? [[`DROP ${word} ${name};`]] : both(`DROP ${word} ${name}`);
    }
  }
};

/** The ways to create a missing object. */
export const waysToMake = (object: CatalogObject, before: Catalog): Way[] => {
  const { kind, name, definition } = object;
  const { table, leaf } = partOf(name);
  if (kind === 'column') return [[`ALTER TABLE ${table} ADD COLUMN ${leaf} ${definition};`]];
  if (kind === 'constraint')
    return [
      [
        `ALTER TABLE ${table} ADD CONSTRAINT ${leaf} ${definition.replace(/ (INVALID|REPLICA IDENTITY)$/, '')};`,
      ],
    ];
  if (kind === 'table')
    return [
      making(
        before.filter(
          (other) =>
            other === object ||
            (other.kind === 'column order' && other.name === name) ||
            (['column', 'constraint'].includes(other.kind) &&
              partOf(other.name).table === name &&
              !other.definition.startsWith('FOREIGN KEY')),
        ),
      ),
    ];
  // A serial's sequence and its table name each other, so the sequence comes first and its owner in
  // the next round.
  if (kind === 'sequence')
    return [making([object]), making([{ ...object, definition: withoutOwner(definition) }])];
  return [making([object])];
};

const labelsOf = (definition: string): string[] => definition.match(/'(?:[^']|'')*'/g) ?? [];

/** Recreates a type under its name and moves its columns. */
const rebuildType = (now: CatalogObject, then: CatalogObject, current: Catalog): string[] => {
  const word = then.kind === 'domain' ? 'DOMAIN' : 'TYPE';
  const [, leaf = then.name] = /\.((?:"(?:[^"]|"")*"|[^."])+)$/.exec(then.name) ?? [];
  const aside = `"${leaf.replaceAll('"', '')}_replaced"`;
  const schema = then.name.slice(0, then.name.length - leaf.length);
  const uses = current.filter(
    ({ kind, definition }) =>
      kind === 'column' &&
      (definition === now.name ||
        definition.startsWith(`${now.name} `) ||
        definition.startsWith(`${now.name}[]`)),
  );
  const moves = uses.flatMap(({ name, definition }) => {
    const { table, leaf: column } = partOf(name);
    const type = definition.startsWith(`${now.name}[]`) ? `${now.name}[]` : now.name;
    const text = type.endsWith('[]') ? 'text[]' : 'text';
    const alter = `ALTER TABLE ${table} ALTER COLUMN ${column}`;
    const standard = / DEFAULT (.*?)( NOT NULL)?$/s.exec(definition)?.[1];
    return [
      ...(standard === undefined ? [] : [`${alter} DROP DEFAULT;`]),
      `${alter} SET DATA TYPE ${type} USING ${column}::${text}::${type};`,
      ...(standard === undefined ? [] : [`${alter} SET DEFAULT ${standard};`]),
    ];
  });
  // The constructors of a range keep their names when it is renamed, so it must be dropped before
  // the new one is created.
  if (then.kind === 'range type')
    return [
      ...uses.map(({ name, definition }) => {
        const { table, leaf: column } = partOf(name);
        const text = definition.startsWith(`${now.name}[]`) ? 'text[]' : 'text';
        return `ALTER TABLE ${table} ALTER COLUMN ${column} DROP DEFAULT, ALTER COLUMN ${column} SET DATA TYPE ${text} USING ${column}::${text};`;
      }),
      `DROP TYPE ${now.name};`,
      ...making([then]),
      ...moves,
    ];
  return [
    `ALTER ${word} ${now.name} RENAME TO ${aside};`,
    ...making([then]),
    ...moves,
    `DROP ${word} ${schema}${aside};`,
  ];
};

/** The attributes of a composite type by name, in the server's spelling. */
const attributesOf = (definition: string): Map<string, string> =>
  new Map(
    // A comma in brackets belongs to a type, as in numeric(10,2).
    definition.split(/, (?![^(]*\))/).map((text) => {
      const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+) (.*)$/s.exec(text) ?? [];
      return [name, type];
    }),
  );

const alterAttributes = (name: string, now: string, then: string): string[] => {
  const [from, to] = [attributesOf(now), attributesOf(then)];
  return [
    ...[...from.keys()]
      .filter((attribute) => !to.has(attribute))
      .map((attribute) => `ALTER TYPE ${name} DROP ATTRIBUTE ${attribute};`),
    ...[...to].flatMap(([attribute, type]) => {
      const before = from.get(attribute);
      if (before === type) return [];
      return before === undefined
        ? [`ALTER TYPE ${name} ADD ATTRIBUTE ${attribute} ${type};`]
        : [`ALTER TYPE ${name} ALTER ATTRIBUTE ${attribute} SET DATA TYPE ${type};`];
    }),
  ];
};

const tableOptions = (definition: string) => ({
  unlogged: definition.startsWith('UNLOGGED'),
  options: / ?WITH \(([^)]*)\)/.exec(definition)?.[1],
  replica: /REPLICA IDENTITY (\w+)$/.exec(definition)?.[1] ?? 'DEFAULT',
  parents: (/INHERITS \((.*?)\)/.exec(definition)?.[1] ?? '').split(', ').filter(Boolean),
  partition: /PARTITION OF (\S+) (.*?)(?= WITH \(| REPLICA IDENTITY|$)/s.exec(definition),
});

const alterTable = (name: string, from: string, to: string): string[] => {
  const now = tableOptions(from);
  const then = tableOptions(to);
  const keys = (text = '') => text.split(', ').filter(Boolean);
  const statements: string[] = [];
  if (now.unlogged !== then.unlogged)
    statements.push(`ALTER TABLE ${name} SET ${then.unlogged ? 'UNLOGGED' : 'LOGGED'};`);
  const gone = keys(now.options)
    .map((entry) => entry.split('=')[0])
    .filter((key) => !keys(then.options).some((entry) => entry.startsWith(`${key}=`)));
  if (gone.length > 0) statements.push(`ALTER TABLE ${name} RESET (${gone.join(', ')});`);
  if (then.options !== undefined && then.options !== now.options)
    statements.push(`ALTER TABLE ${name} SET (${then.options});`);
  if (now.replica !== then.replica)
    statements.push(`ALTER TABLE ${name} REPLICA IDENTITY ${then.replica};`);
  for (const parent of now.parents.filter((name) => !then.parents.includes(name)))
    statements.push(`ALTER TABLE ${name} NO INHERIT ${parent};`);
  for (const parent of then.parents.filter((name) => !now.parents.includes(name)))
    statements.push(`ALTER TABLE ${name} INHERIT ${parent};`);
  if (now.partition && now.partition[0] !== then.partition?.[0])
    statements.push(`ALTER TABLE ${now.partition[1]} DETACH PARTITION ${name};`);
  if (then.partition && now.partition?.[0] !== then.partition[0])
    statements.push(
      `ALTER TABLE ${then.partition[1]} ATTACH PARTITION ${name} ${then.partition[2]};`,
    );
  return statements;
};

/** The ways to change an object back. */
export const waysToAlter = (
  now: CatalogObject,
  then: CatalogObject,
  current: Catalog,
  before: Catalog,
): Way[] => {
  const { kind, name } = then;
  const anew = waysToDrop(now).flatMap((drop) =>
    waysToMake(then, before).map((make) => [...drop, ...make]),
  );
  const { table, leaf } = partOf(name);
  switch (kind) {
    case 'column': {
      const altered = alterColumn(table, leaf, now.definition, then.definition);
      if (!altered) return anew;
      // A default may need a name that an identity or another table still holds.
      return [altered, altered.filter((text) => !text.includes(' SET DEFAULT '))];
    }
    case 'enum': {
      const [from, to] = [labelsOf(now.definition), labelsOf(then.definition)];
      const renamed = from.flatMap((label, index) => {
        const old = to[index];
        return old === undefined || old === label || to.includes(label)
          ? []
          : [`ALTER TYPE ${name} RENAME VALUE ${label} TO ${old};`];
      });
      const onlyRenamed =
        from.length === to.length &&
        from.every((label, index) => label === to[index] || !to.includes(label));
      return onlyRenamed ? [renamed] : [rebuildType(now, then, current)];
    }
    case 'type':
      // Functions with the type block its replacement, but not a change of its attributes.
      return [
        alterAttributes(name, now.definition, then.definition),
        rebuildType(now, then, current),
      ];
    case 'domain':
    case 'range type':
      return [rebuildType(now, then, current)];
    case 'sequence': {
      const options = withoutOwner(then.definition);
      const cycle = / CYCLE$/.test(options) ? '' : ' NO CYCLE';
      const owner = / (OWNED BY .*)$/s.exec(then.definition)?.[1] ?? 'OWNED BY NONE';
      return [[`ALTER SEQUENCE ${name} ${options}${cycle} ${owner};`]];
    }
    case 'table':
      return [alterTable(name, now.definition, then.definition)];
    case 'row security':
      return [
        [
          `ALTER TABLE ${name} ${then.definition.startsWith('ENABLED') ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY;`,
          `ALTER TABLE ${name} ${then.definition.endsWith('FORCED') ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY;`,
        ],
      ];
    case 'function':
    case 'procedure':
      // CREATE OR REPLACE keeps dependent objects.
      return [...waysToMake(then, before), ...anew];
    case 'constraint':
      return now.definition === `${then.definition} NOT VALID`
        ? [[`ALTER TABLE ${table} VALIDATE CONSTRAINT ${leaf};`], ...anew]
        : anew;
    case 'comment':
      return waysToMake(then, before);
    default:
      return anew;
  }
};
