import type { Plans } from './plans/hot-query.ts';
import type { Severity } from './rules/rule.ts';

export { definePlans, type HotQuery, type PlansOf } from './plans/hot-query.ts';

/** A finding that is accepted; it is printed with its reason and does not fail the run. */
export interface Waiver {
  readonly rule: string;
  /** The object of the finding; `*` stands for any text. */
  readonly at: string;
  /** Why it is right, for the reader of the report. */
  readonly reason: string;
}

export type RuleSetting = 'off' | Severity | readonly [Severity, Readonly<Record<string, unknown>>];

/** `audit.config.ts`: the rules of a project, with their options. */
export interface AuditConfig {
  /** The drizzle.config, relative to this file's folder; default: found by its name. */
  readonly drizzle?: string;
  /** Files, folders or patterns of the schema, in place of a drizzle.config. */
  readonly schema?: string | readonly string[];
  readonly casing?: 'snake_case' | 'camelCase';
  /** The query modules: files, folders or patterns. */
  readonly queries?: string | readonly string[];
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly waivers?: readonly Waiver[];
  /** The hot queries, loaded when `audit plans` asks for them. */
  readonly plans?: () => Promise<Plans>;
}

/** Returns the configuration, with its type checked. */
export const defineAudit = (config: AuditConfig): AuditConfig => config;
