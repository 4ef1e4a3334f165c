import { messageOf } from '../errors.ts';
import { type Acknowledgement, type Directives, readDirectives } from '../folder/migration.ts';
import { withoutBom } from '../folder/text.ts';
import { checkScript } from '../run/steps.ts';
import type { Context, Rule } from './context.ts';
import { createdKeys } from './created.ts';
import { distributedBy } from './distribution.ts';
import type { Finding, Remark } from './finding.ts';
import { learn } from './learn.ts';
import { accessRules } from './rules/access.ts';
import { citusRemarks } from './rules/citus.ts';
import { columnRules } from './rules/columns.ts';
import { constraintRules } from './rules/constraints.ts';
import { dataRules } from './rules/data.ts';
import { dropRules } from './rules/drops.ts';
import { indexRules } from './rules/indexes.ts';
import { programRules } from './rules/programs.ts';
import { rowSecurityRules } from './rules/row-security.ts';
import { boundsLockWaits } from './rules/settings.ts';
import { tableRules } from './rules/tables.ts';
import { type Runner, runsWithoutTransaction } from './runner.ts';
import { inSearchPath } from './search-path.ts';
import { squawkFiles } from './squawk.ts';
import {
  type Action,
  loadParser,
  type ReadFile,
  readStatements,
  type Unread,
} from './statements.ts';
import { World } from './world.ts';

const RULES: readonly Rule[] = [
  dropRules,
  tableRules,
  columnRules,
  constraintRules,
  indexRules,
  dataRules,
  accessRules,
  rowSecurityRules,
  programRules,
];

export interface ReviewFile {
  /** The name used in findings. */
  readonly name: string;
  readonly sql: string;
}

export interface ReviewOptions {
  /** Applied files, from which the tables are known. */
  readonly history?: readonly ReviewFile[];
  /**
   * `batch` (default): the files are deployed together, so an object that one creates is new to the
   * next. `each`: every file is a deployment of its own.
   */
  readonly deployed?: 'batch' | 'each';
  /** Also run squawk's rules; needs its binary, which npm installs. Default true. */
  readonly squawk?: boolean;
  /** Also report squawk's rules of taste. Default false. */
  readonly style?: boolean;
  /** The tool's convention for running the files. Default `drizzle`. */
  readonly runner?: Runner;
  /** The server that the files run on. `citus` adds statements that Citus rejects or loses. Default `postgres`. */
  readonly target?: ReviewTarget;
}

export const TARGETS = ['postgres', 'citus'] as const;
export type ReviewTarget = (typeof TARGETS)[number];

/** True if a statement changes the schema of an existing table. */
const altersExisting = ({ node }: Action, world: World): boolean => {
  if ('AlterTableStmt' in node) return !world.isNewTable(node.AlterTableStmt.relation);
  if ('RenameStmt' in node) return node.RenameStmt.relation !== undefined;
  return 'TruncateStmt' in node || 'LockStmt' in node;
};

/** The remarks that apply to a stored function's body, which acts only when it is called. */
const storedRemark = ({ node }: Action): Remark[] => {
  const says = (what: string): Remark[] => [
    {
      rule: 'destructive-function',
      level: 'caution',
      message: `when called, this function ${what}`,
      breaksPreviousRelease: false,
    },
  ];
  if ('TruncateStmt' in node) return says('empties a table');
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE')
    return says('drops a table');
  if ('DeleteStmt' in node && !node.DeleteStmt.whereClause) return says('deletes every row');
  if ('UpdateStmt' in node && !node.UpdateStmt.whereClause) return says('writes every row');
  return [];
};

const unreadRemark = ({ reason, detail, text }: Unread): Remark[] => {
  if (reason === 'syntax')
    return [
      {
        rule: 'syntax-error',
        level: 'danger',
        message: `Postgres cannot parse this: ${detail}`,
        breaksPreviousRelease: false,
      },
    ];
  const risky = /\b(drop|truncate|delete|update|alter|revoke|grant)\b/i.test(text);
  return [
    {
      rule: 'dynamic-sql',
      level: risky ? 'danger' : 'caution',
      message: 'this EXECUTE runs computed SQL, which only a person can judge',
      breaksPreviousRelease: false,
    },
  ];
};

/** A reason above the first statement counts for the whole file, another for the next statement. */
const acknowledge = (
  finding: Finding,
  allow: readonly Acknowledgement[],
  starts: readonly number[],
): Finding => {
  const first = starts[0] ?? Number.POSITIVE_INFINITY;
  const start = starts[finding.statement - 1] ?? finding.line;
  const previous = starts[finding.statement - 2] ?? 0;
  const match = allow.find(
    ({ rule, line }) =>
      rule === finding.rule &&
      (line < first || (line > previous && line <= Math.max(start, finding.line))),
  );
  return match ? { ...finding, acknowledged: match.reason } : finding;
};

/** Files that the migrator would reject: a COMMIT, an unknown directive, an unterminated comment. */
const refusalOf = (
  file: ReviewFile,
  directives: Directives,
): { readonly line: number; readonly remark: Remark } | undefined => {
  try {
    checkScript('', file.sql, directives);
    return undefined;
  } catch (error) {
    const [, line = '1', message = messageOf(error)] =
      /^:(\d+): ([\s\S]*)$/.exec(messageOf(error)) ?? [];
    return {
      line: Number(line),
      remark: { rule: 'refused-by-runner', level: 'danger', message, breaksPreviousRelease: false },
    };
  }
};

