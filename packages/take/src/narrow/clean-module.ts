import { declaredBy, nameIn, nodesOf, type SyntaxNode, statementsIn, visit } from './syntax.ts';

/**
 * A module without the imports, declarations and parameters that only its removed parts used; those
 * that were unused before stay.
 */
export function cleanModule(path: string, before: string, after: string): string {
  const used = namesUsed(statementsIn(path, before));
  let text = after;
  for (let previous = ''; previous !== text; ) {
    previous = text;
    const statements = statementsIn(path, text);
    const now = namesUsed(statements);
    const isUnused = (name: string) => used.has(name) && !now.has(name);
    const ranges = statements.flatMap((statement) => unusedIn(statement, isUnused));
    for (const range of ranges.toSorted((a, b) => b.start - a.start))
      text = withoutNode(text, range);
  }
  return tidyImports(path, text)
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n\n([ \t]*[}\])])/g, '\n$1')
    .replace(/([{[(]\n)\n+/g, '$1')
    .trim()
    .concat('\n');
}

/** A text without a statement, or without an entry of a list and its comma. */
export function withoutNode(text: string, { start, end, type }: SyntaxNode): string {
  if (/Statement|Declaration$/.test(type)) return withoutRange(text, start, end);
  const after = /^\s*,/.exec(text.slice(end))?.[0].length;
  const before = after === undefined ? (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0;
  return withoutRange(text, start - before, end + (after ?? 0));
}

/** A text without a part, and without its line if that is empty then. */
function withoutRange(text: string, start: number, end: number): string {
  const before = text.slice(0, start).replace(/[ \t]*$/, '');
  const after = text.slice(end).replace(/^[ \t]*/, '');
  const isAlone = (before === '' || before.endsWith('\n')) && after.startsWith('\n');
  return isAlone ? before + after.slice(1) : text.slice(0, start) + text.slice(end);
}

/** Puts lists of imported names on one line if they fit. */
function tidyImports(path: string, text: string): string {
  return statementsIn(path, text)
    .filter(({ source }) => nodesOf(source).length > 0)
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => {
      const line = rest.slice(start, end).replace(/\{([\s\S]*)\}/, (_, list: string) => {
        const names = list.split(',').map((name) => name.trim());
        return `{ ${names.filter((name) => name !== '').join(', ')} }`;
      });
      const wrapped = line.length > 100 ? line.replace(/\{ (.*) \}/, wrap) : line;
      return rest.slice(0, start) + wrapped + rest.slice(end);
    }, text);
}

const wrap = (_: string, names: string): string =>
  `{\n${names
    .split(', ')
    .map((name) => `  ${name},\n`)
    .join('')}}`;

/** Referenced names, without their own declarations. */
function namesUsed(statements: readonly SyntaxNode[]): Set<string> {
  const used = new Set<string>();
  for (const statement of statements) {
    if (statement.type === 'ImportDeclaration') continue;
    const own = new Set(declaredBy(statement));
    const pattern = new Set<SyntaxNode>();
    visit(statement, (node) => {
      if (/^(VariableDeclarator|FunctionDeclaration)$/.test(node.type))
        for (const id of nodesOf(node.id)) pattern.add(id);
      if (node.type === 'AssignmentExpression' && node.operator === '=')
        for (const target of nodesOf(node.left)) pattern.add(target);
      if (node.type === 'ObjectPattern')
        for (const property of nodesOf(node.properties))
          for (const value of nodesOf(property.value)) pattern.add(value);
      if (node.type !== 'Identifier' || pattern.has(node)) return;
      if (!own.has(nameIn(node)) || statement.type.startsWith('Export')) used.add(nameIn(node));
    });
  }
  return used;
}

function unusedIn(statement: SyntaxNode, isUnused: (name: string) => boolean): SyntaxNode[] {
  if (statement.type === 'ImportDeclaration') {
    const entries = nodesOf(statement.specifiers);
    const unused = entries.filter(({ local }) => isUnused(nameIn(local)));
    return unused.length > 0 && unused.length === entries.length ? [statement] : unused;
  }
  const names = declaredBy(statement);
  if (!statement.type.startsWith('Export') && names.length > 0 && names.every(isUnused))
    return [statement];
  const unused: SyntaxNode[] = [];
  visit(statement, (node, above) => {
    const isInside = above.some(({ type }) => /^(BlockStatement|FunctionBody)$/.test(type));
    const names = isInside ? declaredBy(node) : [];
    if (/^(Variable|Function)Declaration$/.test(node.type) && names.length > 0)
      if (names.every(isUnused)) unused.push(node);
    const [assignment] = node.type === 'ExpressionStatement' ? nodesOf(node.expression) : [];
    if (assignment?.type === 'AssignmentExpression' && isUnused(nameIn(assignment.left)))
      unused.push(node);
    if (node.type !== 'ArrowFunctionExpression') return;
    const inBody = new Set<string>();
    for (const body of nodesOf(node.body))
      visit(body, (inner) => {
        if (inner.type === 'Identifier') inBody.add(nameIn(inner));
      });
    for (const parameter of nodesOf(node.params))
      if (parameter.type === 'ObjectPattern')
        unused.push(
          ...nodesOf(parameter.properties).filter(
            ({ value, type }) => type === 'Property' && !inBody.has(nameIn(value)),
          ),
        );
  });
  return unused;
}
