import pc from 'picocolors';
import type { Finding, Lock } from '../review/finding.ts';
import { strengthOf } from './observe.ts';
import type { Measurement, Stopped, Trace, TracedStatement } from './traced.ts';

const count = (value: number): string => value.toLocaleString('en-US');

const duration = (ms: number): string => {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
};

const bytes = (size: number): string => {
  if (size < 10_000) return `${count(size)} B`;
  return size < 10_000_000
    ? `${Math.round(size / 1_000)} kB`
    : `${Math.round(size / 1_000_000)} MB`;
};

const firstLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
};

const growth = (slope: number | undefined): string | undefined => {
  if (slope === undefined) return undefined;
  const says =
    slope < 0.3
      ? 'does not grow with the table'
      : slope < 0.7
        ? 'grows slower than the table'
        : 'grows with the table';
  return `${says} (slope ${slope.toFixed(2)})`;
};

/** Any statement may cause a wait this short. */
const MOMENT_MS = 5;

const waited = ({ waits }: Stopped): string => {
  const longest = waits.at(-1);
  if (!longest) return '';
  if (longest.ms < MOMENT_MS) return 'for a moment';
  return `up to ${duration(longest.ms)} at ${count(longest.rows)} rows`;
};

const measured = (measurements: readonly Measurement[], of: (one: Measurement) => string): string =>
  measurements.map((one) => `${of(one)} at ${count(one.rows)}`).join(', ');

const lines = (statement: TracedStatement): string[] => {
  const { locks, rewritten, rebuiltIndexes, newIndexes, measurements, stopped, failed } = statement;
  const none = statement.sampled
    ? 'none seen while it ran'
    : statement.inTransaction
      ? 'none that an earlier statement did not hold'
      : 'none';
  const tables = locks.filter(({ index }) => !index);
  const slope = growth(statement.slope);
  return [
    ...(failed === undefined ? [] : [`failed on these rows: ${failed}`]),
    `locks: ${tables.length > 0 ? tables.map(({ mode, on }) => `${mode} on ${on}`).join(', ') : none}`,
    ...(rewritten.length > 0 ? [`rewritten: ${rewritten.join(', ')}`] : []),
    ...(rebuiltIndexes.length > 0 ? [`indexes rebuilt: ${rebuiltIndexes.join(', ')}`] : []),
    ...(newIndexes.length > 0 ? [`indexes built: ${newIndexes.join(', ')}`] : []),
    ...(measurements.length > 0
      ? [
          `time: ${measured(measurements, ({ ms }) => duration(ms))}${slope === undefined ? '' : `; ${slope}`}`,
          `rows read: ${measured(measurements, ({ rowsRead }) => count(rowsRead))}`,
          `log: ${measured(measurements, ({ walBytes }) => bytes(walBytes))}`,
        ]
      : []),
    ...(failed === undefined && stopped.length === 0 ? ['nobody was stopped beside it'] : []),
    ...stopped.map((one) => `stopped: ${one.who} of ${one.table} ${waited(one)}`.trimEnd()),
  ];
};

const bare = (name: string): string => name.replaceAll('"', '').replace(/^public\./, '');

/** The relations that a prediction names: "a and b", "the table of an_index". */
const relationsOf = (
  on: string,
): { readonly names: readonly string[]; readonly table: boolean } => {
  const [, index] = /^the table of (.*)$/.exec(on) ?? [];
  return { names: (index ?? on).split(' and ').map(bare), table: index !== undefined };
};

const seenLock = ({ mode, on }: Lock, { held }: TracedStatement): boolean => {
  const { names, table } = relationsOf(on);
  const strongEnough = held.filter((lock) => strengthOf(lock.mode) >= strengthOf(mode));
  // The trace does not know an index's table, so it looks for a lock on the index and one on a
  // table.
  if (table) return strongEnough.some(({ index }) => !index);
  return names.every((name) => strongEnough.some((lock) => bare(lock.on) === name));
};

const seenWork = ({ held: work }: Lock, statement: TracedStatement): boolean => {
  const { rewritten, rebuiltIndexes, newIndexes, measurements } = statement;
  const read = measurements.some(({ rowsRead, rows }) => rows > 0 && rowsRead > 0);
  if (work === 'while the table is rewritten') return rewritten.length > 0;
  if (work === 'while the index is built') return newIndexes.length + rebuiltIndexes.length > 0;
  if (work === 'while the table is scanned') return read;
  return true;
};