/** A block that commits in a surrounding transaction. */
const COMMIT_IN_TRANSACTION: Remark = {
  rule: 'commit-in-transaction',
  level: 'danger',
  message:
    'COMMIT or ROLLBACK of this block fails in a transaction (2D000): start the file with "-- migrator: no-transaction"',
  breaksPreviousRelease: false,
};

const MISSING_LOCK_TIMEOUT: Remark = {
  rule: 'missing-lock-timeout',
  level: 'caution',
  message:
    'nothing bounds the wait for this lock, and all reads and writes of the table queue behind it',
  breaksPreviousRelease: false,
  safer: "SET lock_timeout = '5s';",
};

/** The first finding with a blocking lock, in a file that sets no lock_timeout before it. */
const firstUnbounded = (read: ReadFile, findings: Iterable<Finding>): Finding | undefined => {
  const bound = read.actions.find(({ node }) => boundsLockWaits(node))?.line ?? Infinity;
  return [...findings].find(
    ({ lock, line }) =>
      lock && !['ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE'].includes(lock.mode) && line < bound,
  );
};

const reviewOne = (
  file: ReviewFile,
  read: ReadFile,
  world: World,
  runner: Runner,
  target: ReviewTarget,
): Finding[] => {
  const directives = readDirectives(file.sql);
  world.startFile();
  const context: Context = {
    world,
    noTransaction: runsWithoutTransaction(file.sql, runner),
    runner,
    createdInFile: new Set(read.actions.flatMap(({ node }) => createdKeys(node))),
    altersExistingTable: read.actions.some(
      (action) => action.within !== 'stored' && altersExisting(action, world),
    ),
  };
  const findings = new Map<string, Finding>();
  const distributed = distributedBy(read.actions.map(({ node }) => node));
  const refusal = runner === 'drizzle' ? refusalOf(file, directives) : undefined;
  const add = (remark: Remark, line: number, statement: number) => {
    const finding = { ...remark, file: file.name, line, statement };
    const key = `${remark.rule}:${line}:${remark.message}`;
    if (!findings.has(key)) findings.set(key, acknowledge(finding, directives.allow, read.starts));
  };
  for (const action of read.actions) {
    const remarks =
      action.within === 'stored'
        ? storedRemark(action)
        : [
            ...RULES.flatMap((rule) => rule(action, context)),
            ...(target === 'citus' ? citusRemarks(action.node, world, distributed) : []),
          ];
    for (const remark of remarks) add(remark, action.line, action.statement);
    if (action.within !== 'stored') learn(world, action.node);
  }
  if (!context.noTransaction)
    for (const { line, statement } of read.commitsAt) add(COMMIT_IN_TRANSACTION, line, statement);
  const unbounded = runner === 'drizzle' ? undefined : firstUnbounded(read, findings.values());
  if (unbounded) add(MISSING_LOCK_TIMEOUT, unbounded.line, unbounded.statement);
  if (refusal) {
    const statement = Math.max(1, read.starts.filter((start) => start <= refusal.line).length);
    add(refusal.remark, refusal.line, statement);
  }
  for (const unread of read.unread)
    for (const remark of unreadRemark(unread)) add(remark, unread.line, unread.statement);
  return [...findings.values()];
};

const squawkFindings = async (
  files: readonly ReviewFile[],
  reads: readonly ReadFile[],
  style: boolean,
  runner: Runner,
): Promise<Finding[]> => {
  const found = await squawkFiles(
    files.map(({ sql }) => ({ sql, noTransaction: runsWithoutTransaction(sql, runner) })),
    style,
  );
  return found.map(({ file, line, rule, message }) => {
    const starts = reads[file]?.starts ?? [];
    const statement = Math.max(1, starts.filter((start) => start <= line).length);
    return acknowledge(
      {
        rule: `squawk-${rule}`,
        level: 'caution',
        message,
        breaksPreviousRelease: false,
        file: files[file]?.name ?? '',
        line,
        statement,
      },
      readDirectives(files[file]?.sql ?? '').allow,
      starts,
    );
  });
};

/**
 * Reviews SQL as a careful DBA would, before it runs on a database with rows and readers: which
 * statement loses data, which lock blocks whom, which change breaks running code, and a safer way.
 * It reads only the text and needs no database.
 *
 * @param input one file's SQL, or several files in the order of their application
 * @returns the findings in the order of files and lines
 */
export const review = async (
  input: string | readonly ReviewFile[],
  options: ReviewOptions = {},
): Promise<Finding[]> => {
  const files = (typeof input === 'string' ? [{ name: 'migration.sql', sql: input }] : input).map(
    (file) => ({ ...file, sql: withoutBom(file.sql) }),
  );
  const runner = options.runner ?? 'drizzle';
  await loadParser();
  const world = new World();
  for (const { sql } of options.history ?? [])
    for (const { node, within } of inSearchPath(readStatements(withoutBom(sql)).actions, world))
      if (within !== 'stored') learn(world, node);
  world.settle();
  const reads = files.map(({ sql }) => readStatements(sql));
  const findings = files.flatMap((file, index) => {
    if (options.deployed === 'each') world.settle();
    const read = reads[index];
    if (!read) return [];
    const actions = inSearchPath(read.actions, world);
    return reviewOne(file, { ...read, actions }, world, runner, options.target ?? 'postgres');
  });
  if (options.squawk !== false)
    findings.push(...(await squawkFindings(files, reads, options.style ?? false, runner)));
  const order = new Map(files.map(({ name }, index) => [name, index]));
  return findings.sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line,
  );
};
