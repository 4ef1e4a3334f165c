import { messageOf, StatementError, sqlstateOf } from '../errors.ts';
import { lineAtOffset, type Statement } from '../sql/split.ts';
import { type Blocker, describeBlocker } from './events.ts';

/** The object was made by push, by a dump or by hand, so only the record is missing. */
const ALREADY_THERE =
  'It is already there. If the database was set up another way (push, a dump, by hand), run db:baseline: it records the pending migrations whose result the database already has, and shows what differs if it has not. If only this object was made by hand, drop it (or write IF NOT EXISTS) and run again.';

/** Advice by SQLSTATE, for common errors of migrations. */
export const ADVICE: Readonly<Record<string, string>> = {
  '42P07': ALREADY_THERE,
  '42710': ALREADY_THERE,
  '42701': ALREADY_THERE,
  '42723': ALREADY_THERE,
  '42P06':
    'The schema is already there: write "create schema if not exists", or run db:baseline if the database was set up another way.',
  '42P01':
    'The table does not exist here: is an earlier migration missing, or search_path different? db:status and db:drift tell.',
  '42703':
    'The column does not exist here: db:drift tells whether it was dropped or renamed by hand; else an earlier migration should add it.',
  '42704':
    'The type or object does not exist here: is an earlier migration missing, or an extension (create extension if not exists …)?',
  '42883':
    'The function does not exist here: is its extension missing, or do the argument types differ?',
  '0A000': 'The server does not support this: the line above says what.',
  '58P01':
    'The extension is not installed on the server: install its package there (for pgvector use an image that has it), then run again.',
  '23502':
    'Existing rows have no value there: add the column as nullable, fill it, then set NOT NULL in a later migration; or give it a default.',
  '23503':
    'Existing rows point at rows that are gone: find them with a LEFT JOIN, repair or delete them first, or add the constraint NOT VALID and validate it later.',
  '23505':
    'Existing rows are duplicates: find them with GROUP BY … HAVING count(*) > 1 and merge them first.',
  '23514':
    'Existing rows break the check: correct them first, or add the constraint NOT VALID and validate it later.',
  '55P04':
    'A new enum value cannot be used in the transaction that adds it: move the statement that uses it to the next migration file.',
  '25001':
    'This statement cannot run in a transaction: put "-- migrator: no-transaction" on the first line of the file, and keep the file to such statements.',
  '55P03':
    'Another session held the lock for longer than lock_timeout. Nothing was changed. End or wait for that session and run again; --lock-timeout waits longer, but everyone who comes after waits too.',
  '40P01': 'Deadlock with another session. Nothing was changed; run again.',
  '57014':
    'The statement took longer than statement_timeout. Nothing was changed. Split the work into batches, or raise --statement-timeout.',
  '2D000':
    'A block or procedure commits, which a transaction around it forbids: put "-- migrator: no-transaction" on the first line of the file, and keep what commits in a file of its own.',
  '42501':
    'The role lacks a right. Migrate as the role that owns the tables, or grant it what the message names.',
  '2BP01':
    'Other objects depend on it: drop or change those first, in this migration. CASCADE would drop them unseen.',
  '22P02':
    'A value does not convert to the new type (for an enum: a row has a label that the type lacks). Correct the rows first with an UPDATE, or give the ALTER a USING expression; an enum label that was only renamed is renamed with ALTER TYPE … RENAME VALUE.',
  '42804': 'The types do not convert by themselves: add USING column::type to the ALTER.',
  '42601': 'A syntax error: the line and the word that the server stopped at are named above.',
  '42P16':
    'The new view (or table) does not keep the columns of the old one: drop the view and create it in the same file.',
  '428C9':
    'The column is generated: leave it out of INSERT and UPDATE, or drop its expression first.',
  '42P17': 'An index or generated column may only call IMMUTABLE functions.',
  '22004': 'A null where none is allowed.',
  '42846': 'The types do not convert by themselves: add USING with an expression to the ALTER.',
  '55006':
    'The object is used by a session or by this transaction (pending trigger events): put the data change and the ALTER into two files.',
  '42611': 'The definition of the column does not fit its table.',
  '53100': 'The disk of the server is full.',
  '22001': 'Existing values are longer than the new type allows: shorten them first.',
  '22003': 'Existing values are outside the new type’s range.',
};

const LOST = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006']);

/** If one SQLSTATE has several causes, the server's routine that raised it distinguishes them. */
const ADVICE_BY_ROUTINE: Record<string, string> = {
  RememberAllDependentForRebuilding:
    'A view, a rule, a policy or a generated column uses the column: drop it before this statement and create it again after it, in the same file (pg_get_viewdef gives its text). db:generate writes both.',
  parse_extension_control_file:
    'The extension is not installed on the server: install its package there (for pgvector use an image that has it), then run again.',
  EnumValuesCreate: 'The enum has this label twice.',
  CreateRole:
    'Roles belong to the whole server, so every other database of it, and each scratch database, meets one that is there: write "do $$ begin if not exists (select from pg_roles where rolname = …) then create role …; end if; end $$;".',
};

const adviceFor = (error: unknown, sqlstate: string | undefined): string => {
  const known = ADVICE_BY_ROUTINE[field(error, 'routine') ?? ''];
  return known ?? ADVICE[sqlstate ?? ''] ?? 'Correct the statement and run again.';
};

/** True if the error means that the session is lost. */
export const isConnectionLoss = (error: unknown): boolean => {
  const state = sqlstateOf(error);
  if (state !== undefined) return LOST.has(state);
  return /connection (terminated|ended)|ECONNRESET|EPIPE|not queryable|closed/i.test(
    messageOf(error),
  );
};

/** Errors after which the same file may succeed unchanged. */
export const isLockConflict = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(sqlstateOf(error) ?? '');

const field = (error: unknown, name: string): string | undefined => {
  if (!(error instanceof Error) || !(name in error)) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/**
 * The error of a failed statement: file, line, statement, SQLSTATE, the server's message and the
 * remedy.
 *
 * @param consequence one sentence on the state of the database
 */
export const explainStatement = (
  path: string,
  source: string,
  statement: Statement,
  number: number,
  error: unknown,
  consequence: string,
  blockers: readonly Blocker[] = [],
): StatementError => {
  const sqlstate = sqlstateOf(error);
  const position = Number(field(error, 'position') ?? 0);
  const line = position > 0 ? lineAtOffset(source, statement.start + position - 1) : statement.line;
  const lost = isConnectionLoss(error);
  const shown = statement.text.split('\n').slice(0, 6).join('\n    ');
  const lines = [
    `${path}:${line}: statement ${number} failed${sqlstate ? ` (SQLSTATE ${sqlstate})` : ''}: ${messageOf(error)}`,
    `    ${shown.length > 600 ? `${shown.slice(0, 600)}…` : shown}`,
    ...['detail', 'hint', 'where'].flatMap((name) => {
      const value = field(error, name);
      return value ? [`  ${name}: ${value}`] : [];
    }),
    ...blockers.map((blocker) => `  blocked by ${describeBlocker(blocker)}`),
    `  ${consequence}`,
    `  ${lost ? 'The connection to the server was lost. Run again when the server is back.' : adviceFor(error, sqlstate)}`,
  ];
  return new StatementError(
    { file: path, line, number, text: statement.text, ...(sqlstate ? { sqlstate } : {}) },
    lines.join('\n'),
    error,
  );
};
