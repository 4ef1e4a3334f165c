import { counted } from '../counted.ts';
import { MigratorError, messageOf, StatementError, sqlstateOf } from '../errors.ts';
import type { Statement } from '../sql/split.ts';
import { progressSql, readProgress } from './bookkeeping.ts';
import type { Listener } from './events.ts';
import { explainStatement, isConnectionLoss, isLockConflict } from './explain.ts';
import { clearLeftovers } from './leftovers.ts';
import type { RunLimits } from './options.ts';
import type { Session } from './session.ts';
import { type Step, stepsOf, transactionStatements } from './steps.ts';
import type { Tables } from './tables.ts';
import { type Watch, watchSession } from './watch.ts';

/** A file to run, up or down. */
export interface Script {
  readonly name: string;
  readonly path: string;
  readonly sql: string;
  readonly hash: string;
  readonly direction: 'up' | 'down';
  readonly noTransaction: boolean;
  readonly tables: Tables;
  /** The SQL that records the script as run, with its duration. */
  recordSql(durationMs: number): string;
}

interface Context {
  readonly session: Session;
  readonly watch: Watch;
  readonly limits: RunLimits;
  readonly listen: Listener;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const timeouts = (limits: RunLimits, local: 'local ' | ''): string =>
  `set ${local}lock_timeout = ${limits.lockTimeoutMs}; set ${local}statement_timeout = ${limits.statementTimeoutMs};`;

/**
 * Runs a transaction whose lock waits share one budget of `lockTimeoutMs`, because it holds the
 * locks of earlier statements meanwhile.
 */
const runTransaction = async (
  { session, watch, limits, listen }: Context,
  script: Script,
  statements: readonly Statement[],
  firstNumber: number,
  finishSql: () => string,
): Promise<void> => {
  let number = firstNumber;
  let current: Statement | undefined;
  let charged = 0;
  watch.reset();
  try {
    await session.run(`begin; ${timeouts(limits, 'local ')}`);
    for (const statement of statements) {
      current = statement;
      listen({ type: 'statement', name: script.name, number });
      if (watch.blockedMs > charged) {
        charged = watch.blockedMs;
        const left = Math.max(limits.lockTimeoutMs / 10, limits.lockTimeoutMs - charged);
        await session.run(`set local lock_timeout = ${Math.round(left)}`);
      }
      await watch.during(script.name, session.run(statement.text));
      number += 1;
    }
    current = undefined;
    await session.run(`${finishSql()} commit;`);
  } catch (error) {
    if (!isConnectionLoss(error)) await session.run('rollback').catch(() => {});
    if (isLockConflict(error) || !current) throw new Interrupted(error, current, number);
    throw explainStatement(
      script.path,
      script.sql,
      current,
      number,
      error,
      script.noTransaction
        ? `The statements before it are applied and recorded; the next run starts here.`
        : `Nothing of ${script.name} is applied.`,
      watch.blockers,
    );
  }
};

/** An error that a retry may resolve, or that no statement of the file caused. */
class Interrupted extends Error {
  readonly statement: Statement | undefined;
  readonly number: number;
  constructor(cause: unknown, statement: Statement | undefined, number: number) {
    super('interrupted', { cause });
    this.statement = statement;
    this.number = number;
  }
}

/** An error that came with the COMMIT: a lost connection, or a deferred constraint. */
const recordingError = (script: Script, cause: unknown): MigratorError =>
  isConnectionLoss(cause)
    ? new MigratorError(
        'connection',
        1,
        `${script.path}: the connection to the server was lost between two statements. Run again when it is back: what was committed is recorded, and nothing runs twice.`,
        cause,
      )
    : new MigratorError(
        'statement',
        1,
        `${script.path}: the transaction failed at its end${sqlstateOf(cause) ? ` (SQLSTATE ${sqlstateOf(cause)})` : ''}: ${messageOf(cause)}. Nothing of it is applied.`,
        cause,
      );

/**
 * Repeats a transaction after a lock conflict, with growing pauses in which the queue can drain.
 */
const withRetries = async (
  context: Context,
  script: Script,
  work: () => Promise<void>,
): Promise<void> => {
  const { limits, watch, listen } = context;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (!isLockConflict(error.cause) || attempt > limits.lockRetries) {
        const { statement } = error;
        if (!statement) throw recordingError(script, error.cause);
        throw explainStatement(
          script.path,
          script.sql,
          statement,
          error.number,
          error.cause,
          `Tried ${counted(attempt, 'time')}; nothing of ${script.noTransaction ? 'this statement' : script.name} is applied.`,
          watch.blockers,
        );
      }
      const delayMs = Math.round(
        Math.min(15_000, limits.retryDelayMs * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2),
      );
      listen({ type: 'retry', name: script.name, attempt, delayMs, blockers: watch.blockers });
      await pause(delayMs);
    }
  }
};

