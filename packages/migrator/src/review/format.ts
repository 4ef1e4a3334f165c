import pc from 'picocolors';
import { type Finding, isBlocking, type Level } from './finding.ts';
import { lockLine, summaryOf } from './finding-text.ts';
import { markdownOf, sarifOf } from './format-documents.ts';

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

export const REVIEW_FORMATS = ['text', 'json', 'github', 'sarif', 'markdown'] as const;
export type ReviewFormat = (typeof REVIEW_FORMATS)[number];

/**
 * The findings as text for a terminal, JSON for a program, annotations for GitHub Actions, SARIF for
 * code scanning, or Markdown for a comment on a pull request.
 *
 * @param files the number of reviewed files, for Markdown
 */
export const formatFindings = (
  findings: readonly Finding[],
  format: ReviewFormat,
  files = new Set(findings.map(({ file }) => file)).size,
): string => {
  switch (format) {
    case 'json':
      return JSON.stringify(findings, undefined, 2);
    case 'github':
      return findings.map(githubOf).join('\n');
    case 'sarif':
      return sarifOf(findings);
    case 'markdown':
      return markdownOf(findings, files);
    default:
      return [...findings.map(textOf), summaryOf(findings)].join('\n');
  }
};
