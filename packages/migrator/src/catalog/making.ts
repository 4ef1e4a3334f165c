import type { Catalog, CatalogObject } from './describe.ts';
import { leafOf, tableOf } from './object-names.ts';
import { inOrder, inParagraphs, type Making } from './order.ts';

const bare = (definition: string): string =>
  definition.replace(/ (INVALID|REPLICA IDENTITY)$/g, '');

/** A sequence's definition without the column that owns it. */
export const withoutOwner = (definition: string): string =>
  definition.replace(/ OWNED BY .*$/s, '');

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

const signatureOf = ({ definition }: CatalogObject): string => definition.split(/\bAS \$/)[0] ?? '';

/**
 * The server reads a quoted body when it runs, and one after RETURN or BEGIN ATOMIC when it is
 * created.
 */
const makeRoutine = (routine: CatalogObject): Making => ({
  text: `${routine.definition.trimEnd()};`,
  makes: [routine.name.replace(/\(.*$/s, '')],
  reads: signatureOf(routine),
});

const makeView = ({ kind, name, definition }: CatalogObject): Making => {
  const [, options = '', query = ''] = /^(WITH \([^)]*\) )?(.*)$/s.exec(definition) ?? [];
  return {
    text: `CREATE ${kind.toUpperCase()} ${name} ${options}AS\n${query.trimEnd().replace(/;$/, '')};`,
    makes: [name],
    reads: query,
  };
};

/** The unique indexes that a foreign key needs, because no constraint makes its target unique. */
const targetOf = (key: CatalogObject, catalog: Catalog): string[] => {
  const [, table = '', columns = ''] = / REFERENCES (\S+?)(\([^)]*\))/.exec(key.definition) ?? [];
  const isUnique = catalog.some(
    ({ kind, name, definition }) =>
      kind === 'constraint' &&
      tableOf(name) === table &&
      /^(PRIMARY KEY|UNIQUE) /.test(definition) &&
      definition.includes(` ${columns}`),
  );
  if (isUnique) return [];
  return catalog
    .filter(
      ({ kind, definition }) =>
        kind === 'index' &&
        definition.startsWith('CREATE UNIQUE INDEX ') &&
        [` ON ${table} `, ` ON ONLY ${table} `].some((on) => definition.includes(on)),
    )
    .map(({ name }) => name);
};

/**
 * The statements that create types, sequences, routines, tables, keys, indexes and views, each
 * after its requirements.
 */
export const madeInOrder = (catalog: Catalog): string[] => {
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
  // A function that names a table in its signature, or is parsed at creation, needs the table.
  const needsTables = (routine: CatalogObject) => {
    const signature = signatureOf(routine);
    return (
      /BEGIN ATOMIC/.test(routine.definition) ||
      tables.some(({ name }) => signature.includes(name.replace(/^public\./, ''))) ||
      kind('view', 'materialized view').some(({ name }) => signature.includes(name))
    );
  };
  const partitionRank = ({ definition }: CatalogObject) =>
    definition.includes('PARTITION OF') ? 1 : 0;
  const sequences = kind('sequence');
  const makeTable = (table: CatalogObject): Making => {
    const text = createTable(
      table,
      columns.get(table.name) ?? [],
      order.get(table.name),
      (constraints.get(table.name) ?? []).filter((o) => !isForeignKey(o)),
    );
    return { text, makes: [table.name], reads: text };
  };
  const statements = (
    name: string,
    objects: readonly CatalogObject[],
    textOf: (object: CatalogObject) => string,
  ): Making[] =>
    objects.map((object) => ({
      text: textOf(object),
      makes: [object.name],
      reads: object.definition,
      group: name,
    }));
  const made: Making[] = [
    ...statements('enum', kind('enum'), (o) => `CREATE TYPE ${o.name} AS ENUM (${o.definition});`),
    ...statements('domain', kind('domain'), (o) => `CREATE DOMAIN ${o.name} AS ${o.definition};`),
    ...statements(
      'type',
      kind('type', 'range type'),
      (o) =>
        `CREATE TYPE ${o.name} AS ${o.kind === 'range type' ? 'RANGE ' : ''}(${o.definition});`,
    ),
    ...sequences.map(({ name, definition }) => ({
      text: `CREATE SEQUENCE ${name} ${withoutOwner(definition)};`,
      makes: [name],
      reads: '',
      group: 'sequence',
    })),
    ...routines.filter((o) => !needsTables(o)).map(makeRoutine),
    ...[...tables].sort((a, b) => partitionRank(a) - partitionRank(b)).map(makeTable),
    ...sequences.flatMap(({ name, definition }) => {
      const owner = / (OWNED BY .*)$/s.exec(definition)?.[1];
      if (owner === undefined) return [];
      return [
        { text: `ALTER SEQUENCE ${name} ${owner};`, makes: [], reads: '', group: 'sequence owner' },
      ];
    }),
    ...kind('constraint')
      .filter(isForeignKey)
      .map((key) => ({
        text: `ALTER TABLE ${tableOf(key.name)} ADD CONSTRAINT ${leafOf(key.name)} ${key.definition};`,
        makes: [],
        reads: key.definition,
        after: targetOf(key, catalog),
        group: 'foreign key',
      })),
    ...statements(
      'index',
      kind('index'),
      // On a partitioned table the server writes ON ONLY, which would leave the partitions without
      // an index.
      (o) => `${bare(o.definition).replace(/ ON ONLY /, ' ON ')};`,
    ),
    ...routines.filter(needsTables).map(makeRoutine),
    ...kind('view', 'materialized view').map(makeView),
  ];
  return inParagraphs(inOrder(made));
};
