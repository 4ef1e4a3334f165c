import { literally } from '../model/pattern.ts';
import {
  bare,
  calleeOf,
  type Node,
  nodeAt,
  nodesAt,
  placeOf,
  type SourceFile,
  textOf,
  walk,
} from '../source/parse.ts';
import { defineRule } from './rule.ts';

export const queryRaw = defineRule({
  id: 'query-raw',
  group: 'queries',
  severity: 'error',
  needs: 'queries',
  title: 'Values never become SQL text (sql.raw)',
  why: 'What sql.raw is given is sent as it is: a value in it can end the statement and begin another. sql`` binds values, sql.identifier quotes names.',
  source: 'OWASP SQL Injection Prevention Cheat Sheet; Drizzle documentation, sql.raw',
  bad: [
    {
      queries:
        "export const find = (db, name) => db.execute(sql.raw(`select * from users where name = '${name}'`));",
    },
    {
      queries: `export const find = (db, name) => db.execute(sql.raw("select * from users where name = '" + name + "'"));`,
    },
  ],
  good: [
    {
      queries:
        'export const find = (db, name) => db.execute(sql`select * from users where name = ${name}`);',
    },
    {
      queries:
        "const TABLE = 'users'; export const count = (db) => db.execute(sql.raw(`select count(*) from ${TABLE}`)); export const all = (db, list) => db.execute(sql.raw('select 1')); export const list = (db) => { const names = ['a'].map((name) => name); return sql.raw(names.join()); };",
    },
  ],
  *check({ queries }) {
    for (const file of queries) {
      const found: number[] = [];
      walk(file.program, (node, parents) => {
        if (node.type !== 'CallExpression' || calleeOf(node) !== 'raw') return;
        const callee = bare(nodeAt(node, 'callee'));
        const owner = nodeAt(callee, 'object');
        if (owner?.type !== 'Identifier' || owner.name !== 'sql') return;
        const [argument] = nodesAt(node, 'arguments').map(bare);
        const parts =
          argument?.type === 'TemplateLiteral'
            ? nodesAt(argument, 'expressions')
            : argument?.type === 'BinaryExpression'
              ? operandsOf(argument)
              : [];
        const open = parts.some((part) => {
          const value = bare(part);
          if (!value || value.type === 'Literal' || value.type === 'TemplateLiteral') return false;
          // Only values from a caller count; a text that the module itself declares is safe.
          const name = rootName(value);
          return name !== undefined && parents.some((parent) => takes(file, parent, name));
        });
        if (open) found.push(node.start);
      });
      for (const start of found) {
        const location = placeOf(file, start);
        yield {
          object: `${file.path.split('/').at(-1)}:${location.line}`,
          message: 'sql.raw is given a text with values in it',
          location,
          fix: { language: 'ts', code: 'sql`… ${value}`, or sql.identifier(name) for a name' },
        };
      }
    }
  },
});

/** The name that an expression begins with: `row` of `row.name.trim()`. */
const rootName = (node: Node): string | undefined => {
  let current: Node | undefined = node;
  while (current && current.type !== 'Identifier')
    current =
      current.type === 'CallExpression'
        ? bare(nodeAt(current, 'callee'))
        : bare(nodeAt(current, 'object'));
  return current && typeof current.name === 'string' ? current.name : undefined;
};

/** Whether a function has a parameter of that name, also one taken apart. */
const takes = (file: SourceFile, node: Node, name: string): boolean =>
  /Function/.test(node.type) &&
  nodesAt(node, 'params').some((given) => {
    const parameter = given.type === 'AssignmentPattern' ? (nodeAt(given, 'left') ?? given) : given;
    return new RegExp(`(^|[\\s{,[(:])${literally(name)}\\b`).test(
      textOf(file, parameter).replace(/:\s*[\w.<>[\]| ]+$/, ''),
    );
  });

const operandsOf = (node: Node): Node[] =>
  [nodeAt(node, 'left'), nodeAt(node, 'right')].flatMap((side) => {
    const value = bare(side);
    if (!value) return [];
    return value.type === 'BinaryExpression' ? operandsOf(value) : [value];
  });
