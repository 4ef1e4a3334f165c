import { TakeError } from '../errors.ts';
import type { Driver } from '../host/read-host.ts';

/**
 * The lines of the tests' database that depend on the driver: with postgres.js, and with node-postgres.
 * The payload has its type, because a host without `esModuleInterop` sees Drizzle's pool of pg as `any`.
 */
const onPg: readonly (readonly [string, string])[] = [
  ["'drizzle-orm/postgres-js'", "'drizzle-orm/node-postgres'"],
  ["'drizzle-orm/postgres-js/migrator'", "'drizzle-orm/node-postgres/migrator'"],
  [
    '{ url, max, onnotice: () => {} } });',
    `{ connectionString: url, max } });
  // The pool's end does not wait for its connections, which then lose the dropped database.
  db.$client.on('error', () => {});`,
  ],
  [
    `(channel, onNotify, onListen) =>
    db.$client.listen(channel, onNotify, onListen);`,
    `async (channel, onNotify, onListen) => {
    const connection = await db.$client.connect();
    connection.on('error', () => {});
    connection.on('notification', ({ payload }: { payload?: string | undefined }) =>
      onNotify(payload ?? ''),
    );
    await connection.query(\`listen \${channel}\`);
    onListen?.();
    return { unlisten: async () => connection.release(true) };
  };`,
  ],
];

/** The lines that depend on whether a table has vectors: without, and with pgvector. */
const withVectors: typeof onPg = [
  [
    "import { PGlite } from '@electric-sql/pglite';",
    "import { PGlite } from '@electric-sql/pglite';\nimport { vector } from '@electric-sql/pglite-pgvector';",
  ],
  ['new PGlite()', 'new PGlite({ extensions: { vector } })'],
];

/**
 * The source of the tests' database for a driver, and for tables with vectors.
 * @param text portable/test-database.ts, which is on postgres.js and without vectors
 * @throws TakeError when the file lacks such a line
 */
export function forDriver(text: string, driver: Driver, hasVectors = false): string {
  const changes = [...(driver === 'pg' ? onPg : []), ...(hasVectors ? withVectors : [])];
  return changes.reduce((rest, [from, to]) => {
    if (!rest.includes(from)) throw new TakeError(`The tests' database has no ${from}.`, 1);
    return rest.replace(from, () => to);
  }, text);
}
