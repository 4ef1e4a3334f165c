import { messageOf, usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import { splitStatements } from '../sql/split.ts';

/** A statement that a release sends, with `$1` for its parameters. */
export interface SentStatement {
  readonly text: string;
  /** The function and the line that sent it, such as `listPages (src/queries/pages.ts:42)`. */
  readonly sender?: string;
  /** The parameters' types as oids of pg_type, if recorded; 0 for an unknown one. */
  readonly types?: readonly number[];
}

const statementOf = (value: unknown): SentStatement[] => {
  if (typeof value === 'string') return [{ text: value }];
  if (!isRecord(value)) return [];
  const text = value.text ?? value.query;
  if (typeof text !== 'string') return [];
  const { sender, types } = value;
  return [
    {
      text,
      ...(typeof sender === 'string' ? { sender } : {}),
      ...(Array.isArray(types) ? { types: types.map(Number) } : {}),
    },
  ];
};

/** A message without parameters may hold several statements. */
const textsOf = ({ text }: SentStatement): string[] => {
  const statements = splitStatements(text).map((statement) => statement.text);
  return statements.length > 1 ? statements : [text.trim().replace(/;$/, '')];
};

/** An id in the text of a message without parameters, which differs in the next run. */
const UUID = /'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'/gi;

const parsed = (name: string, text: string, line?: number): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usage(`${name}${line === undefined ? '' : `:${line}`} is not JSON: ${messageOf(error)}`);
  }
};

/**
 * Reads a file of statements: JSON Lines or a JSON array, of strings or of objects with `text` (or `query`,
 * as pg_stat_statements has it) and perhaps `sender`; any other name is SQL text with a semicolon after each.
 *
 * @returns each statement once; texts that differ in the ids they hold are one
 * @throws MigratorError `usage` for a file whose content does not match its name, or without a
 *   statement
 */
export const readSentStatements = (name: string, text: string): SentStatement[] => {
  let found: SentStatement[];
  if (/\.jsonl$/i.test(name))
    found = text
      .split('\n')
      .flatMap((line, index) =>
        line.trim() === '' ? [] : statementOf(parsed(name, line, index + 1)),
      );
  else if (/\.json$/i.test(name)) {
    const value = parsed(name, text);
    found = Array.isArray(value) ? value.flatMap(statementOf) : [];
  } else found = splitStatements(text).map((statement) => ({ text: statement.text }));
  const distinct = new Map<string, SentStatement>();
  for (const statement of found)
    for (const text of textsOf(statement)) {
      const key = text.replace(UUID, "''");
      if (text !== '' && !distinct.has(key)) distinct.set(key, { ...statement, text });
    }
  if (distinct.size === 0) throw usage(`${name} holds no statement`);
  return [...distinct.values()];
};
