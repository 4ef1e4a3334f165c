import { type Finding, openFindings, type Report } from '../finding.ts';
import { sentence } from './place.ts';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const githubLine = (finding: Finding): string => {
  const { location } = finding;
  const place = location
    ? `file=${escapeProperty(location.file)},line=${location.line},col=${location.column},`
    : '';
  const text = `${sentence(finding)}${finding.fix ? `\n${finding.fix.code}` : ''}`;
  return `::${COMMAND[finding.severity]} ${place}title=${escapeProperty(finding.rule)}::${escapeData(text)}`;
};

/** Workflow commands, which GitHub shows on the lines of a change. */
export const asGithub = (report: Report): string => openFindings(report).map(githubLine).join('\n');

/** `file:line:column: severity rule: message`, a line each, for an editor's problem matcher. */
export const asEditor = (report: Report): string =>
  openFindings(report)
    .map((finding) => {
      const { location } = finding;
      const place = location
        ? `${location.file}:${location.line}:${location.column}`
        : 'database:1:1';
      return `${place}: ${finding.severity} ${finding.rule}: ${sentence(finding).replaceAll(/\s+/g, ' ')}`;
    })
    .join('\n');