/**
 * The part of a prediction that the trace did not observe: the lock, or the rewrite, the scan or
 * the build that it is held for. Undefined if they agree, or if none is predicted.
 */
export const disagreement = (
  { lock }: Pick<Finding, 'lock'>,
  statement: TracedStatement,
): string | undefined => {
  if (!lock || (statement.failed !== undefined && statement.measurements.length === 0))
    return undefined;
  // Sampling may have missed a lock.
  if (!seenLock(lock, statement) && statement.sampled) return undefined;
  if (!seenLock(lock, statement)) return `predicted ${lock.mode} on ${lock.on}, which was not seen`;
  return seenWork(lock, statement) ? undefined : `predicted "${lock.held}", which was not seen`;
};

const disagreements = (statement: TracedStatement, findings: readonly Finding[]): string[] => [
  ...new Set(
    findings
      .filter(
        (finding) => finding.file === statement.file && finding.statement === statement.statement,
      )
      .flatMap((finding) => {
        const says = disagreement(finding, statement);
        return says === undefined ? [] : [`${finding.rule}: ${says}`];
      }),
  ),
];

const textOf = (traced: Trace, findings: readonly Finding[]): string =>
  [
    pc.bold('Observed in a scratch copy'),
    ...traced.unfilled.map((table) => pc.yellow(`  not filled as asked: ${table}`)),
    ...traced.statements.flatMap((statement) => [
      `${pc.bold(`${statement.file}:${statement.line}`)} ${firstLine(statement.text)}`,
      ...lines(statement).map((line) => `  ${line}`),
      ...disagreements(statement, findings).map((line) => pc.yellow(`  ${line}`)),
    ]),
  ].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const rowOf = (statement: TracedStatement): string => {
  const { locks, rewritten, rebuiltIndexes, newIndexes, measurements, stopped, failed } = statement;
  const tables = locks.filter(({ index }) => !index).map(({ mode, on }) => `${mode} on ${on}`);
  const last = measurements.at(-1);
  const whom = (who: Stopped['who']) => {
    const ones = stopped.filter((one) => one.who === who);
    if (ones.length === 0) return 'no';
    return ones.map((one) => `${one.table} ${waited(one)}`.trimEnd()).join('<br>');
  };
  const files = [
    ...rewritten.map((name) => `${name} rewritten`),
    ...rebuiltIndexes.map((name) => `${name} rebuilt`),
    ...newIndexes.map((name) => `${name} built`),
  ];
  return `| ${[
    `\`${cell(firstLine(statement.text))}\`${failed === undefined ? '' : `<br>failed: ${cell(failed)}`}`,
    tables.map(cell).join('<br>') || 'none that is new',
    files.map(cell).join('<br>') || 'no',
    last ? count(last.rowsRead) : '',
    last ? bytes(last.walBytes) : '',
    measurements.map(({ ms }) => duration(ms)).join(' → '),
    statement.slope === undefined ? '–' : statement.slope.toFixed(2),
    whom('reader'),
    whom('writer'),
  ].join(' | ')} |`;
};

const markdownOf = (traced: Trace, findings: readonly Finding[]): string => {
  const sizes = traced.statements.find(({ measurements }) => measurements.length > 0)?.measurements;
  const at = sizes?.map(({ rows }) => count(rows)).join(' → ') ?? '';
  const unlike = traced.statements.flatMap((statement) =>
    disagreements(statement, findings).map(
      (line) => `- \`${statement.file}:${statement.line}\` ${line}`,
    ),
  );
  return [
    '### Observed in a scratch copy',
    '',
    `| statement | locks taken | new files | rows read | log | time at ${at} rows | slope | reader stopped | writer stopped |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...traced.statements.map(rowOf),
    ...(unlike.length > 0 ? ['', 'Not as predicted:', '', ...unlike] : []),
    ...(traced.unfilled.length > 0
      ? ['', `Not filled as asked: ${traced.unfilled.join('; ')}.`]
      : []),
  ].join('\n');
};

/** The trace's report, for a terminal or as Markdown. */
export const formatTrace = (
  traced: Trace,
  format: 'text' | 'markdown',
  findings: readonly Finding[] = [],
): string => (format === 'text' ? textOf(traced, findings) : markdownOf(traced, findings));
