import type { Node } from 'libpg-query';
import { constants, functionCalls } from '../ast.ts';
import type { Remark } from '../finding.ts';

/** The longest acceptable wait for a lock, in milliseconds. */
const LONGEST_WAIT = 60_000;

const UNITS: Record<string, number> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A setting's time in milliseconds; undefined for anything else. */
const milliseconds = (value: string): number | undefined => {
  const [, number, unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/.exec(value) ?? [];
  const factor = unit === '' ? 1 : UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
};

/** The value that a statement gives to lock_timeout; `default` if it resets it. */
const lockTimeout = (node: Node): string | undefined => {
  if ('VariableSetStmt' in node) {
    const { kind, name, args } = node.VariableSetStmt;
    if (kind === 'VAR_RESET_ALL') return 'default';
    if (name !== 'lock_timeout') return undefined;
    return kind === 'VAR_SET_VALUE' ? constants(args)[0] : 'default';
  }
  if (!('SelectStmt' in node) || !functionCalls(node).includes('set_config')) return undefined;
  const [setting, value] = constants(node);
  return setting === 'lock_timeout' ? value : undefined;
};

/** The lock_timeout that a statement sets for those after it, in milliseconds; 0 for none. */
const lockWait = (node: Node): number | undefined => {
  const value = lockTimeout(node);
  return value === 'default' ? 0 : value === undefined ? undefined : milliseconds(value);
};

/** True if a statement bounds the lock waits of those after it. */
export const boundsLockWaits = (node: Node): boolean => {
  const time = lockWait(node);
  return time !== undefined && time > 0;
};

const endlessWait = (node: Node): Remark[] => {
  const time = lockWait(node);
  if (time === undefined || (time > 0 && time <= LONGEST_WAIT)) return [];
  return [
    {
      rule: 'lock-timeout-off',
      level: time === 0 ? 'danger' : 'caution',
      message: `a statement after this waits for its lock ${time === 0 ? 'without end' : `up to ${lockTimeout(node)}`}, and all reads and writes of the table queue behind it`,
      breaksPreviousRelease: false,
      safer: "SET LOCAL lock_timeout = '5s';",
    },
  ];
};

const settings = (node: Node): Remark[] => {
  if ('VariableSetStmt' in node) {
    const { name, args } = node.VariableSetStmt;
    if (name === 'session_replication_role' && constants(args)[0] !== 'origin')
      return [
        {
          rule: 'disable-trigger',
          level: 'danger',
          message: 'foreign keys and triggers do not act on the following statements',
          breaksPreviousRelease: false,
        },
      ];
    return [];
  }
  if ('AlterSystemStmt' in node)
    return [
      {
        rule: 'server-setting',
        level: 'danger',
        message: 'this changes the whole server, for every database on it',
        breaksPreviousRelease: false,
      },
    ];
  if ('AlterDatabaseSetStmt' in node || 'AlterRoleSetStmt' in node)
    return [
      {
        rule: 'server-setting',
        level: 'caution',
        message: 'every new session gets this setting',
        breaksPreviousRelease: false,
      },
    ];
  return [];
};

/** Settings that remove a protection from the file, a session or the whole server. */
export const settingRemarks = (node: Node): Remark[] => [...endlessWait(node), ...settings(node)];
