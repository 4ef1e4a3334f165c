import { cleanModule, withoutNode } from './clean-module.ts';
import { declaredBy, nameIn, nodesOf, type SyntaxNode, statementsIn, visit } from './syntax.ts';

/**
 * The part of a module that is removed with a name that it uses: an entry of a list, a test, or a
 * statement.
 */
export type Grain = 'entry' | 'test' | 'statement';

export interface Absence {
  /** True if a module's import is absent; `*` for the whole module. */
  imports(specifier: string, name: string): boolean;
  /** True if a text names an absent table in SQL. */
  inSql(text: string): boolean;
}

export interface Pruned {
  readonly text: string;
  /** Names that the module exported before. */
  readonly gone: readonly string[];
}

/**
 * A module without the imports, list entries, tests and statements that use absent names.
 * @returns undefined if nothing useful is left, or a statement that every test needs would be
 *   removed
 */
export function pruneModule(
  path: string,
  text: string,
  grain: Grain,
  absence: Absence,
): Pruned | undefined {
  const statements = statementsIn(path, text);
  const absent = new Set<string>();
  const wholes = wholeImports(statements);
  const isAbsent = (node: SyntaxNode): boolean => {
    if (node.type === 'Identifier') return absent.has(nameIn(node));
    const specifier = wholes.get(nameIn(node.object ?? node.left));
    return (
      specifier !== undefined && absence.imports(specifier, nameIn(node.property ?? node.right))
    );
  };
  const cuts = new Map<number, SyntaxNode>();
  const gone: string[] = [];
  for (const statement of statements) cutImports(statement, absence, { absent, cuts, gone });
  let broken = false;
  for (let before = -1; before < cuts.size; ) {
    before = cuts.size;
    for (const statement of statements) {
      if (isLink(statement) || cuts.has(statement.start)) continue;
      for (const cut of cutsIn(statement, grain, isAbsent, absence)) {
        cuts.set(cut.start, cut);
        if (cut !== statement) continue;
        const names = declaredBy(statement);
        for (const name of names) absent.add(name);
        if (statement.type.startsWith('Export')) gone.push(...names);
        else if (names.length === 0 && !isTest(statement)) broken = true;
      }
    }
  }
  if (broken) return undefined;
  if (cuts.size === 0) return { text, gone };
  const rest = cut(text, [...cuts.values()]);
  const left = cleanModule(path, text, grain === 'test' ? withoutEmptyGroups(path, rest) : rest);
  return isOfUse(path, left, grain) ? { text: left, gone } : undefined;
}

const isLink = ({ type, source }: SyntaxNode): boolean =>
  type === 'ImportDeclaration' || nodesOf(source).length > 0;

/** Modules that are imported as a whole, by the name that they have here. */
function wholeImports(statements: readonly SyntaxNode[]): Map<string, string> {
  const wholes = new Map<string, string>();
  for (const { type, specifiers, source } of statements)
    for (const entry of type === 'ImportDeclaration' ? nodesOf(specifiers) : [])
      if (entry.type === 'ImportNamespaceSpecifier')
        wholes.set(nameIn(entry.local), nameIn(source));
  return wholes;
}

interface Cutting {
  readonly absent: Set<string>;
  readonly cuts: Map<number, SyntaxNode>;
  readonly gone: string[];
}

/** The absent names among a statement's imports or re-exports. */
function cutImports(
  statement: SyntaxNode,
  absence: Absence,
  { absent, cuts, gone }: Cutting,
): void {
  if (!isLink(statement)) return;
  const specifier = nameIn(statement.source);
  const entries = nodesOf(statement.specifiers);
  const cutEntries = entries.filter((entry) => {
    const isWhole = entry.type === 'ImportNamespaceSpecifier';
    const name = isWhole ? '*' : nameIn(entry.imported ?? entry.local);
    return absence.imports(specifier, name);
  });
  for (const entry of cutEntries) {
    if (statement.type === 'ImportDeclaration') absent.add(nameIn(entry.local));
    else gone.push(nameIn(entry.exported));
  }
  const isStar = statement.type === 'ExportAllDeclaration';
  const isAll = isStar
    ? absence.imports(specifier, '*')
    : entries.length > 0 && cutEntries.length === entries.length;
  for (const node of isAll ? [statement] : cutEntries) cuts.set(node.start, node);
}

