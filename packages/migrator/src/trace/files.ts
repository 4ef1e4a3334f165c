import { MigratorError, messageOf } from '../errors.ts';
import type { ReviewFile } from '../review/review.ts';
import { type Runner, runsWithoutTransaction } from '../review/runner.ts';
import type { Session } from '../run/session.ts';
import { type Step, stepsOf, transactionStatements } from '../run/steps.ts';

/** The statements of a file, and which of them run outside a transaction. */
export const stepsOfFile = (
  file: ReviewFile,
  runner: Runner,
): { steps: Step[]; transaction: boolean } => {
  if (runsWithoutTransaction(file.sql, runner))
    return { steps: stepsOf(file.name, file.sql), transaction: false };
  const statements = transactionStatements(file.name, file.sql);
  return { steps: [{ statements, outsideTransaction: false }], transaction: true };
};

/** Runs the files before the traced ones. */
export const runHistory = async (
  session: Session,
  history: readonly ReviewFile[],
  runner: Runner,
) => {
  for (const file of history) {
    const { steps } = stepsOfFile(file, runner);
    for (const { statements, outsideTransaction } of steps)
      for (const [index, { text, line }] of statements.entries()) {
        if (!outsideTransaction && index === 0) await session.run('begin');
        await session.run(text).catch((error: unknown) => {
          throw new MigratorError(
            'statement',
            1,
            `${file.name}:${line}: the history before the traced files fails in an empty database: ${messageOf(error)}`,
            error,
          );
        });
        if (!outsideTransaction && index === statements.length - 1) await session.run('commit');
      }
    await session.reset();
  }
};

/** Every word that may be the name of a table. */
export const namesIn = (files: readonly ReviewFile[]): Set<string> => {
  const names = new Set<string>();
  for (const { sql } of files) {
    for (const [, name = ''] of sql.matchAll(/"((?:[^"]|"")+)"/g))
      names.add(name.replaceAll('""', '"'));
    for (const [name] of sql.matchAll(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))
      names.add(name.toLowerCase());
  }
  return names;
};
