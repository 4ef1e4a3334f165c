import pc from 'picocolors';
import { blockedBy, type Finding, isBlocking, type Level } from './finding.ts';

const PAINT: Record<Level, (text: string) => string> = {
  safe: pc.green,
  caution: pc.yellow,
  danger: pc.red,
  'data loss': (text) => pc.bold(pc.red(text)),
};

const indent = (text: string, by: string): string =>
  text
    .split('\n')
    .map((line) => by + line)
    .join('\n');

const lockLine = ({ lock }: Finding): string | undefined =>
  lock &&
  `takes ${lock.mode} on ${lock.on} ${lock.held}: ${blockedBy(lock.mode)} wait, and everyone behind it`;

const textOf = (finding: Finding): string => {
  const lock = lockLine(finding);
  return [
    `${pc.bold(`${finding.file}:${finding.line}`)} ${PAINT[finding.level](finding.level)} ${pc.dim(finding.rule)}`,
    `  ${finding.message}`,
    ...(lock ? [`  ${lock}`] : []),
    ...(finding.breaksPreviousRelease ? ['  breaks code of the previous release'] : []),
    ...(finding.acknowledged === undefined
      ? finding.safer
        ? ['  safer:', pc.dim(indent(finding.safer, '    '))]
        : []
      : [pc.green(`  acknowledged: ${finding.acknowledged}`)]),
  ].join('\n');
};

/** Counts by level, worst first: "2 data loss, 1 danger". */
const summaryOf = (findings: readonly Finding[]): string => {
  const levels: Level[] = ['data loss', 'danger', 'caution'];
  const parts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count > 0 ? [`${count} ${level}`] : [];
  });
  const open = findings.filter(isBlocking).length;
  if (parts.length === 0) return 'nothing to say';
  return `${parts.join(', ')}${open > 0 ? `; ${open} to acknowledge with "-- migrator: allow RULE: REASON"` : ''}`;
};

const escapeProperty = (text: string): string =>
  text
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const githubOf = (finding: Finding): string => {
  const kind = isBlocking(finding) ? 'error' : finding.level === 'caution' ? 'warning' : 'notice';
  const body = [
    finding.message,
    lockLine(finding),
    finding.breaksPreviousRelease ? 'breaks code of the previous release' : undefined,
    finding.acknowledged === undefined ? undefined : `acknowledged: ${finding.acknowledged}`,
    finding.acknowledged === undefined && finding.safer ? `safer:\n${finding.safer}` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
  return `::${kind} file=${escapeProperty(finding.file)},line=${finding.line},title=${escapeProperty(`${finding.level}: ${finding.rule}`)}::${escapeData(body)}`;
};

export type ReviewFormat = 'text' | 'json' | 'github';

/** The findings as text for a terminal, JSON for a program, or annotations for GitHub Actions. */
export const formatFindings = (findings: readonly Finding[], format: ReviewFormat): string => {
  if (format === 'json') return JSON.stringify(findings, undefined, 2);
  if (format === 'github') return findings.map(githubOf).join('\n');
  return [...findings.map(textOf), summaryOf(findings)].join('\n');
};
