import { loadModule, type Node, parsePlPgSQLSync, parseSync } from 'libpg-query';
import { messageOf } from '../errors.ts';
import { lineAtOffset, type Statement, splitStatements } from '../sql/split.ts';
import { isNode, isRecord, strings, walk } from './ast.ts';

/** One action of a file, at the top or inside a block, a CTE or a called function. */
export interface Action {
  readonly node: Node;
  readonly text: string;
  readonly line: number;
  /** 1-based number of the statement of the file it belongs to. */
  readonly statement: number;
  /** `stored`: in a function's body, which this file defines and does not call. */
  readonly within: 'file' | 'block' | 'stored';
  /** True in a DO block that commits. */
  readonly commits: boolean;
}

/** A statement, or a part of one, that could not be read. */
export interface Unread {
  readonly line: number;
  readonly statement: number;
  readonly reason: 'syntax' | 'dynamic';
  readonly detail: string;
  readonly text: string;
}

export interface ReadFile {
  readonly actions: readonly Action[];
  readonly unread: readonly Unread[];
  /** DO statements whose blocks commit. */
  readonly commitsAt: readonly { readonly line: number; readonly statement: number }[];
  /** The line on which each statement of the file starts. */
  readonly starts: readonly number[];
}

/** Loads the parser. Call it once before `readStatements`. */
export const loadParser = (): Promise<void> => loadModule();

/** The syntax trees of a text, or the parser's error. */
export const parseNodes = (sql: string): Node[] | string => {
  try {
    const tree: unknown = parseSync(sql);
    if (!isRecord(tree) || !Array.isArray(tree.stmts)) return [];
    return tree.stmts.flatMap((entry: unknown) =>
      isRecord(entry) && isNode(entry.stmt) ? [entry.stmt] : [],
    );
  } catch (error) {
    return messageOf(error);
  }
};

const PLACEHOLDER = 'dynamic_name';
/** Statements that store an expression and do not run it. */
const DEFERRED = new Set([
  'CreateFunctionStmt',
  'ViewStmt',
  'RuleStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'CreateStmt',
]);
const DATA_CHANGING = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * The SQL text that a dynamic EXECUTE most likely runs, from the constants in its expression: a
 * literal, a `format()` or a concatenation; computed parts are replaced by a name.
 */
const dynamicText = (expression: Node): string | undefined => {
  if ('A_Const' in expression) return expression.A_Const.sval?.sval;
  if ('TypeCast' in expression && expression.TypeCast.arg)
    return dynamicText(expression.TypeCast.arg);
  if ('FuncCall' in expression && strings(expression.FuncCall.funcname).at(-1) === 'format') {
    const [pattern] = expression.FuncCall.args ?? [];
    const text = pattern && dynamicText(pattern);
    return text
      ?.replace(/%(?:\d+\$)?L/g, "'value'")
      .replace(/%(?:\d+\$)?[Is]/g, PLACEHOLDER)
      .replaceAll('%%', '%');
  }
  if ('A_Expr' in expression && strings(expression.A_Expr.name).at(-1) === '||') {
    const { lexpr, rexpr } = expression.A_Expr;
    const left = (lexpr && dynamicText(lexpr)) ?? PLACEHOLDER;
    const right = (rexpr && dynamicText(rexpr)) ?? PLACEHOLDER;
    return left + right;
  }
  return undefined;
};

interface Body {
  readonly text: string;
  readonly line: number;
  readonly language: string;
}

const defElements = (nodes: readonly Node[] | undefined) =>
  (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));

const argumentText = (node: Node | undefined): string | undefined => {
  if (!node) return undefined;
  if ('String' in node) return node.String.sval;
  if ('List' in node) return strings(node.List.items).at(-1);
  return undefined;
};

/** The body of a DO block or of a function, and its language. */
const bodyOf = (node: Node, text: string, line: number): Body | undefined => {
  const elements =
    'DoStmt' in node
      ? defElements(node.DoStmt.args)
      : 'CreateFunctionStmt' in node
        ? defElements(node.CreateFunctionStmt.options)
        : undefined;
  const element = elements?.find(({ defname }) => defname === 'as');
  const body = argumentText(element?.arg);
  if (body === undefined) return undefined;
  const language = argumentText(elements?.find(({ defname }) => defname === 'language')?.arg);
  const offset = Math.max(0, text.indexOf(body));
  return {
    text: body,
    line: line + lineAtOffset(text, offset) - 1,
    language: (language ?? 'plpgsql').toLowerCase(),
  };
};

interface Part {
  readonly query: string;
  readonly line: number;
  readonly dynamic: boolean;
}

/** The SQL of a PL/pgSQL body, statement by statement; undefined when it cannot be parsed. */
const plpgsqlParts = (text: string): Part[] | undefined => {
  let tree: unknown;
  try {
    tree = parsePlPgSQLSync(text);
  } catch {
    return undefined;
  }
  const parts: Part[] = [];
  const queryOf = (value: unknown): string | undefined => {
    if (!isRecord(value) || !isRecord(value.PLpgSQL_expr)) return undefined;
    const { query } = value.PLpgSQL_expr;
    return typeof query === 'string' ? query : undefined;
  };
  walk(tree, ({ tag, value }) => {
    if (!tag.startsWith('PLpgSQL_stmt_')) return undefined;
    const line = typeof value.lineno === 'number' ? value.lineno : 1;
    const dynamic = tag === 'PLpgSQL_stmt_dynexecute' || tag === 'PLpgSQL_stmt_dynfors';
    const source =
      tag === 'PLpgSQL_stmt_execsql' ? value.sqlstmt : dynamic ? value.query : undefined;
    const called =
      tag === 'PLpgSQL_stmt_perform' || tag === 'PLpgSQL_stmt_call' ? value.expr : undefined;
    const looped =
      tag === 'PLpgSQL_stmt_fors' || tag === 'PLpgSQL_stmt_return_query' ? value.query : undefined;
    const query = queryOf(source ?? called ?? looped);
    if (query !== undefined) parts.push({ query, line, dynamic });
    return undefined;
  });
  return parts;
};

