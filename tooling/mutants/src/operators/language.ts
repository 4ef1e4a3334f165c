import type { Change } from '../mutant.ts';
import { type Node, nodeAt } from '../syntax.ts';

/** The replacements of each operator of the language. */
const swapped: Readonly<Record<string, { operator: string; text: string }>> = {
  '<': { operator: 'boundary', text: '<=' },
  '<=': { operator: 'boundary', text: '<' },
  '>': { operator: 'boundary', text: '>=' },
  '>=': { operator: 'boundary', text: '>' },
  '===': { operator: 'comparison', text: '!==' },
  '!==': { operator: 'comparison', text: '===' },
  '&&': { operator: 'and/or', text: '||' },
  '||': { operator: 'and/or', text: '&&' },
};

/** Conditions, comparisons, boundaries and `&&`/`||` of the language itself. */
export function languageChanges(node: Node, text: string): Change[] {
  if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') {
    return [...swapOperator(node, text), ...stepAside(node)];
  }
  if (node.type === 'IfStatement') {
    const test = nodeAt(node, 'test');
    return test ? [{ operator: 'condition', start: test.start, end: test.end, text: 'false' }] : [];
  }
  if (node.type === 'ConditionalExpression') {
    const test = nodeAt(node, 'test');
    if (!test) return [];
    const negated = `!(${text.slice(test.start, test.end)})`;
    return [{ operator: 'condition', start: test.start, end: test.end, text: negated }];
  }
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    return [{ operator: 'condition', start: node.start, end: node.start + 1, text: '!!' }];
  }
  return [];
}

function swapOperator(node: Node, text: string): Change[] {
  const left = nodeAt(node, 'left');
  const right = nodeAt(node, 'right');
  const to = swapped[String(node.operator)];
  if (!left || !right || !to) return [];
  const at = text.indexOf(String(node.operator), left.end);
  if (at < 0 || at >= right.start) return [];
  const end = at + String(node.operator).length;
  return [{ operator: to.operator, start: at, end, text: to.text }];
}

/** `limit + 1` without its one: the row that tells whether there is a next page. */
function stepAside(node: Node): Change[] {
  const left = nodeAt(node, 'left');
  const right = nodeAt(node, 'right');
  const isStep = node.operator === '+' || node.operator === '-';
  if (!isStep || !left || right?.type !== 'Literal' || right.value !== 1) return [];
  return [{ operator: 'boundary', start: left.end, end: right.end, text: '' }];
}
