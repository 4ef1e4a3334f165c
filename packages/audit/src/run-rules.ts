import { relative } from 'node:path';
import type { AuditConfig, RuleSetting, Waiver } from './config.ts';
import { usage } from './errors.ts';
import { bySeverity, type Finding, type Report, type RuleResult } from './finding.ts';
import { groupShared } from './group-shared.ts';
import { rules as allRules } from './rules/index.ts';
import {
  type Context,
  matches,
  type Needs,
  type Options,
  type Rule,
  type Severity,
} from './rules/rule.ts';

interface Chosen {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: Options;
  readonly off: boolean;
}

const chosenOf = (rule: Rule, setting: RuleSetting | undefined): Chosen => {
  if (setting === 'off') return { rule, severity: rule.severity, options: {}, off: true };
  if (setting === undefined) return { rule, severity: rule.severity, options: {}, off: false };
  if (typeof setting === 'string') return { rule, severity: setting, options: {}, off: false };
  return { rule, severity: setting[0], options: setting[1], off: false };
};

const SETTINGS = ['off', 'error', 'warning', 'info'];

const checkConfig = (config: AuditConfig, known: readonly Rule[]): void => {
  const ids = new Set(known.map(({ id }) => id));
  for (const [id, setting] of Object.entries(config.rules ?? {})) {
    if (!ids.has(id)) throw usage(`audit.config: there is no rule "${id}"`);
    const word = typeof setting === 'string' ? setting : setting[0];
    if (!SETTINGS.includes(word))
      throw usage(`audit.config: rule "${id}" is ${SETTINGS.join(', ')} or [severity, options]`);
    const options = typeof setting === 'string' ? {} : setting[1];
    const rule = known.find((candidate) => candidate.id === id);
    for (const name of Object.keys(options))
      if (rule && !(name in rule.options))
        throw usage(`audit.config: rule "${id}" has no option "${name}"`);
  }
  for (const { rule, at, reason } of config.waivers ?? []) {
    if (!ids.has(rule))
      throw usage(`audit.config: a waiver names an unknown rule "${rule}"; --rules lists them`);
    if (reason.trim().length < 10)
      throw usage(`audit.config: the waiver of ${rule} at ${at} needs a reason, in a sentence`);
  }
};

export interface RunOptions {
  readonly config: AuditConfig;
  readonly has: ReadonlySet<Needs>;
  /** `rule object` of known findings. */
  readonly baseline?: ReadonlySet<string>;
  readonly project: string;
  /** The folder to which the report's paths are relative; default: the working folder. */
  readonly root?: string;
  readonly notes?: readonly string[];
  readonly started?: number;
  readonly rules?: readonly Rule[];
}

export const fingerprint = ({ rule, object }: Pick<Finding, 'rule' | 'object'>): string =>
  `${rule} ${object}`;

const placedFrom = <T extends { readonly location?: Finding['location'] }>(
  root: string,
  found: T,
): T => {
  const { location } = found;
  return location
    ? { ...found, location: { ...location, file: relative(root, location.file) } }
    : found;
};

/** Runs the rules whose input exists, and applies waivers and baseline to their findings. */
export const runRules = (context: Context, options: RunOptions): Report => {
  const started = options.started ?? performance.now();
  const rules = options.rules ?? allRules;
  checkConfig(options.config, rules);
  const waivers: readonly Waiver[] = options.config.waivers ?? [];
  const used = new Set<Waiver>();
  const findings: Finding[] = [];
  const results: RuleResult[] = [];
  const ran = new Set<string>();
  for (const rule of rules) {
    const { severity, off, options: given } = chosenOf(rule, options.config.rules?.[rule.id]);
    const head = { id: rule.id, group: rule.group, title: rule.title, severity };
    const none = { open: 0, waived: 0, known: 0 };
    if (off) {
      results.push({ ...head, ...none, state: 'off' });
      continue;
    }
    if (!options.has.has(rule.needs)) {
      results.push({ ...head, ...none, state: 'not run', needs: rule.needs });
      continue;
    }
    ran.add(rule.id);
    const own = new Map<string, Finding>();
    for (const found of rule.check(context, given)) {
      // A severity that a project sets holds for all of the rule's findings.
      const configured = options.config.rules?.[rule.id] !== undefined;
      const finding: Finding = {
        ...found,
        rule: rule.id,
        severity: configured ? severity : (found.severity ?? severity),
      };
      const waiver = waivers.find(
        (candidate) => candidate.rule === rule.id && matches([candidate.at], found.object),
      );
      if (waiver) used.add(waiver);
      const known = options.baseline?.has(fingerprint(finding)) === true;
      const key = `${finding.object} ${finding.message}`;
      own.set(key, {
        ...finding,
        ...(waiver ? { waived: waiver.reason } : {}),
        ...(known ? { known } : {}),
      });
    }
    const found = [...own.values()];
    const all = (rule.perTable ? found : groupShared(found, context.model)).map((finding) =>
      placedFrom(options.root ?? '.', finding),
    );
    const open = all.filter(({ waived, known }) => waived === undefined && known !== true).length;
    results.push({
      ...head,
      state: open > 0 ? 'fail' : 'pass',
      open,
      waived: all.filter(({ waived }) => waived !== undefined).length,
      known: all.filter(({ known }) => known === true).length,
    });
    findings.push(...all);
  }
  return {
    project: options.project,
    tables: context.model.tables.length,
    rules: results,
    findings: findings.sort(bySeverity),
    notes: [
      ...(options.notes ?? []),
      ...waivers
        .filter((waiver) => !used.has(waiver) && ran.has(waiver.rule))
        .map(({ rule, at }) => `a waiver accepts nothing any more: ${rule} at ${at}`),
    ],
    milliseconds: Math.round(performance.now() - started),
  };
};
