import { writeFile } from 'node:fs/promises';
import { compareCatalogs, describeDifference, describeDifferences } from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { messageOf, refused, usage } from '../errors.ts';
import type { Migration } from '../folder/migration.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { findWayBack, type State, stateOf, type WayBack } from './way-back.ts';

export interface ReverseOptions extends RunOptions {
  readonly scratch: ScratchSource;
  /** Schemas that are somebody else's. */
  readonly without?: readonly string[];
  /** Migrations by name. Default: all that have no down file and are not declared irreversible. */
  readonly names?: readonly string[];
  /** Write nothing. */
  readonly dryRun?: boolean;
}

/** The result for one migration's down migration. */
export interface ReversedFile {
  readonly name: string;
  readonly downPath: string;
  /** The down migration; undefined when it does not restore the schema. */
  readonly sql?: string;
  /** What a person has to write, one line each. */
  readonly left: readonly string[];
}

/** Columns that come back without the values that they had: the down migration fails where there are rows. */
const emptyRequired = (statements: readonly string[]): string[] =>
  statements.flatMap((text) => {
    const [, table, column] =
      /^ALTER TABLE (\S+) ADD COLUMN (\S+) (?!.*\b(?:DEFAULT|GENERATED)\b).* NOT NULL;$/.exec(
        text,
      ) ?? [];
    return table === undefined
      ? []
      : [
          `-- ${table}.${column} comes back NOT NULL and without values: where there are rows, give it a DEFAULT here.`,
        ];
  });

const toSql = (statements: readonly string[]): string =>
  `${[...emptyRequired(statements), ...statements].join('\n')}\n`;

const leftOf = ({ unmade }: WayBack): string[] =>
  unmade.map(
    ({ difference, reason }) =>
      `${describeDifference(difference)}${reason === undefined ? '' : `\n    the server: ${reason}`}`,
  );

/** The statements that lead from the state of a session's database back to another, tried and rolled back. */
export const tryWayBack = async (
  session: Session,
  before: State,
  options: { readonly without?: readonly string[] },
): Promise<WayBack> => {
  await session.run(
    "begin; set local search_path = ''; set local jit = off; set local check_function_bodies = off",
  );
  try {
    return await findWayBack(session, before, options);
  } finally {
    await session.run('rollback');
  }
};

/**
 * Writes the down files that a folder lacks, from the difference of the catalog before and after each
 * migration, so that also hand-written triggers, functions, grants and policies are taken back. Each is
 * kept only when down and up again give the schemas before and after.
 *
 * @returns every migration that was looked at, in order
 */
export const reverse = async (
  options: ReverseOptions & { readonly folder: string },
): Promise<ReversedFile[]> => {
  const folder = await readFolder(options.folder);
  const unknown = (options.names ?? []).find(
    (name) => !folder.migrations.some((migration) => migration.name === name),
  );
  if (unknown !== undefined) throw usage(`${folder.path} holds no migration "${unknown}"`);
  const isWanted = (migration: Migration) =>
    options.names?.includes(migration.name) ??
    (migration.down === undefined && migration.directives.irreversible === undefined);
  const tables = tablesOf(options.bookkeeping);
  const done = new Map<string, ReversedFile>();

  /** Looks at what is not done yet; false when a proof failed and left a state that is of no use. */
  const walk = async (session: Session): Promise<boolean> => {
    const up = (migration: Migration) =>
      applyMigrations(session, folder.layout, tables, [migration], limitsOf(options), () => {});
    let before = await stateOf(session, options);
    for (const migration of folder.migrations) {
      await up(migration);
      const { name, downPath } = migration;
      if (!isWanted(migration) || done.has(name)) {
        before = await stateOf(session, options);
        continue;
      }
      const after = await stateOf(session, options);
      const way = await tryWayBack(session, before, options);
      const sql = toSql(way.statements);
      let left = leftOf(way);
      let isUsable = true;
      if (left.length === 0 && way.statements.length === 0)
        left = ['it changes no schema: what it does to rows, only a person can take back'];
      else if (left.length === 0)
        try {
          await session.run(`begin; ${sql} commit;`);
          await up(migration);
          const again = compareCatalogs(after.catalog, await catalogOf(session, options));
          if (again.length > 0)
            left = [`up again gives another schema:\n${describeDifferences(again)}`];
        } catch (error) {
          await session.run('rollback').catch(() => {});
          left = [`down and up again fails: ${messageOf(error)}`];
          isUsable = false;
        }
      const proved = left.length === 0;
      if (proved && !options.dryRun) await writeFile(downPath, sql);
      done.set(name, { name, downPath, left, ...(proved ? { sql } : {}) });
      if (!isUsable) return false;
      before = await stateOf(session, options);
    }
    return true;
  };
  let finished = false;
  while (!finished)
    finished = await inScratch(options.scratch, (session) => {
      if (session.embedded)
        throw refused(
          'connection',
          'down migrations are found on a server: name one with --scratch-url',
        );
      return walk(session);
    });
  return [...done.values()];
};
