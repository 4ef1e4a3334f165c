import Table from 'cli-table3';
import pc from 'picocolors';
import { type Finding, openFindings, type Report, type RuleResult } from '../finding.ts';
import { rules } from '../rules/index.ts';
import type { Severity } from '../rules/rule.ts';
import { placeText, sentence } from './place.ts';

const paint: Record<Severity, (text: string) => string> = {
  error: pc.red,
  warning: pc.yellow,
  info: pc.cyan,
};

const stateOf = (rule: RuleResult): string => {
  if (rule.state === 'pass') return pc.green('pass');
  if (rule.state === 'fail') return paint[rule.severity]('fail');
  return pc.dim(rule.state === 'not run' ? `needs ${rule.needs}` : 'off');
};

const count = (number: number): string => (number === 0 ? '' : String(number));

const ruleTable = (results: readonly RuleResult[]): string => {
  const table = new Table({
    head: ['rule', 'severity', 'result', 'open', 'waived', 'known'],
    style: { head: [], border: [] },
    // A separator between every two rules would double the length.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right'],
  });
  for (const rule of results)
    table.push([
      rule.id,
      rule.severity,
      stateOf(rule),
      count(rule.open),
      count(rule.waived),
      count(rule.known),
    ]);
  return table.toString();
};

const indented = (text: string): string => text.replaceAll(/^/gm, '      ');

/** One rule's findings, with the reason once. */
const findingLines = (findings: readonly Finding[], why: boolean): string[] => {
  const lines: string[] = [];
  let rule = '';
  for (const finding of findings) {
    if (finding.rule !== rule) {
      rule = finding.rule;
      lines.push('', `${paint[finding.severity](`${finding.severity} ${rule}`)}`);
      const said = rules.find(({ id }) => id === rule);
      if (why && said) lines.push(pc.dim(`  ${said.title}. ${said.why}`));
    }
    const place = placeText(finding);
    lines.push(`  ${place ? `${pc.underline(place)} ` : ''}${sentence(finding)}`);
    if (finding.waived !== undefined) lines.push(pc.dim(`      waived: ${finding.waived}`));
    else if (finding.fix) lines.push(pc.dim(indented(finding.fix.code)));
  }
  return lines;
};

export const summaryOf = (report: Report): string => {
  const open = openFindings(report);
  const by = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  const waived = report.findings.filter((finding) => finding.waived !== undefined).length;
  const known = report.findings.filter((finding) => finding.known === true).length;
  const aside = [
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(known > 0 ? [`${known} in the baseline`] : []),
  ];
  return `${report.project}: ${report.tables} tables, ${report.rules.filter(({ state }) => state === 'pass' || state === 'fail').length} rules, ${by('error')} errors, ${by('warning')} warnings, ${by('info')} notes${aside.length > 0 ? `, ${aside.join(', ')}` : ''} (${report.milliseconds} ms)`;
};

/** The report for a terminal. */
export const asTable = (report: Report): string => {
  const open = openFindings(report);
  const waived = report.findings.filter((finding) => finding.waived !== undefined);
  return [
    ruleTable(report.rules),
    ...findingLines(open, true),
    ...(waived.length > 0 ? ['', pc.bold('Waived'), ...findingLines(waived, false)] : []),
    '',
    ...report.notes.map((note) => pc.yellow(`· ${note}`)),
    open.length === 0 ? pc.green(summaryOf(report)) : summaryOf(report),
  ].join('\n');
};
