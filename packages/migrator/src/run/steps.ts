import { refused } from '../errors.ts';
import { type Statement, splitStatements } from '../sql/split.ts';

/** What is run at once: one statement, or everything between a file's own BEGIN and COMMIT. */
export interface Step {
  readonly statements: readonly Statement[];
  /** The server refuses it in a transaction, so its end cannot be recorded together with it. */
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

/**
 * The statements of a file that runs in one transaction. A BEGIN at its head and a COMMIT at its
 * end are the same transaction and left out; any other would cut it in two and is refused.
 */
export const transactionStatements = (path: string, sql: string): Statement[] => {
  let statements = splitStatements(sql);
  const [first] = statements;
  const last = statements.at(-1);
  if (first && last && first !== last && BEGIN.test(first.text) && COMMIT.test(last.text))
    statements = statements.slice(1, -1);
  const control = statements.find(isControl);
  if (control)
    throw refused(
      'folder',
      `${path}:${control.line}: "${control.text.slice(0, 40)}" would end the transaction that makes this file all or nothing. Remove it, or put "-- migrator: no-transaction" on the first line.`,
    );
  return statements;
};

/** The steps of a no-transaction file. */
export const stepsOf = (path: string, sql: string): Step[] => {
  const steps: Step[] = [];
  let open: { begin: Statement; statements: Statement[] } | undefined;
  for (const statement of splitStatements(sql)) {
    if (open && COMMIT.test(statement.text)) {
      steps.push({ statements: open.statements, outsideTransaction: false });
      open = undefined;
    } else if (open) open.statements.push(statement);
    else if (BEGIN.test(statement.text)) open = { begin: statement, statements: [] };
    else if (isControl(statement))
      throw refused('folder', `${path}:${statement.line}: no transaction is open to end here`);
    else
      steps.push({
        statements: [statement],
        outsideTransaction: runsOutsideTransaction(statement.text),
      });
  }
  if (open) throw refused('folder', `${path}:${open.begin.line}: BEGIN without COMMIT`);
  return steps;
};
