import type { Change } from '../mutant.ts';
import { type Node, nodeAt, nodesAt } from '../syntax.ts';

/** Words of SQL, and what each is changed to. The first that matches at a place is taken. */
const words: readonly { pattern: RegExp; operator: string; text: string }[] = [
  {
    pattern: /\bfor (no key )?(update|share)( of \w+)?( skip locked)?/gi,
    operator: 'lock',
    text: '',
  },
  { pattern: / skip locked\b/gi, operator: 'lock', text: '' },
  { pattern: /\bpg_advisory_xact_lock\b/gi, operator: 'lock', text: 'abs' },
  { pattern: /<=/g, operator: 'boundary', text: '<' },
  { pattern: />=/g, operator: 'boundary', text: '>' },
  { pattern: /(?<![-<=@#&|?!])<(?![-<=>@#&|?])/g, operator: 'boundary', text: '<=' },
  { pattern: /(?<![-<=@#&|?>])>(?![->=@#&|?])/g, operator: 'boundary', text: '>=' },
  { pattern: /<>/g, operator: 'comparison', text: '=' },
  { pattern: /(?<=\s)=(?=\s)/g, operator: 'comparison', text: '<>' },
  { pattern: /\bis not null\b/gi, operator: 'condition', text: 'is null' },
  { pattern: /\bis null\b/gi, operator: 'condition', text: 'is not null' },
  { pattern: /\bis not distinct from\b/gi, operator: 'condition', text: 'is distinct from' },
  { pattern: /\bis distinct from\b/gi, operator: 'condition', text: 'is not distinct from' },
  { pattern: /\bnot exists\b/gi, operator: 'condition', text: 'exists' },
  { pattern: /(?<!not )\bexists\b(?=\s*\()/gi, operator: 'condition', text: 'not exists' },
  { pattern: /(?<=\s)desc\b/gi, operator: 'order', text: 'asc' },
  { pattern: /\basc\b/gi, operator: 'order', text: 'desc' },
  { pattern: /\bmax\(/gi, operator: 'order', text: 'min(' },
  { pattern: /\bgreatest\(/gi, operator: 'order', text: 'least(' },
  { pattern: /\bleast\(/gi, operator: 'order', text: 'greatest(' },
  { pattern: /(?<=\s)and\b/gi, operator: 'and/or', text: 'or' },
  { pattern: /(?<=\s)or\b/gi, operator: 'and/or', text: 'and' },
  { pattern: /\bunion all\b/gi, operator: 'and/or', text: 'except' },
];

/** Conditions, locks and order in the text of a sql`…` template. */
export function statementTextChanges(node: Node, text: string): Change[] {
  if (node.type !== 'TaggedTemplateExpression' || !isSqlTag(nodeAt(node, 'tag'))) return [];
  return nodesAt(nodeAt(node, 'quasi'), 'quasis').flatMap((quasi) => {
    const part = text.slice(quasi.start, quasi.end);
    return textChanges(part).map((one) => ({
      ...one,
      start: one.start + quasi.start,
      end: one.end + quasi.start,
    }));
  });
}

/** The same for any text of SQL. */
export function textChanges(part: string): Change[] {
  const taken: Change[] = [];
  for (const { pattern, operator, text } of words) {
    for (const match of part.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      const isBetween =
        /\band$/i.test(match[0]) && /\bbetween\s+\S+\s*$/i.test(part.slice(0, start));
      const isFree = taken.every((other) => end <= other.start || start >= other.end);
      if (isFree && !isBetween) taken.push({ operator, start, end, text });
    }
  }
  return taken.sort((one, other) => one.start - other.start);
}

/** `sql`, `tx`, `this.sql`, `sql<Row>`. */
function isSqlTag(tag: Node | undefined): boolean {
  if (tag?.type === 'TSInstantiationExpression') return isSqlTag(nodeAt(tag, 'expression'));
  if (tag?.type === 'Identifier') return /^(sql|tx)$/.test(String(tag.name));
  return false;
}
