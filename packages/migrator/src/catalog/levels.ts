import type { ObjectKind } from './queries.ts';

/** The subject of a difference, gravest first. */
export const DRIFT_LEVELS = ['safety', 'behaviour', 'performance', 'cosmetic'] as const;
export type DriftLevel = (typeof DRIFT_LEVELS)[number];

const BY_KIND: Partial<Record<ObjectKind, DriftLevel>> = {
  'row security': 'safety',
  policy: 'safety',
  grant: 'safety',
  'revoked from public': 'safety',
  'default grant': 'safety',
  owner: 'safety',
  'owner rights': 'safety',
  'public rights': 'safety',
  'default rights': 'safety',
  'database rights': 'safety',
  'role membership': 'safety',
  'role power': 'safety',
  setting: 'safety',
  publication: 'safety',
  'constraint state': 'safety',
  'rule state': 'safety',
  'event trigger': 'safety',
  'event trigger state': 'safety',
  'function rights': 'safety',
  'object rights': 'safety',
  'security label': 'safety',
  subscription: 'safety',
  'foreign server': 'safety',
  'user mapping': 'safety',
  statistics: 'performance',
  'column setting': 'performance',
  'table setting': 'performance',
  'statistics setting': 'performance',
  comment: 'cosmetic',
  'column order': 'cosmetic',
};

const STATE = / (DISABLED|REPLICA|ALWAYS)$/;

/** The level of a difference. */
export const levelOf = (
  kind: ObjectKind,
  change: 'missing' | 'extra' | 'different',
  expected = '',
  actual = '',
): DriftLevel => {
  // A trigger may enforce a rule, which no longer holds when it is missing or disabled.
  if (kind === 'trigger' && (change === 'missing' || STATE.test(expected) !== STATE.test(actual)))
    return 'safety';
  if (kind === 'index')
    return /^CREATE UNIQUE/.test(expected || actual) ? 'behaviour' : 'performance';
  // Storage parameters and a column's storage change no result.
  const isSame = (pattern: RegExp) =>
    change === 'different' && expected.replace(pattern, '') === actual.replace(pattern, '');
  if (kind === 'table' && isSame(/ ?WITH \([^)]*\)/)) return 'performance';
  if (kind === 'column' && isSame(/ STORAGE \w+/)) return 'performance';
  if (kind === 'materialized view' && isSame(/^WITH \([^)]*\) /)) return 'performance';
  const options = (text: string) => /^WITH \([^)]*\)/.exec(text)?.[0] ?? '';
  if (kind === 'view' && change === 'different' && options(expected) !== options(actual))
    return 'safety';
  return BY_KIND[kind] ?? 'behaviour';
};

/** True if a level is at least as grave as `least`. */
export const isAtLeastLevel = (level: DriftLevel, least: DriftLevel): boolean =>
  DRIFT_LEVELS.indexOf(level) <= DRIFT_LEVELS.indexOf(least);
