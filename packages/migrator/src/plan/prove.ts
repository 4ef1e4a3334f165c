import { StatementError } from '../errors.ts';
import { hashOf, readDirectives } from '../folder/migration.ts';
import { runScript } from '../run/execute.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { tablesOf } from '../run/tables.ts';
import type { PlannedFile } from './statements.ts';

/** Runs the files of a plan up and down, and gives the first error of a statement. */
export const failureOf = async (
  session: Session,
  files: readonly PlannedFile[],
  options: RunOptions,
): Promise<StatementError | undefined> => {
  const run = (file: PlannedFile, direction: 'up' | 'down') => {
    const sql = file[direction];
    return runScript(
      session,
      {
        name: file.name,
        path: `${file.name}${direction === 'down' ? '.down' : ''}.sql`,
        sql,
        hash: hashOf(sql),
        direction,
        noTransaction: readDirectives(sql).noTransaction,
        tables: tablesOf(options.bookkeeping),
        recordSql: () => '',
      },
      limitsOf(options),
      () => {},
    );
  };
  try {
    for (const file of files) await run(file, 'up');
    for (const file of [...files].reverse()) await run(file, 'down');
    return undefined;
  } catch (error) {
    if (error instanceof StatementError) return error;
    throw error;
  }
};
