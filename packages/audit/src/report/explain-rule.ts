import pc from 'picocolors';
import type { Example, Rule } from '../rules/rule.ts';

const exampleText = ({ schema, queries, sql, options }: Example): string =>
  [
    ...(options ? [`// with the options ${JSON.stringify(options)}`] : []),
    ...[schema, queries, sql].filter((text) => text !== undefined),
  ].join('\n\n');

const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

/** All that a rule says of itself, with its examples. */
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