/** True if a DO statement's block commits. */
const commitsIn = (text: string): boolean => {
  try {
    let found = false;
    walk(parsePlPgSQLSync(text), ({ tag }) => {
      found ||= tag === 'PLpgSQL_stmt_commit' || tag === 'PLpgSQL_stmt_rollback';
      return !found;
    });
    return found;
  } catch {
    return false;
  }
};

/** Reads a file's actions. Await `loadParser` first. */
export const readStatements = (sql: string): ReadFile => {
  const actions: Action[] = [];
  const unread: Unread[] = [];
  const commitsAt: { line: number; statement: number }[] = [];
  const stored = new Map<string, { readonly parts: () => void }>();
  let within: Action['within'] = 'file';
  let commits = false;

  const readText = (text: string, line: number, statement: number): void => {
    const nodes = parseNodes(text);
    if (typeof nodes === 'string') {
      unread.push({ line, statement, reason: 'syntax', detail: nodes, text });
      return;
    }
    for (const node of nodes) readNode(node, text, line, statement);
  };

  const readDynamic = (query: string, line: number, statement: number): void => {
    const nodes = parseNodes(`select ${query}`);
    const [select] = typeof nodes === 'string' ? [] : nodes;
    const target = select && 'SelectStmt' in select ? select.SelectStmt.targetList?.[0] : undefined;
    const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
    const text = value && dynamicText(value);
    const parsed = text === undefined ? 'computed' : parseNodes(text);
    if (text === undefined || typeof parsed === 'string') {
      unread.push({ line, statement, reason: 'dynamic', detail: query, text: text ?? query });
      return;
    }
    for (const node of parsed) readNode(node, text, line, statement);
  };

  const readBody = (node: Node, body: Body, text: string, statement: number): void => {
    if (body.language === 'plpgsql') {
      const parts = plpgsqlParts(text);
      if (!parts) {
        unread.push({
          line: body.line,
          statement,
          reason: 'syntax',
          detail: 'PL/pgSQL that does not parse',
          text: body.text,
        });
        return;
      }
      for (const part of parts) {
        const line = body.line + part.line - 1;
        if (part.dynamic) readDynamic(part.query, line, statement);
        else readText(part.query, line, statement);
      }
    } else if (body.language === 'sql') {
      for (const inner of splitStatements(body.text))
        readText(inner.text, body.line + inner.line - 1, statement);
    } else if ('DoStmt' in node)
      unread.push({
        line: body.line,
        statement,
        reason: 'dynamic',
        detail: `a block in ${body.language}`,
        text: body.text,
      });
  };

  const inside = (kind: Action['within'], work: () => void): void => {
    const before = within;
    within = kind;
    work();
    within = before;
  };

  /** Adds the actions of a function that this file defines and calls, once. */
  const runStored = (name: string): void => {
    const known = stored.get(name);
    if (!known || within === 'stored') return;
    stored.delete(name);
    inside('block', known.parts);
  };

  const readNode = (node: Node, text: string, line: number, statement: number): void => {
    const body = bodyOf(node, text, line);
    if (body && 'DoStmt' in node) {
      commits = body.language === 'plpgsql' && commitsIn(text);
      if (commits) commitsAt.push({ line, statement });
      inside(within === 'stored' ? 'stored' : 'block', () => readBody(node, body, text, statement));
      commits = false;
      return;
    }
    actions.push({ node, text, line, statement, within, commits });
    if (body && 'CreateFunctionStmt' in node) {
      const name = strings(node.CreateFunctionStmt.funcname).at(-1) ?? '';
      stored.set(name, { parts: () => readBody(node, body, text, statement) });
    }
    if ('CallStmt' in node) runStored(strings(node.CallStmt.funccall?.funcname).at(-1) ?? '');
    let top = true;
    walk(node, ({ tag, value }) => {
      if (DATA_CHANGING.has(tag) && !top) {
        const inner = { [tag]: value };
        if (isNode(inner)) actions.push({ node: inner, text, line, statement, within, commits });
      }
      if (tag === 'FuncCall' && Array.isArray(value.funcname)) {
        if (!DEFERRED.has(Object.keys(node)[0] ?? ''))
          runStored(strings(value.funcname.filter(isNode)).at(-1) ?? '');
      }
      top = false;
      return !DEFERRED.has(tag);
    });
  };

  const statements: Statement[] = splitStatements(sql);
  for (const [index, statement] of statements.entries())
    readText(statement.text, statement.line, index + 1);
  for (const { parts } of stored.values()) inside('stored', parts);
  return { actions, unread, commitsAt, starts: statements.map(({ line }) => line) };
};