/** The parts of a statement to remove, because they use an absent name. */
function cutsIn(
  statement: SyntaxNode,
  grain: Grain,
  isAbsent: (node: SyntaxNode) => boolean,
  absence: Absence,
): SyntaxNode[] {
  const found = new Set<SyntaxNode>();
  let list: SyntaxNode | undefined;
  visit(statement, (node, above) => {
    if (grain === 'entry' && isList(node)) list ??= node;
    const tells = node.type === 'TemplateElement' || node.type === 'Literal';
    const raw: unknown = Reflect.get(Object(node.value), 'raw') ?? node.value;
    if (!isAbsent(node) && !(tells && typeof raw === 'string' && absence.inSql(raw))) return;
    found.add(partOf([...above, node], grain) ?? statement);
  });
  const entries = nodesOf(list?.elements ?? list?.properties);
  const isEmptied = entries.length > 0 && entries.every((entry) => found.has(entry));
  return found.has(statement) || isEmptied ? [statement] : [...found];
}

const isList = ({ type }: SyntaxNode): boolean =>
  type === 'ArrayExpression' || type === 'ObjectExpression';

/** The part that is removed with a node: the outermost entry of a list, or the innermost test. */
function partOf(path: readonly SyntaxNode[], grain: Grain): SyntaxNode | undefined {
  if (grain === 'statement') return undefined;
  if (grain === 'test')
    return (
      path.findLast((node) => isTest(node, /^(test|it)$/)) ??
      path.findLast((node) => isTest(node, /^describe$/))
    );
  const list = path.findIndex(isList);
  return list < 0 ? undefined : path[list + 1];
}

/** True for `test(…)`, `it.skipIf(…)(…)` and the like. */
function isTest(node: SyntaxNode, names = /^(test|it|describe)$/): boolean {
  if (node.type !== 'ExpressionStatement') return false;
  let [callee] = nodesOf(node.expression);
  for (let depth = 0; callee && callee.type !== 'Identifier' && depth < 8; depth += 1)
    [callee] = nodesOf(callee.callee ?? callee.object ?? callee.tag);
  return callee?.type === 'Identifier' && names.test(nameIn(callee));
}

/**
 * Removes parts: an entry with its comma, a statement with the comment above it, without leaving a
 * blank line.
 */
function cut(text: string, parts: readonly SyntaxNode[]): string {
  const outer = parts.filter(
    (part) => !parts.some((one) => one !== part && one.start <= part.start && part.end <= one.end),
  );
  return outer
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, part) => {
      const isStatement = /Statement|Declaration$/.test(part.type);
      const start = isStatement ? withComment(rest, part.start) : part.start;
      return withoutNode(rest, { ...part, start });
    }, text);
}

function withComment(text: string, start: number): number {
  const before = text.slice(0, start);
  const comment = /(?:^|\n)((?:[ \t]*(?:\/\/|\/\*\*|\*)[^\n]*\n)+[ \t]*)$/.exec(before)?.[1];
  return start - (comment?.length ?? 0);
}

/** Removes groups without tests. */
function withoutEmptyGroups(path: string, text: string): string {
  const hasTest = (statement: SyntaxNode) => {
    let found = false;
    visit(statement, (node) => {
      found ||= isTest(node, /^(test|it)$/);
    });
    return found;
  };
  const empty: SyntaxNode[] = [];
  for (const statement of statementsIn(path, text))
    visit(statement, (node) => {
      if (isTest(node, /^describe$/) && !hasTest(node)) empty.push(node);
    });
  return cut(text, empty);
}

/** True if a module still declares or re-exports a name, or, as a test, has a test. */
function isOfUse(path: string, text: string, grain: Grain): boolean {
  const statements = statementsIn(path, text).filter(({ type }) => type !== 'ImportDeclaration');
  if (grain !== 'test') return statements.length > 0;
  return statements.some((statement) => isTest(statement));
}
