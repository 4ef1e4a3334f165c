import { type CatalogTable, foreignKeysOf, keyColumnsOf } from '../catalog/read-catalog.ts';
import { type Declaration, domainOf } from '../catalog/source-files.ts';

/** One line of a table's box. */
export interface DiagramColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly key: boolean;
  /** The table that this column points to. */
  readonly references: string | undefined;
}

export interface DiagramTable {
  readonly name: string;
  readonly domain: string;
  /** The kind of a row. */
  readonly comment: string;
  readonly rowSecurity: CatalogTable['rowSecurity'];
  readonly partitions: number;
  readonly columns: readonly DiagramColumn[];
  /** Columns that the box leaves out. */
  readonly more: number;
}

/** A foreign key, from the column that points to the table it points to. */
export interface DiagramReference {
  readonly id: string;
  readonly from: string;
  readonly column: string;
  readonly to: string;
  readonly nullable: boolean;
  readonly onDelete: string;
  /** Not drawn unless one of its ends is chosen: too much points there. */
  readonly toHub: boolean;
}

export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly references: readonly DiagramReference[];
  readonly domains: readonly string[];
  /** Whether the tables of one domain stand together in a frame: there are many of them. */
  readonly grouped: boolean;
}

/** From this many referencing tables on, lines to a table would hide all others. */
const hubFrom = 8;
const columnsShown = 12;
const groupedFrom = 20;

/** Builds the diagram of the catalog's tables. */
export function diagramOf(
  tables: readonly CatalogTable[],
  sources: ReadonlyMap<string, Declaration>,
): Diagram {
  const drawn = tables.map((table) => tableOf(table, sources.get(table.name)));
  const grouped = tables.length >= groupedFrom;
  const domains = new Map(drawn.map(({ name, domain }) => [name, domain]));
  const hubs = hubsOf(tables);
  const isHidden = (from: string, to: string) =>
    hubs.has(to) && !(grouped && domains.get(from) === domains.get(to));
  return {
    tables: drawn,
    references: tables.flatMap((table) => referencesOf(table, isHidden)),
    domains: [...new Set(domains.values())].sort(),
    grouped,
  };
}

function hubsOf(tables: readonly CatalogTable[]): ReadonlySet<string> {
  const referencing = new Map<string, Set<string>>();
  for (const table of tables) {
    for (const { foreignTable } of foreignKeysOf(table)) {
      if (!foreignTable || foreignTable === table.name) continue;
      const known = referencing.get(foreignTable) ?? new Set();
      referencing.set(foreignTable, known.add(table.name));
    }
  }
  const crowded = [...referencing].filter(([, from]) => from.size >= hubFrom);
  return new Set(crowded.map(([name]) => name));
}

function tableOf(table: CatalogTable, source: Declaration | undefined): DiagramTable {
  const keys = new Set(keyColumnsOf(table));
  const references = new Map(
    foreignKeysOf(table).map((key) => [pointingColumn(key), key.foreignTable ?? undefined]),
  );
  const columns = table.columns.map(({ name, type, notNull }) => ({
    name,
    type: shortType(type),
    nullable: !notNull,
    key: keys.has(name),
    references: references.get(name),
  }));
  const shown = chooseColumns(columns);
  return {
    name: table.name,
    domain: source ? domainOf(source) : 'schema',
    comment: firstSentence(source?.comment ?? table.comment ?? ''),
    rowSecurity: table.rowSecurity,
    partitions: table.partitions,
    columns: shown,
    more: columns.length - shown.length,
  };
}

/** Keys and references always; of the others as many as fit, in their order. */
function chooseColumns(columns: readonly DiagramColumn[]): DiagramColumn[] {
  if (columns.length <= columnsShown) return [...columns];
  const needed = columns.filter(({ key, references }) => key || references);
  let room = Math.max(columnsShown - 1 - needed.length, 0);
  return columns.filter(({ key, references }) => {
    if (key || references) return true;
    room -= 1;
    return room >= 0;
  });
}

function referencesOf(
  table: CatalogTable,
  isHidden: (from: string, to: string) => boolean,
): DiagramReference[] {
  const nullable = new Set(table.columns.filter((c) => !c.notNull).map(({ name }) => name));
  return foreignKeysOf(table).flatMap((key) => {
    if (!key.foreignTable || key.foreignTable === table.name) return [];
    return {
      id: key.name,
      from: table.name,
      column: pointingColumn(key),
      to: key.foreignTable,
      nullable: key.columns.some((name) => nullable.has(name)),
      onDelete: key.onDelete ?? 'no action',
      toHub: isHidden(table.name, key.foreignTable),
    };
  });
}

/** The column of a composite key that names its target: not the tenant or the owner. */
export function pointingColumn(key: {
  readonly columns: readonly string[];
  readonly foreignColumns: readonly string[];
}): string {
  const place = key.foreignColumns.indexOf('id');
  return key.columns[Math.max(place, 0)] ?? '';
}

/** As people write it. */
export const shortType = (type: string): string =>
  type
    .replace(/^timestamp\((\d)\) with time zone$/, 'timestamptz($1)')
    .replace('timestamp with time zone', 'timestamptz')
    .replace('character varying', 'varchar')
    .replace('double precision', 'float8');

const firstSentence = (text: string) =>
  text
    .replaceAll('`', '')
    .replaceAll(/\s+/g, ' ')
    .split(/(?<=[.:])\s/)[0]
    ?.replace(/:$/, '.') ?? '';
