import { join } from 'node:path';
import { type MigrationStatus, status } from '@reference/migrator';
import { cache } from 'react';
import { type Diagram, diagramOf } from '../diagram/diagram.ts';
import { type Layout, layOut } from '../diagram/layout.ts';
import { databaseUrl } from '../server/databases.ts';
import { processWide } from '../server/process-wide.ts';
import { catalogSql } from './catalog-client.ts';
import { type CatalogTable, readCatalog } from './read-catalog.ts';
import type { SchemaPackage } from './schema-packages.ts';
import { type PackageSource, projectRoot, readPackageSource } from './source-files.ts';

/** A package's tables as its database describes them now, and where the source declares them. */
export interface LiveSchema {
  readonly tables: readonly CatalogTable[];
  readonly source: PackageSource;
}

/** Once a request: the drawing and the panel beside it ask for the same. */
export const readLiveSchema = cache(
  async ({ slug, database }: SchemaPackage): Promise<LiveSchema> => {
    const [tables, source] = await Promise.all([
      readCatalog(catalogSql(database)),
      readPackageSource(slug),
    ]);
    return { tables, source };
  },
);

export interface LaidOut {
  readonly diagram: Diagram;
  readonly layout: Layout;
}

/** The last layout of each package: half a second's work, and the same until the schema changes. */
const laidOut = processWide(
  'reference-demo-layouts',
  () => new Map<string, { readonly of: string; readonly layout: Promise<Layout> }>(),
);

export async function drawSchema(
  { slug }: SchemaPackage,
  { tables, source }: LiveSchema,
): Promise<LaidOut> {
  const diagram = diagramOf(tables, source.tables);
  const of = JSON.stringify(diagram);
  const known = laidOut.get(slug);
  if (known?.of === of) return { diagram, layout: await known.layout };
  const layout = layOut(diagram);
  laidOut.set(slug, { of, layout });
  return { diagram, layout: await layout };
}

/** The migrations that are applied, pending or changed, from the migrator's records; once a request. */
export const readMigrations = cache(
  ({ database, migrations }: SchemaPackage): Promise<MigrationStatus[]> =>
    status(databaseUrl(database), { folder: join(projectRoot(), migrations) }),
);
