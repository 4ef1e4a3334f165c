import type { Catalog, CatalogObject } from './describe.ts';

const HEADER = `-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;`;

const bare = (definition: string): string =>
  definition.replace(/ (INVALID|REPLICA IDENTITY)$/g, '');

const tableOf = (name: string): string =>
  /^((?:"(?:[^"]|"")*"|[^."])+\.(?:"(?:[^"]|"")*"|[^."])+)\./.exec(name)?.[1] ?? '';

const leafOf = (name: string): string => name.slice(tableOf(name).length + 1);

/** Objects whose text names others come after those. */
const byReference = (objects: readonly CatalogObject[]): CatalogObject[] => {
  const left = [...objects];
  const done: CatalogObject[] = [];
  while (left.length > 0) {
    const index = left.findIndex((object) =>
      left.every((other) => other === object || !object.definition.includes(other.name)),
    );
    done.push(...left.splice(Math.max(0, index), 1));
  }
  return done;
};

/** A sequence's definition without the column that owns it. */
export const withoutOwner = (definition: string): string =>
  definition.replace(/ OWNED BY .*$/s, '');

const section = (lines: readonly string[]): string[] =>
  lines.length > 0 ? [lines.join('\n')] : [];

const createTable = (
  table: CatalogObject,
  columns: readonly CatalogObject[],
  order: CatalogObject | undefined,
  constraints: readonly CatalogObject[],
): string => {
  const unlogged = table.definition.startsWith('UNLOGGED') ? 'UNLOGGED ' : '';
  const rest = table.definition.replace(/^UNLOGGED ?/, '').replace(/ ?REPLICA IDENTITY \w+$/, '');
  const identity = / ?(REPLICA IDENTITY \w+)$/.exec(table.definition)?.[1];
  const replica = identity ? `\nALTER TABLE ${table.name} ${identity};` : '';
  const inner = constraints.map(
    ({ name, definition }) => `CONSTRAINT ${leafOf(name)} ${bare(definition)}`,
  );
  if (rest.startsWith('PARTITION OF ') || rest.includes(' PARTITION OF ')) {
    const own = inner.length > 0 ? ` (\n  ${inner.join(',\n  ')}\n)` : '';
    const [, by = '', of = ''] = /^(PARTITION BY .*? )?(PARTITION OF .*)$/.exec(rest) ?? [];
    const [, parent = '', bound = ''] = /^(PARTITION OF \S+) (.*)$/s.exec(of) ?? [];
    return `CREATE ${unlogged}TABLE ${table.name} ${parent}${own} ${bound}${by ? ` ${by.trim()}` : ''};${replica}`;
  }
  const position = new Map(
    (order?.definition.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? []).map((name, index) => [name, index]),
  );
  const lines = [...columns]
    .sort((a, b) => (position.get(leafOf(a.name)) ?? 0) - (position.get(leafOf(b.name)) ?? 0))
    .map(({ name, definition }) => `${leafOf(name)} ${definition}`);
  const body = [...lines, ...inner].map((line) => `  ${line}`).join(',\n');
  return `CREATE ${unlogged}TABLE ${table.name} (\n${body}\n)${rest ? ` ${rest}` : ''};${replica}`;
};

const grantLines = ({ name, definition }: CatalogObject): string[] => {
  const [, object = '', grantee = ''] = /^(.*) TO (.*?)$/s.exec(name) ?? [];
  const [, target = object, column] = /^(TABLE .*) COLUMN (.*)$/s.exec(object) ?? [];
  const privileges = definition.split(', ');
  const suffix = ' WITH GRANT OPTION';
  return [false, true].flatMap((grantable) => {
    const chosen = privileges
      .filter((privilege) => privilege.endsWith(suffix) === grantable)
      .map((privilege) => privilege.replace(suffix, '') + (column ? ` (${column})` : ''));
    return chosen.length > 0
      ? [`GRANT ${chosen.join(', ')} ON ${target} TO ${grantee}${grantable ? suffix : ''};`]
      : [];
  });
};

/**
 * Writes a catalog as SQL that a person reviews and an empty database runs: a table with all that
 * belongs to it in one place, in an order that never depends on when something was made.
 */
