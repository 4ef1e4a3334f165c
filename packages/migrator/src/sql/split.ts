/** One statement of a file, with its position. */
export interface Statement {
  /** The text without leading comments and without the closing semicolon. */
  readonly text: string;
  /** 0-based offset of `text` in the file. */
  readonly start: number;
  /** 1-based line of `text` in the file. */
  readonly line: number;
}

/** drizzle-kit's own separator; the statement before it may lack its semicolon. */
const BREAKPOINT = '--> statement-breakpoint';
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

const matchAt = (pattern: RegExp, sql: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
};

/** The end of a token that is never closed. */
const UNCLOSED = Number.POSITIVE_INFINITY;

const endOfQuoted = (sql: string, at: number, quote: string, backslash: boolean): number => {
  let i = at + 1;
  while (i < sql.length) {
    if (backslash && sql[i] === '\\') i += 2;
    else if (sql[i] !== quote) i += 1;
    else if (sql[i + 1] === quote) i += 2;
    else return i + 1;
  }
  return UNCLOSED;
};

const endOfBlockComment = (sql: string, at: number): number => {
  let depth = 1;
  let i = at + 2;
  while (i < sql.length && depth > 0) {
    if (sql.startsWith('/*', i)) {
      depth += 1;
      i += 2;
    } else if (sql.startsWith('*/', i)) {
      depth -= 1;
      i += 2;
    } else i += 1;
  }
  return depth > 0 ? UNCLOSED : i;
};

/**
 * The end of the token at `at`: a whole string, quoted name, dollar quote or comment counts as one.
 * Comments are marked, so that a caller can leave them out.
 */
const tokenAt = (sql: string, at: number): { end: number; comment: boolean; word?: string } => {
  const char = sql[at];
  // drizzle-kit splits only there; the rest of the line is SQL again.
  if (sql.startsWith(BREAKPOINT, at)) return { end: at + BREAKPOINT.length, comment: true };
  if (sql.startsWith('--', at)) {
    const newline = sql.indexOf('\n', at);
    return { end: newline === -1 ? sql.length : newline + 1, comment: true };
  }
  if (sql.startsWith('/*', at)) return { end: endOfBlockComment(sql, at), comment: true };
  if (char === "'") return { end: endOfQuoted(sql, at, "'", false), comment: false };
  if (char === '"') return { end: endOfQuoted(sql, at, '"', false), comment: false };
  if ((char === 'e' || char === 'E') && sql[at + 1] === "'")
    return { end: endOfQuoted(sql, at + 1, "'", true), comment: false };
  if (char === '$') {
    const tag = matchAt(DOLLAR_TAG, sql, at);
    if (tag) {
      const close = sql.indexOf(tag, at + tag.length);
      return { end: close === -1 ? UNCLOSED : close + tag.length, comment: false };
    }
  }
  const word = matchAt(WORD, sql, at);
  if (word) return { end: at + word.length, comment: false, word: word.toLowerCase() };
  return { end: at + 1, comment: false };
};

/**
 * Splits SQL at the semicolons that end statements, as psql does: not in strings, comments, dollar
 * quotes, parentheses or the body of a `BEGIN ATOMIC` function. It leaves out empty statements and
 * those of comments only.
 *
 * @param sql the whole file
 */
export const splitStatements = (sql: string): Statement[] => {
  const statements: Statement[] = [];
  let start = -1;
  let parens = 0;
  let atomic = 0;
  let previousWord = '';
  let line = 1;
  let lineAt = 0;

  const finish = (end: number) => {
    if (start !== -1) {
      for (; lineAt < start; lineAt += 1) if (sql[lineAt] === '\n') line += 1;
      statements.push({ text: sql.slice(start, end).trimEnd(), start, line });
    }
    start = -1;
    parens = 0;
    atomic = 0;
    previousWord = '';
  };

  let at = 0;
  while (at < sql.length) {
    const token = tokenAt(sql, at);
    const char = sql[at] ?? '';
    if (sql.startsWith(BREAKPOINT, at)) finish(at);
    else if (char === ';' && parens === 0 && atomic === 0) finish(at);
    else if (!token.comment && !/\s/.test(char)) {
      if (start === -1) start = at;
      if (char === '(') parens += 1;
      else if (char === ')') parens = Math.max(0, parens - 1);
      else if (token.word) {
        if (token.word === 'atomic' && previousWord === 'begin') atomic = 1;
        else if (atomic > 0 && token.word === 'case') atomic += 1;
        else if (atomic > 0 && token.word === 'end') atomic -= 1;
        previousWord = token.word;
      }
    }
    at = token.end;
  }
  finish(sql.length);
  return statements;
};

/** A token that is never closed, so that it swallows the rest of the file. */
export interface Unclosed {
  readonly what: 'comment' | 'string' | 'quoted name' | 'dollar quote';
  /** 1-based. */
  readonly line: number;
}

const unclosedKind = (sql: string, at: number): Unclosed['what'] => {
  if (sql.startsWith('/*', at)) return 'comment';
  if (sql[at] === '"') return 'quoted name';
  return sql[at] === '$' ? 'dollar quote' : 'string';
};

/** The token of a text that is never closed, or undefined. */
export const unclosedToken = (sql: string): Unclosed | undefined => {
  let at = 0;
  while (at < sql.length) {
    const { end } = tokenAt(sql, at);
    if (end === UNCLOSED) return { what: unclosedKind(sql, at), line: lineAtOffset(sql, at) };
    at = end;
  }
  return undefined;
};

/** The 1-based line of an offset. */
export const lineAtOffset = (sql: string, offset: number): number => {
  let line = 1;
  for (let i = 0; i < offset && i < sql.length; i += 1) if (sql[i] === '\n') line += 1;
  return line;
};
