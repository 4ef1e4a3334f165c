import { compareCatalogs, describeDifferences } from './catalog/compare.ts';
import { type Catalog, catalogOf } from './catalog/describe.ts';
import { dumpCatalog } from './catalog/dump.ts';
import { messageOf } from './errors.ts';
import type { MigrationFolder } from './folder/migration-folder.ts';
import { loadDrizzleKit, placesOf } from './generate/drizzle-kit.ts';
import { loadSchema, type ProjectConfig } from './generate/schema.ts';
import { inScratch } from './scratch.ts';
import { splitStatements } from './sql/split.ts';
import type { Problem, VerifyOptions } from './verify-options.ts';

/** Objects that drizzle-kit cannot express are left to the migrations. */
const HAND_WRITTEN = new Set([
  'function',
  'procedure',
  'aggregate',
  'trigger',
  'event trigger',
  'grant',
  'revoked from public',
  'default grant',
  'comment',
  'rule',
  'statistics',
  'extension',
  'domain',
  'type',
  'range type',
  'materialized view',
  'view',
  'constraint',
  'index',
  'policy',
  'sequence',
  'row security',
  'schema',
  'column order',
]);

/** Removes objects that only hand-written SQL can express, so that the rest compares. */
const comparable = (catalog: Catalog): Catalog => {
  const partitions = new Set(
    catalog.flatMap(({ kind, name, definition }) =>
      kind === 'table' && definition.includes('PARTITION OF') ? [name] : [],
    ),
  );
  const isPartition = (name: string) =>
    [...partitions].some((partition) => name === partition || name.startsWith(`${partition}.`));
  return catalog
    .filter(({ name }) => !isPartition(name))
    .map((object) => ({
      ...object,
      definition:
        object.kind === 'table'
          ? ''
          : object.definition
              .replace(', FORCED', '')
              .replace(/ STORAGE \w+/, '')
              .replace(/ INCLUDE \([^)]*\)/, '')
              .replace(' ON ONLY ', ' ON '),
    }));
};

/** The roles of policies, which a schema only names and a scratch server lacks. */
const policyRoles = (statements: readonly string[]): Set<string> =>
  new Set(
    statements.flatMap(
      (sql) => /^CREATE POLICY .* TO ((?:"[^"]+"(?:, )?)+)/.exec(sql)?.[1]?.split(', ') ?? [],
    ),
  );

/** Compares the Drizzle schema with its last snapshot and the migrations. */
export const schemaProblems = async (
  folder: MigrationFolder,
  final: Catalog,
  config: ProjectConfig,
  options: VerifyOptions,
): Promise<Problem[]> => {
  const where = config.schema.join(', ');
  const kit = await loadDrizzleKit(placesOf(config), config);
  const snapshot = await kit.latest(folder).catch((error: unknown) => messageOf(error));
  // The message begins with the folder, which the problem names too.
  if (typeof snapshot === 'string')
    return [{ where: folder.path, message: snapshot.replace(`${folder.path} `, '') }];
  const current = await kit.snapshotOf(await loadSchema(config.schema), snapshot);
  const named = kit.asNamedBy(snapshot, current);
  const pending = await kit.difference(snapshot, named, {}).then(
    ({ statements }) => statements,
    (error: unknown) => [`a rename that needs an answer (${messageOf(error)})`],
  );
  if (pending.length > 0)
    return [
      {
        where,
        message: `has changes that no migration has; db:generate writes it:\n${pending.map((sql) => `    ${sql.split('\n')[0]}`).join('\n')}`,
      },
    ];
  const { statements } = await kit.difference(kit.empty(), named, {});
  const made = await inScratch(options.scratch, async (session) => {
    // Extensions and functions that defaults, checks and indexes of the schema may call.
    const prelude = final.filter(({ kind }) => kind === 'extension' || kind === 'function');
    await session.run('set check_function_bodies = false');
    for (const statement of splitStatements(dumpCatalog(prelude)))
      await session.run(statement.text).catch(() => {});
    for (const role of policyRoles(statements))
      await session.run(`create role ${role} nologin`).catch(() => {});
    for (const statement of statements) await session.run(statement);
    return catalogOf(session, options);
  });
  const differences = compareCatalogs(comparable(made), comparable(final)).filter(
    ({ change, kind }) => !(change === 'extra' && HAND_WRITTEN.has(kind)),
  );
  return differences.length === 0
    ? []
    : [
        {
          where,
          message: `says something else than the migrations make ("migrations" here is the schema, "database" the migrations):\n${describeDifferences(differences)}`,
        },
      ];
};
