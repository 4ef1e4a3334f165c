import { refused } from '../errors.ts';
import type { Directives } from '../folder/migration.ts';
import { type Statement, splitStatements, unclosedToken } from '../sql/split.ts';

/** A unit of execution: one statement, or everything between a file's own BEGIN and COMMIT. */
export interface Step {
  readonly statements: readonly Statement[];
  /**
   * True if the server refuses it in a transaction, so that it cannot commit together with its
   * record.
   */
  readonly outsideTransaction: boolean;
}

const BEGIN = /^(begin|start\s+transaction)\b(?!\s+atomic)/i;
const COMMIT = /^(commit|end)\b/i;
const CONTROL = /^(begin|start\s+transaction|commit|end|rollback|abort|prepare\s+transaction)\b/i;

const OUTSIDE =
  /^(create\s+(unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b|vacuum\b|alter\s+system\b|create\s+database\b|drop\s+database\b|create\s+tablespace\b|drop\s+tablespace\b|(create|drop)\s+subscription\b|cluster\b|call\b|alter\s+table\b.*\bdetach\s+partition\b.*\bconcurrently\b|do\b.*\b(commit|rollback)\b)/is;

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/--[^\n]*/g, ' ');

/** Whether the server refuses the statement in a transaction block. */
const runsOutsideTransaction = (text: string): boolean =>
  OUTSIDE.test(withoutComments(text).trim());

const isControl = ({ text }: Statement): boolean =>
  CONTROL.test(text) && !/^rollback\s+to\b/i.test(text);

const UNRUNNABLE: readonly (readonly [RegExp, string])[] = [
  [
    /^\\|\\g\w*\s*$/,
    'is a command of psql, not SQL: write the SQL it stands for (for a pg_dump file, dump with --inserts and remove the lines that begin with a backslash)',
  ],
  [
    /^copy\b[\s\S]*\bfrom\s+stdin\b/i,
    'needs data beside the SQL, which a migration file has no place for: write INSERT statements (pg_dump --inserts makes them)',
  ],
  [/^copy\b[\s\S]*\bto\s+stdout\b/i, 'writes to a client that is not there: leave it out'],
  [
    /^discard\s+all\b/i,
    "would release the lock that keeps other runners away, and the session's settings are reset after each file anyway: leave it out",
  ],
  [
    /\bpg_advisory_unlock_all\s*\(/i,
    'would release the lock that keeps other runners away: unlock what you locked by its key',
  ],
];

/**
 * Refuses statements that cannot run from a file, before any of it runs.
 *
 * @throws MigratorError `folder` (exit 2) with file and line
 */
const refuseUnrunnable = (path: string, sql: string): void => {
  const unclosed = unclosedToken(sql);
  if (unclosed)
    throw refused(
      'folder',
      `${path}:${unclosed.line}: the ${unclosed.what} that begins here is never closed, so the rest of the file would be taken for a part of it. Close it.`,
    );
  for (const { text, line } of splitStatements(sql)) {
    const code = withoutComments(text).trim();
    const found = UNRUNNABLE.find(([pattern]) => pattern.test(code));
    if (found)
      throw refused(
        'folder',
        `${path}:${line}: "${text.split('\n')[0]?.slice(0, 40)}" ${found[1]}.`,
      );
  }
};

/**
 * The statements of a file that runs in one transaction. It leaves out a BEGIN at the head and a
 * COMMIT at the end, which are the same transaction, and refuses any other, which would split it.
 */
export const transactionStatements = (path: string, sql: string): Statement[] => {
  refuseUnrunnable(path, sql);
  let statements = splitStatements(sql);
  const [first] = statements;
  const last = statements.at(-1);
  if (first && last && first !== last && BEGIN.test(first.text) && COMMIT.test(last.text))
    statements = statements.slice(1, -1);
  const control = statements.find(isControl);
  if (control)
    throw refused(
      'folder',
      `${path}:${control.line}: "${control.text.slice(0, 40)}" would end the transaction that makes this file all or nothing. Remove it; what has to be committed before the rest belongs in a file of its own.`,
    );
  return statements;
};

/** The steps of a no-transaction file. */
export const stepsOf = (path: string, sql: string): Step[] => {
  refuseUnrunnable(path, sql);
  const steps: Step[] = [];
  let open: { begin: Statement; statements: Statement[] } | undefined;
  for (const statement of splitStatements(sql)) {
    if (open && COMMIT.test(statement.text)) {
      steps.push({ statements: open.statements, outsideTransaction: false });
      open = undefined;
    } else if (open) open.statements.push(statement);
    else if (BEGIN.test(statement.text)) open = { begin: statement, statements: [] };
    else if (isControl(statement))
      throw refused(
        'folder',
        `${path}:${statement.line}: "${statement.text.slice(0, 40)}" ends no transaction: in a no-transaction file each statement is committed as it ends. Remove it.`,
      );
    else
      steps.push({
        statements: [statement],
        outsideTransaction: runsOutsideTransaction(statement.text),
      });
  }
  if (open) throw refused('folder', `${path}:${open.begin.line}: BEGIN without COMMIT`);
  return steps;
};

/** Checks a script before the first one runs, so that it is refused before anything has changed. */
export const checkScript = (path: string, sql: string, directives: Directives): void => {
  const { noTransaction, unknown } = directives;
  const [line] = unknown;
  if (line)
    throw refused(
      'folder',
      `${path}:${line.line}: "-- migrator: ${line.text}" is no directive that counts here. Known are "no-transaction", "irreversible: REASON" and "replaces NAME HASH", above the first statement, and "allow RULE: REASON".`,
    );
  if (noTransaction) stepsOf(path, sql);
  else transactionStatements(path, sql);
};
