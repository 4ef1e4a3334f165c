import { parseSync } from 'oxc-parser';
import { TakeError } from '../errors.ts';

/** A node of a syntax tree, as far as pruning reads it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'type') === 'string' &&
  typeof Reflect.get(value, 'start') === 'number';

/** The statements of a module. */
export function statementsIn(path: string, text: string): SyntaxNode[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new TakeError(`${path} does not parse: ${errors[0]?.message}`, 1);
  return nodesOf(program.body);
}

export const nodesOf = (value: unknown): SyntaxNode[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];

/** Fields whose identifiers name a property, and no variable. */
const labels: Readonly<Record<string, string>> = {
  MemberExpression: 'property',
  StaticMemberExpression: 'property',
  Property: 'key',
  PropertyDefinition: 'key',
  MethodDefinition: 'key',
  TSPropertySignature: 'key',
  TSQualifiedName: 'right',
};

/** Visits a node and all below it, each with the nodes above it, the nearest last. */
export function visit(
  node: SyntaxNode,
  each: (node: SyntaxNode, above: readonly SyntaxNode[]) => void,
  above: readonly SyntaxNode[] = [],
): void {
  each(node, above);
  const label = node.computed === true ? undefined : labels[node.type];
  for (const [field, value] of Object.entries(node)) {
    if (field === label) continue;
    for (const child of nodesOf(value)) visit(child, each, [...above, node]);
  }
}

export const nameIn = (node: unknown): string => {
  const name: unknown = Reflect.get(Object(node), 'name');
  return typeof name === 'string' ? name : String(Reflect.get(Object(node), 'value') ?? '');
};

/** The declaration of a statement, also of one that is exported. */
const declarationOf = (statement: SyntaxNode): SyntaxNode =>
  (/^Export(Named|Default)Declaration$/.test(statement.type)
    ? nodesOf(statement.declaration)[0]
    : undefined) ?? statement;

/** The names that a statement at the top of a module declares. */
export function declaredBy(statement: SyntaxNode): string[] {
  const declaration = declarationOf(statement);
  if (declaration.type !== 'VariableDeclaration') {
    const name = nameIn(declaration.id);
    return name === '' ? [] : [name];
  }
  const names: string[] = [];
  for (const { id } of nodesOf(declaration.declarations))
    for (const pattern of nodesOf(id))
      visit(pattern, (node) => {
        if (node.type === 'Identifier') names.push(nameIn(node));
      });
  return names;
}