export const dumpCatalog = (catalog: Catalog): string => {
  const kind = (...kinds: CatalogObject['kind'][]) =>
    catalog.filter((object) => kinds.includes(object.kind));
  const group = (kinds: CatalogObject['kind'][]) => {
    const groups = new Map<string, CatalogObject[]>();
    for (const object of kind(...kinds)) {
      const table = tableOf(object.name);
      groups.set(table, [...(groups.get(table) ?? []), object]);
    }
    return groups;
  };
  const tables = kind('table');
  const columns = group(['column']);
  const constraints = group(['constraint']);
  const order = new Map(kind('column order').map((object) => [object.name, object]));
  const isForeignKey = ({ definition }: CatalogObject) => definition.startsWith('FOREIGN KEY');
  const routines = kind('function', 'procedure');
  // A function that speaks of a table in its signature, or is parsed when it is made, needs the table.
  const needsTables = ({ definition }: CatalogObject) => {
    const signature = definition.split(/\bAS \$/)[0] ?? '';
    return (
      /BEGIN ATOMIC/.test(definition) ||
      tables.some(({ name }) => signature.includes(name.replace(/^public\./, ''))) ||
      kind('view', 'materialized view').some(({ name }) => signature.includes(name))
    );
  };
  const partitionRank = ({ definition }: CatalogObject) =>
    definition.includes('PARTITION OF') ? 1 : 0;
  const sequences = kind('sequence');
  const parts: string[] = [
    HEADER,
    ...section(kind('schema').map(({ name }) => `CREATE SCHEMA ${name};`)),
    ...section(kind('extension').map(({ name }) => `CREATE EXTENSION IF NOT EXISTS ${name};`)),
    ...section(kind('enum').map((o) => `CREATE TYPE ${o.name} AS ENUM (${o.definition});`)),
    ...section(
      byReference(kind('domain')).map((o) => `CREATE DOMAIN ${o.name} AS ${o.definition};`),
    ),
    ...section(
      byReference(kind('type', 'range type')).map(
        (o) =>
          `CREATE TYPE ${o.name} AS ${o.kind === 'range type' ? 'RANGE ' : ''}(${o.definition});`,
      ),
    ),
    ...section(sequences.map((o) => `CREATE SEQUENCE ${o.name} ${withoutOwner(o.definition)};`)),
    ...routines.filter((o) => !needsTables(o)).map((o) => `${o.definition.trimEnd()};`),
    ...[...tables]
      .sort((a, b) => partitionRank(a) - partitionRank(b))
      .map((table) =>
        createTable(
          table,
          columns.get(table.name) ?? [],
          order.get(table.name),
          (constraints.get(table.name) ?? []).filter((o) => !isForeignKey(o)),
        ),
      ),
    ...section(
      sequences.flatMap((o) => {
        const owner = / (OWNED BY .*)$/s.exec(o.definition)?.[1];
        return owner ? [`ALTER SEQUENCE ${o.name} ${owner};`] : [];
      }),
    ),
    ...section(
      kind('constraint')
        .filter(isForeignKey)
        .map(
          (o) => `ALTER TABLE ${tableOf(o.name)} ADD CONSTRAINT ${leafOf(o.name)} ${o.definition};`,
        ),
    ),
    ...section(
      // On a partitioned table the server spells ON ONLY, which would leave the partitions without.
      kind('index').map((o) => `${bare(o.definition).replace(/ ON ONLY /, ' ON ')};`),
    ),
    ...routines.filter(needsTables).map((o) => `${o.definition.trimEnd()};`),
    ...byReference(kind('view', 'materialized view')).map((o) => {
      const [, options = '', query = ''] = /^(WITH \([^)]*\) )?(.*)$/s.exec(o.definition) ?? [];
      return `CREATE ${o.kind.toUpperCase()} ${o.name} ${options}AS\n${query.trimEnd().replace(/;$/, '')};`;
    }),
    ...section(kind('statistics').map((o) => `${o.definition};`)),
    ...section(kind('rule').map((o) => o.definition)),
    ...section(
      kind('trigger').flatMap((o) => {
        const [, text = '', state] =
          /^(.*?)( DISABLED| REPLICA| ALWAYS)?$/s.exec(o.definition) ?? [];
        const change = state === ' DISABLED' ? 'DISABLE' : `ENABLE${state ?? ''}`;
        return [
          `${text};`,
          ...(state ? [`ALTER TABLE ${tableOf(o.name)} ${change} TRIGGER ${leafOf(o.name)};`] : []),
        ];
      }),
    ),
    ...section(
      kind('event trigger').map((o) => `CREATE EVENT TRIGGER ${o.name} ${o.definition}();`),
    ),
    ...section(
      kind('row security').flatMap(({ name, definition }) => [
        ...(definition.startsWith('ENABLED')
          ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`]
          : []),
        ...(definition.endsWith('FORCED') ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;`] : []),
      ]),
    ),
    ...section(
      kind('policy').map(
        (o) => `CREATE POLICY ${leafOf(o.name)} ON ${tableOf(o.name)} ${o.definition};`,
      ),
    ),
    ...section([
      ...kind('revoked from public').map((o) => `REVOKE EXECUTE ON ${o.name} FROM PUBLIC;`),
      ...kind('grant').flatMap(grantLines),
      ...kind('default grant').map((o) => {
        const [, scope = '', what = '', grantee = ''] =
          /^(IN SCHEMA \S+ )?(\w+) TO (.*)$/s.exec(o.name) ?? [];
        return `ALTER DEFAULT PRIVILEGES ${scope}GRANT ${o.definition} ON ${what} TO ${grantee};`;
      }),
    ]),
    ...section(
      kind('comment').map(
        ({ name, definition }) =>
          `COMMENT ON ${commentTarget(name)} IS '${definition.replaceAll("'", "''")}';`,
      ),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** The server's name of what a comment is on, as COMMENT wants it. */
const commentTarget = (name: string): string =>
  name.replace(/^TABLE COLUMN/, 'COLUMN').replace(/^TABLE CONSTRAINT/, 'CONSTRAINT');
