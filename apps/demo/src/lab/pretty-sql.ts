import { format } from 'sql-formatter';

const longSql = 20_000;

/** A statement's text in lines, its keywords in lower case. */
export function prettySql(text: string): string {
  if (text.length > longSql) return text;
  try {
    return format(text, { language: 'postgresql', keywordCase: 'lower', expressionWidth: 80 });
  } catch {
    // The formatter does not know all of PostgreSQL's grammar; unformatted it is as true.
    return text;
  }
}
