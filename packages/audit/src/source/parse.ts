import { parseSync } from 'oxc-parser';
import { isObject } from '../model/entity.ts';
import type { Location } from '../model/model.ts';

/** A node of the syntax tree, as ESTree names its types. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  /** The values of top-level variables and functions, by name. */
  readonly declarations: ReadonlyMap<string, Node>;
  /** Module specifiers that the file imports or re-exports from. */
  readonly imports: readonly string[];
  /** Those of them that it re-exports, as its own exports. */
  readonly reexports: readonly string[];
  readonly lineStarts: readonly number[];
}

export const isNode = (value: unknown): value is Node =>
  isObject(value) && typeof value.type === 'string' && typeof value.start === 'number';

/** Calls a function for a node and all nodes below; false skips the nodes below. */
export const walk = (
  node: Node,
  visit: (node: Node, parents: readonly Node[]) => unknown,
): void => {
  const parents: Node[] = [];
  const step = (current: Node): void => {
    if (visit(current, parents) === false) return;
    parents.push(current);
    for (const key of Object.keys(current)) {
      const value = current[key];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) step(item);
      } else if (isNode(value)) step(value);
    }
    parents.pop();
  };
  step(node);
};

export const nodeAt = (node: Node | undefined, field: string): Node | undefined => {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
};

export const nodesAt = (node: Node | undefined, field: string): Node[] => {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

/** `name` of an identifier, the value of a string literal. */
export const nameOf = (node: Node | undefined): string | undefined => {
  if (node?.type === 'Identifier' && typeof node.name === 'string') return node.name;
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
};

/** Strips `as`, `satisfies`, `!` and parentheses from an expression. */
export const bare = (node: Node | undefined): Node | undefined => {
  let current = node;
  while (
    current &&
    /^(TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|ParenthesizedExpression|TSTypeAssertion|AwaitExpression)$/.test(
      current.type,
    )
  )
    current = nodeAt(current, 'expression') ?? nodeAt(current, 'argument');
  return current;
};

/** The name of a called function: `pgTable`, and `table` of `auth.table`. */
export const calleeOf = (node: Node | undefined): string | undefined => {
  if (node?.type !== 'CallExpression') return undefined;
  const callee = bare(nodeAt(node, 'callee'));
  if (callee?.type === 'MemberExpression') return nameOf(nodeAt(callee, 'property'));
  return nameOf(callee);
};

/** The calls of a chain, outermost last: `jsonb`, `$type`, `notNull` of `jsonb().$type().notNull()`. */
export const chainOf = (
  node: Node | undefined,
): { readonly name: string; readonly call: Node }[] => {
  const links: { name: string; call: Node }[] = [];
  let current = bare(node);
  while (current?.type === 'CallExpression') {
    const name = calleeOf(current);
    if (name === undefined) break;
    links.unshift({ name, call: current });
    const callee = bare(nodeAt(current, 'callee'));
    current = callee?.type === 'MemberExpression' ? bare(nodeAt(callee, 'object')) : undefined;
  }
  return links;
};

const declarationsOf = (program: Node): Map<string, Node> => {
  const found = new Map<string, Node>();
  for (const statement of nodesAt(program, 'body')) {
    const declared = nodeAt(statement, 'declaration') ?? statement;
    if (declared.type === 'VariableDeclaration')
      for (const declarator of nodesAt(declared, 'declarations')) {
        const name = nameOf(nodeAt(declarator, 'id'));
        if (name !== undefined) found.set(name, declarator);
      }
    else if (declared.type === 'FunctionDeclaration') {
      const name = nameOf(nodeAt(declared, 'id'));
      if (name !== undefined) found.set(name, declared);
    }
  }
  return found;
};

const importsOf = (program: Node, kinds: RegExp): string[] =>
  nodesAt(program, 'body').flatMap((statement) => {
    if (!kinds.test(statement.type)) return [];
    const name = nameOf(nodeAt(statement, 'source'));
    return name === undefined ? [] : [name];
  });

/** The module from which a file imports a name. */
export const importedFrom = (file: SourceFile, name: string): string | undefined => {
  for (const statement of nodesAt(file.program, 'body'))
    if (
      statement.type === 'ImportDeclaration' &&
      nodesAt(statement, 'specifiers').some((part) => nameOf(nodeAt(part, 'local')) === name)
    )
      return nameOf(nodeAt(statement, 'source'));
  return undefined;
};

/** Parses a source file. A file that does not parse has no declarations. */
export const parseSource = (path: string, text: string): SourceFile => {
  const parsed: unknown = parseSync(path, text).program;
  const program: Node = isNode(parsed) ? parsed : { type: 'Program', start: 0, end: 0, body: [] };
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return {
    path,
    text,
    program,
    declarations: declarationsOf(program),
    imports: importsOf(program, /^(Import|ExportAll|ExportNamed)Declaration$/),
    reexports: importsOf(program, /^Export(All|Named)Declaration$/),
    lineStarts,
  };
};

/** The place of an offset in a file. */
export const placeOf = (file: SourceFile, offset: number): Location => {
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: file.path, line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 };
};

export const textOf = (file: SourceFile, node: Node): string =>
  file.text.slice(node.start, node.end);
