export { type AuditOptions, audit } from './audit.ts';
export { type AuditConfig, defineAudit, type RuleSetting, type Waiver } from './config.ts';
export { AuditError, type AuditErrorCode, type ExitCode } from './errors.ts';
export { type Finding, failsOn, openFindings, type Report, type RuleResult } from './finding.ts';
export { FORMATS, type Format, formatReport } from './report/report.ts';
export { rules } from './rules/index.ts';
export type { Example, Found, Rule, Severity } from './rules/rule.ts';
