import { type Client, createClient } from '@reference/kit';
import type { DatabaseName } from '../server/database-names.ts';
import { databaseUrl } from '../server/databases.ts';
import { processWide } from '../server/process-wide.ts';
import { watched } from '../statements/requests.ts';
import type { Sql } from './read-catalog.ts';

const opened = processWide(
  'reference-demo-catalogs',
  () => new Map<DatabaseName, Client<Record<string, never>>>(),
);

/**
 * A database as its owner sees it, without a schema: for pg_catalog and EXPLAIN, which no package
 * asks. Its one connection closes soon after its last use.
 */
export function catalogSql(name: DatabaseName): Sql {
  const known = opened.get(name);
  if (known) return known.sql;
  const client = createClient(
    {
      url: databaseUrl(name),
      applicationName: 'demo catalog',
      max: 1,
      idleTimeoutSeconds: 20,
      ...watched(name),
    },
    { schema: {} },
  );
  opened.set(name, client);
  return client.sql;
}
