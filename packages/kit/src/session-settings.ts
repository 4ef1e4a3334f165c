/**
 * Settings that decide the text of values and which rows a statement finds. Sent when connecting, because a
 * server, a database or a role may have other defaults (`ALTER ROLE … SET timezone`), and the decoding
 * here, in Drizzle and in postgres.js counts on these. A URL's `options` can't change them.
 */
const decoding = {
  // In UTC, because a zone's past offset may have seconds, which Date cannot read.
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  standard_conforming_strings: 'on',
} as const;

/** The same, for settings that a pooler in transaction mode does not track for each client. */
const decodingUntracked = {
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  // A float's shortest text that reads back as the same one.
  extra_float_digits: 1,
  // The text of money and of to_char.
  lc_monetary: 'C',
  lc_numeric: 'C',
  lc_time: 'C',
  xmloption: 'content',
  xmlbinary: 'base64',
  // NULL in an array's text is null, and `= NULL` is not `is null`.
  array_nulls: 'on',
  transform_null_equals: 'off',
  // A GIN index gives every row.
  gin_fuzzy_search_limit: 0,
} as const;

/**
 * The settings of a session.
 *
 * @param pooled behind a pooler in transaction mode, which refuses settings that it does not track;
 *   set those on the role with `pooledRoleSettings`
 */
export function sessionSettings({
  pooled,
  statementTimeoutMs,
}: {
  readonly pooled: boolean;
  readonly statementTimeoutMs: number;
}): Record<string, string | number> {
  if (pooled) return decoding;
  return {
    ...decoding,
    ...decodingUntracked,
    statement_timeout: statementTimeoutMs,
    // A backend notices within this time that its client is gone, and ends its work.
    client_connection_check_interval: 2000,
  };
}

/**
 * The settings for a role behind a pooler in transaction mode, to be run once by its owner:
 * `ALTER ROLE app SET …`.
 *
 * @param role the role's name
 * @param statementTimeoutMs the server ends a statement after this long; 0 never
 */
export function pooledRoleSettings(role: string, statementTimeoutMs = 30_000): string[] {
  const settings = sessionSettings({ pooled: false, statementTimeoutMs });
  const name = `"${role.replaceAll('"', '""')}"`;
  return Object.entries(settings).map(
    ([setting, value]) => `ALTER ROLE ${name} SET ${setting} = '${value}';`,
  );
}
