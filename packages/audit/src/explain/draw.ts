import pc from 'picocolors';
import { describeNode, nodesOf, ownCost, ownTime, type Plan, type PlanNode } from './plan.ts';

const short = (text: string): string => (text.length > 110 ? `${text.slice(0, 107)}…` : text);

const formatRows = (rows: number): string => Math.round(rows).toLocaleString('en');

const measures = (node: PlanNode, total: number): string => {
  const time = ownTime(node);
  const own = time ?? ownCost(node);
  const share = total > 0 ? Math.round((own / total) * 100) : 0;
  const rows =
    node.rows === undefined
      ? `${formatRows(node.estimated)} rows expected`
      : `${formatRows(node.rows * node.loops)} rows${node.loops > 1 ? ` in ${formatRows(node.loops)} loops` : ''}`;
  const cost = time === undefined ? `cost ${node.cost.toFixed(0)}` : `${time.toFixed(2)} ms`;
  const text = `${rows}, ${cost}${share >= 5 ? `, ${share} %` : ''}`;
  return share >= 40 ? pc.red(text) : share >= 15 ? pc.yellow(text) : pc.dim(text);
};

const lines = (
  node: PlanNode,
  total: number,
  indent: string,
  last: boolean,
  root: boolean,
): string[] => {
  const branch = root ? '' : `${indent}${last ? '└─ ' : '├─ '}`;
  const inner = root ? '' : `${indent}${last ? '   ' : '│  '}`;
  const details = [
    ...(node.condition ? [`by ${short(node.condition)}`] : []),
    ...(node.sortKey
      ? [`order ${short(node.sortKey.join(', '))}${node.sortMethod ? `, ${node.sortMethod}` : ''}`]
      : []),
    ...(node.filter
      ? [
          `filter ${short(node.filter)}${node.removed > 0 ? `, removed ${formatRows(node.removed * node.loops)} rows` : ''}`,
        ]
      : []),
  ];
  return [
    `${branch}${describeNode(node)}  ${measures(node, total)}`,
    ...details.map((detail) =>
      pc.dim(`${inner}${node.children.length > 0 ? '│ ' : '  '}  ${detail}`),
    ),
    ...node.children.flatMap((child, place) =>
      lines(child, total, inner, place === node.children.length - 1, false),
    ),
  ];
};

/**
 * Draws the plan as a tree: for each node its rows, its own time (or cost) and its share of the
 * whole.
 */
export const drawPlan = ({ root }: Plan): string => {
  const total = nodesOf(root).reduce((sum, node) => sum + (ownTime(node) ?? ownCost(node)), 0);
  return lines(root, total, '', true, true).join('\n');
};

/** Describes the costly nodes of a plan, worst first. */
export const costsOf = ({ root }: Plan): string[] => {
  const nodes = nodesOf(root);
  const total = nodes.reduce((sum, node) => sum + (ownTime(node) ?? ownCost(node)), 0);
  return nodes
    .map((node) => ({ node, share: total > 0 ? (ownTime(node) ?? ownCost(node)) / total : 0 }))
    .filter(({ node, share }) => share >= 0.1 || node.removed * node.loops > 1000)
    .sort((a, b) => b.share - a.share)
    .map(({ node, share }) => {
      const about = `${describeNode(node)} takes ${Math.round(share * 100)} %`;
      if (node.type === 'Seq Scan')
        return `${about}: it reads the whole table${node.removed > 0 ? ` and throws ${formatRows(node.removed * node.loops)} rows away` : ''}`;
      if (/Sort/.test(node.type))
        return `${about}: it orders ${formatRows((node.rows ?? node.estimated) * node.loops)} rows that an index could give in order${/disk|external/i.test(node.sortMethod ?? '') ? ', on disk' : ''}`;
      if (node.removed * node.loops > 1000)
        return `${about}: its index finds ${formatRows(node.removed * node.loops)} rows that the filter then throws away`;
      if (
        node.rows !== undefined &&
        node.estimated > 0 &&
        (node.rows / node.estimated > 100 || node.estimated / Math.max(node.rows, 1) > 100)
      )
        return `${about}: ${formatRows(node.estimated)} rows were expected and ${formatRows(node.rows)} came (ANALYZE, or statistics on the columns together)`;
      return about;
    });
};
