import pc from 'picocolors';
import { nodesOf, type PlanNode } from '../explain/plan.ts';
import { type JudgedQuery, nodeName } from '../plans/judged.ts';
import type { Example, Rule } from '../rules/rule.ts';

/** The measurements of a hot query, a line for each scale. */
const seenText = ({ limits, calls, failures, isLarge }: JudgedQuery): string =>
  [
    `// it declares ${JSON.stringify(limits)}${isLarge ? '' : ', and its tables are small yet'}`,
    ...calls.map(
      ({ scale, plans, pages }) =>
        `// at ${scale} rows: ${pages} pages; ${plans.map(({ root }) => nodesOf(root).map(describeSeen).join(' › ')).join('; ') || 'nothing'}`,
    ),
    ...failures.map(({ scale, message }) => `// at ${scale} rows: ${message}`),
  ].join('\n');

const describeSeen = (node: PlanNode): string =>
  `${nodeName(node)}${node.loops === 0 ? ' (never run)' : ''}${node.rows === undefined ? '' : ` gives ${node.rows}`}${node.removed > 0 ? `, removes ${node.removed}` : ''}`;

const exampleText = ({ schema, queries, sql, plans = [], options }: Example): string =>
  [
    ...(options ? [`// with the options ${JSON.stringify(options)}`] : []),
    ...[schema, queries, sql, ...plans.map(seenText)].filter((text) => text !== undefined),
  ].join('\n\n');

const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

/** A rule's description, with its examples. */
export const explainRule = (rule: Rule): string => {
  const options = Object.entries(rule.options);
  return [
    `${pc.bold(rule.id)} (${rule.group}, ${rule.severity}, needs ${rule.needs})`,
    '',
    `${rule.title}.`,
    rule.why,
    '',
    `Source: ${rule.source}`,
    ...(options.length > 0
      ? ['', 'Options:', ...options.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)]
      : []),
    ...rule.bad.flatMap((example) => ['', pc.red('Bad:'), indented(exampleText(example))]),
    ...rule.good.flatMap((example) => ['', pc.green('Good:'), indented(exampleText(example))]),
  ].join('\n');
};