/** Runs a statement that the server refuses in a transaction, and records its begin before. */
const runOutside = async (
  { session, watch, limits, listen }: Context,
  script: Script,
  step: Step,
  number: number,
  done: number,
  interrupted: boolean,
): Promise<void> => {
  const [statement] = step.statements;
  if (!statement) return;
  const progress = { name: script.name, hash: script.hash, direction: script.direction };
  try {
    const lockTimeoutMs = limits.concurrentLockTimeoutMs;
    await session.run(`set lock_timeout = ${lockTimeoutMs}; set statement_timeout = 0;`);
    const { sql, finished } = await clearLeftovers(session, statement.text, listen);
    await session.run(progressSql(script.tables, { ...progress, done, begun: number }));
    // A statement that ended just before its runner died is finished, and no name collision.
    if (!(finished && interrupted)) await watch.during(script.name, session.run(sql));
    await session.run(progressSql(script.tables, { ...progress, done: done + 1, begun: null }));
  } catch (error) {
    if (!isConnectionLoss(error))
      await clearLeftovers(session, statement.text, listen).catch(() => {});
    if (isLockConflict(error)) throw new Interrupted(error, statement, number);
    throw explainStatement(
      script.path,
      script.sql,
      statement,
      number,
      error,
      'The statements before it are applied and recorded; the next run starts here.',
      watch.blockers,
    );
  }
};

const runSteps = async (context: Context, script: Script, started: number): Promise<void> => {
  const { session, listen } = context;
  const steps = stepsOf(script.path, script.sql);
  const progress = (await readProgress(session, script.tables)).find(
    ({ name }) => name === script.name,
  );
  const resumes = progress?.direction === script.direction;
  if (resumes && progress.hash !== script.hash && progress.done > 0)
    listen({
      type: 'note',
      message: `${script.name} changed since it was interrupted after statement ${progress.done}; its first ${counted(progress.done, 'statement')} ${progress.done === 1 ? 'is' : 'are'} taken as done`,
    });
  const from = resumes ? progress.done : 0;
  if (resumes) listen({ type: 'resume', name: script.name, fromStatement: from + 1 });

  let number = 1;
  for (const [index, step] of steps.entries()) {
    const first = number;
    number += step.statements.length;
    if (index < from) continue;
    if (step.outsideTransaction) listen({ type: 'statement', name: script.name, number: first });
    const base = { name: script.name, hash: script.hash, direction: script.direction };
    const outside = () =>
      runOutside(context, script, step, first, index, index === from && progress?.begun != null);
    await withRetries(context, script, async () => {
      if (step.outsideTransaction) return outside();
      try {
        await runTransaction(context, script, step.statements, first, () =>
          progressSql(script.tables, { ...base, done: index + 1, begun: null }),
        );
      } catch (error) {
        // A statement that the server refuses in a transaction, and that this package did not
        // recognise.
        const alone = step.statements.length === 1;
        if (!(error instanceof StatementError && error.statement.sqlstate === '25001' && alone))
          throw error;
        await outside();
      }
    });
  }
  await session.run(`begin; ${script.recordSql(performance.now() - started)} commit;`);
};

/**
 * Runs one file and records it: in one transaction, or step by step when the file says
 * `no-transaction`. A failed file rolls back; after a failed step, the steps before it stay.
 *
 * @throws StatementError with file, line, SQLSTATE and what to do
 */
export const runScript = async (
  session: Session,
  script: Script,
  limits: RunLimits,
  listen: Listener,
): Promise<number> => {
  const started = performance.now();
  const watch = watchSession(session, listen);
  const context = { session, watch, limits, listen };
  try {
    if (script.noTransaction) {
      await runSteps(context, script, started);
    } else {
      const statements = transactionStatements(script.path, script.sql);
      await withRetries(context, script, () =>
        runTransaction(context, script, statements, 1, () =>
          script.recordSql(performance.now() - started),
        ),
      );
    }
  } finally {
    await watch.close();
  }
  // Session settings of one file must not reach the next one.
  await session.reset();
  return performance.now() - started;
};
