import type { Node } from 'libpg-query';
import { constants, functionCalls, walk } from './ast.ts';

/** A table's distribution on Citus. */
export type Distribution =
  | { readonly kind: 'distributed'; readonly column: string }
  | { readonly kind: 'reference' };

/** A statement's call of Citus: the function and its constant arguments. */
const citusCalls = (node: Node): { name: string; values: string[] }[] => {
  const calls: { name: string; values: string[] }[] = [];
  walk(node, ({ tag, value }) => {
    if (tag === 'FuncCall') {
      const name = functionCalls({ FuncCall: value })[0] ?? '';
      if (/^(create_distributed_table|create_reference_table|undistribute_table)/.test(name))
        calls.push({ name, values: constants(value.args) });
    }
    return true;
  });
  return calls;
};

/** Records the tables that a statement distributes. */
export const learnDistribution = (node: Node, tables: Map<string, Distribution>): void => {
  for (const { name, values } of citusCalls(node)) {
    const [table = '', column = ''] = values;
    const key = table.includes('.')
      ? table.replaceAll('"', '')
      : `public.${table.replaceAll('"', '')}`;
    if (name.startsWith('create_distributed_table'))
      tables.set(key, { kind: 'distributed', column });
    else if (name === 'create_reference_table') tables.set(key, { kind: 'reference' });
    else tables.delete(key);
  }
};

/** The tables that a file distributes. */
export const distributedBy = (nodes: readonly Node[]): Set<string> => {
  const tables = new Map<string, Distribution>();
  for (const node of nodes) learnDistribution(node, tables);
  return new Set(tables.keys());
};
