import type { Found, Group, Needs, Severity } from './rules/rule.ts';

/** A finding in a report. Files are relative to the working folder. */
export interface Finding extends Found {
  readonly rule: string;
  readonly severity: Severity;
  /** The reason of the waiver that accepts it. */
  readonly waived?: string;
  /** True if the baseline has it, so that it does not fail a run. */
  readonly known?: boolean;
  /** The same finding in other tables, if one shared column causes it. */
  readonly also?: readonly string[];
}

export interface RuleResult {
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  readonly severity: Severity;
  readonly state: 'pass' | 'fail' | 'off' | 'not run';
  /** The input that a skipped rule would have needed. */
  readonly needs?: Needs;
  /** The numbers of open, waived and known findings. */
  readonly open: number;
  readonly waived: number;
  readonly known: number;
}

export interface Report {
  readonly project: string;
  readonly tables: number;
  readonly rules: readonly RuleResult[];
  readonly findings: readonly Finding[];
  /** Parts that were not checked, and waivers that match nothing. */
  readonly notes: readonly string[];
  readonly milliseconds: number;
}

/** Findings that are neither waived nor known. */
export const openFindings = (report: Report): Finding[] =>
  report.findings.filter(({ waived, known }) => waived === undefined && known !== true);

const RANK: Record<Severity, number> = { error: 2, warning: 1, info: 0 };

/** True if a report has an open finding of this severity or a worse one. */
export const failsOn = (report: Report, severity: Severity): boolean =>
  openFindings(report).some((finding) => RANK[finding.severity] >= RANK[severity]);

export const bySeverity = (a: Finding, b: Finding): number =>
  RANK[b.severity] - RANK[a.severity] ||
  a.rule.localeCompare(b.rule) ||
  (a.location?.file ?? '').localeCompare(b.location?.file ?? '') ||
  (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
  a.object.localeCompare(b.object);
