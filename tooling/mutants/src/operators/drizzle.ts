import type { Change } from '../mutant.ts';
import { calledName, type Node, nodeAt, nodesAt } from '../syntax.ts';

/** Drizzle's functions for conditions and order, and what each is changed to. */
const swapped: Readonly<Record<string, { operator: string; text: string }>> = {
  eq: { operator: 'comparison', text: 'ne' },
  ne: { operator: 'comparison', text: 'eq' },
  lt: { operator: 'boundary', text: 'lte' },
  lte: { operator: 'boundary', text: 'lt' },
  gt: { operator: 'boundary', text: 'gte' },
  gte: { operator: 'boundary', text: 'gt' },
  isNull: { operator: 'condition', text: 'isNotNull' },
  isNotNull: { operator: 'condition', text: 'isNull' },
  exists: { operator: 'condition', text: 'notExists' },
  notExists: { operator: 'condition', text: 'exists' },
  asc: { operator: 'order', text: 'desc' },
  desc: { operator: 'order', text: 'asc' },
};

/** Chained clauses whose loss is a fault of its own. */
const removable: Readonly<Record<string, string>> = {
  for: 'lock',
  where: 'condition',
  orderBy: 'order',
  onConflictDoNothing: 'conflict',
};

/** The file's imports from drizzle-orm by these names; only those are its functions. */
export function drizzleImports(program: Node): ReadonlySet<string> {
  const names = nodesAt(program, 'body')
    .filter((node) => node.type === 'ImportDeclaration')
    .filter((node) => String(nodeAt(node, 'source')?.value).startsWith('drizzle-orm'))
    .flatMap((node) => nodesAt(node, 'specifiers'))
    .map((specifier) => String(nodeAt(specifier, 'local')?.name));
  return new Set(names);
}

/**
 * Conditions, locks and order of a statement built with Drizzle. A function that the file does not
 * import yet is reached as `__drizzle.name`; `importsDrizzle` of the edit says so.
 */
export function drizzleChanges(node: Node, text: string, imported: ReadonlySet<string>): Change[] {
  const called = calledName(node);
  const callee = nodeAt(node, 'callee');
  if (!called || !callee) return [];
  if (called.isMethod) return clauseChanges(node, called.name);
  if (!imported.has(called.name)) return [];
  const to = Object.hasOwn(swapped, called.name) ? swapped[called.name] : undefined;
  if (to) {
    const name = imported.has(to.text) ? to.text : `${namespace}.${to.text}`;
    return [{ operator: to.operator, start: callee.start, end: callee.end, text: name }];
  }
  if (called.name === 'and' || called.name === 'or') return termChanges(node, called.name, text);
  return [];
}

/** The name under which a changed file sees all of drizzle-orm. */
export const namespace = '__drizzle';

/** `and(a, b, c)` without each of its terms in turn. */
function termChanges(node: Node, name: string, text: string): Change[] {
  const terms = nodesAt(node, 'arguments');
  if (terms.length < 2) return [];
  return terms.map((_term, index) => {
    const others = terms.filter((_, at) => at !== index);
    const kept = others.map(({ start, end }) => text.slice(start, end)).join(', ');
    const changed = `${name}(${kept})`;
    return { operator: 'and/or', start: node.start, end: node.end, text: changed };
  });
}

function clauseChanges(node: Node, name: string): Change[] {
  const operator = Object.hasOwn(removable, name) ? removable[name] : undefined;
  const callee = nodeAt(node, 'callee');
  const object = nodeAt(callee, 'object');
  const args = nodesAt(node, 'arguments');
  if (!operator || !object) return [];
  // `Symbol.for` locks no row.
  if (name === 'for' && !/^(no key )?update$|^(key )?share$/.test(String(args[0]?.value)))
    return [];
  if (name === 'orderBy' && args.length > 1) return args.map((one) => withoutArgument(one, args));
  return [{ operator, start: object.end, end: node.end, text: '' }];
}

function withoutArgument(one: Node, args: readonly Node[]): Change {
  const at = args.indexOf(one);
  const next = args[at + 1];
  const previous = args[at - 1];
  const start = next ? one.start : (previous?.end ?? one.start);
  return { operator: 'order', start, end: next ? next.start : one.end, text: '' };
}
