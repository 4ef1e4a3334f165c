import type { RangeVar } from 'libpg-query';
import { relationSql } from './ast.ts';
import type { Lock } from './finding.ts';

/** The lock that every ALTER TABLE on a column takes. */
export const exclusive = (relation: RangeVar | undefined, held: Lock['held']): Lock => ({
  mode: 'ACCESS EXCLUSIVE',
  on: relationSql(relation),
  held,
});

/** True if a column's name suggests a key. */
export const looksLikeKey = (name: string): boolean =>
  /(^id$|_id$|[a-z0-9]Id$|_uuid$|Uuid$|_key$)/.test(name);

/** The type as the statement writes it, for the safer sequence. */
export const typeSql = (text: string, column: string): string | undefined => {
  const name = `(?:"${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"|${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`;
  const type = String.raw`((?:"[^"]+"\.)?(?:"[^"]+"|[a-z_][\w.]*(?:\s+(?:varying|precision))?)(?:\s*\([\d,\s]*\))?(?:\s+with(?:out)?\s+time\s+zone)?(?:\[\])*)`;
  const pattern = new RegExp(
    String.raw`(?:add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?${name}\s+|alter\s+(?:column\s+)?${name}\s+(?:set\s+data\s+)?type\s+)${type}`,
    'i',
  );
  return pattern.exec(text)?.[1];
};
