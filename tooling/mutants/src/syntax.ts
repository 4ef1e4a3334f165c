import { parseSync } from 'oxc-parser';

/** A node of the syntax tree, as ESTree names its types. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

export const nodeAt = (node: Node | undefined, field: string): Node | undefined => {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
};

export const nodesAt = (node: Node | undefined, field: string): Node[] => {
  const value = node?.[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

/** @throws Error for a file that does not parse */
export function parse(path: string, text: string): Node {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  if (!isNode(program)) throw new Error(`${path} gave no syntax tree.`);
  return program;
}

/** Calls a function for a node and all below it, with those above it; types are left out. */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => void,
  above: readonly Node[] = [],
): void {
  if (node.type.startsWith('TS') && !transparent.has(node.type)) return;
  visit(node, above);
  const path = [...above, node];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, path);
    } else if (isNode(value)) walk(value, visit, path);
  }
}

/** TypeScript's wrappers around an expression that runs. */
const transparent = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
export const isFunction = (node: Node): boolean => functionTypes.has(node.type);

/** The name that is called: `eq` of `eq(a, b)`, `for` of `query.for('update')`. */
export function calledName(node: Node): { name: string; isMethod: boolean } | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = nodeAt(node, 'callee');
  if (callee?.type === 'Identifier') return { name: String(callee.name), isMethod: false };
  const property = callee?.type === 'MemberExpression' ? nodeAt(callee, 'property') : undefined;
  if (property?.type === 'Identifier') return { name: String(property.name), isMethod: true };
  return undefined;
}
