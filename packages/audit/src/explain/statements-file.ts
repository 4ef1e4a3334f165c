import { usage } from '../errors.ts';
import { isObject } from '../model/entity.ts';

export interface Statement {
  readonly text: string;
  readonly calls?: number | undefined;
  /** Milliseconds over all calls. */
  readonly totalTime?: number | undefined;
}

const numberOf = (value: unknown): number | undefined => {
  const number =
    typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** The fields of psql's CSV: doubled quotes, with line breaks inside of them. */
const csvRows = (text: string): string[][] => {
  const rows: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/g;
  for (const [, field = '', end = ''] of text.matchAll(pattern)) {
    const value = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
    rows.at(-1)?.push(value);
    if (end.includes('\n')) rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.some((field) => field !== ''));
};

const fromRecords = (records: readonly Record<PropertyKey, unknown>[]): Statement[] =>
  records.flatMap((record) => {
    const text = record.query ?? record.statement;
    if (typeof text !== 'string' || text.trim() === '') return [];
    return [
      {
        text,
        calls: numberOf(record.calls),
        totalTime: numberOf(record.total_exec_time ?? record.total_time),
      },
    ];
  });

/**
 * Reads the statements of a file: pg_stat_statements as JSON or CSV (a column `query`), or SQL text with a
 * semicolon after each.
 */
export const readStatements = (name: string, text: string): Statement[] => {
  let found: Statement[];
  if (/\.json$/i.test(name)) {
    const read: unknown = JSON.parse(text);
    found = Array.isArray(read) ? fromRecords(read.filter(isObject)) : [];
  } else if (/\.csv$/i.test(name)) {
    const [head = [], ...rows] = csvRows(text);
    found = fromRecords(
      rows.map((row) => Object.fromEntries(head.map((field, place) => [field, row[place]]))),
    );
  } else
    found = text
      .split(/;\s*(?:\r?\n|$)/)
      .filter((part) => part.replace(/--[^\n]*/g, '').trim() !== '')
      .map((part) => ({ text: part.trim() }));
  if (found.length === 0) throw usage(`${name} holds no statements`);
  return found.sort((a, b) => (b.totalTime ?? 0) - (a.totalTime ?? 0));
};
