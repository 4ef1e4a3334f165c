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
  title: 'Values never become SQL text (sql.raw, execute, query and unsafe with a string)',
  why: 'The text of sql.raw, and a string given to execute, query or unsafe, is sent unchanged, so a value in it can end the statement and begin another. sql`` binds values, sql.identifier quotes names.',
  source: 'OWASP SQL Injection Prevention Cheat Sheet; Drizzle documentation, sql.raw',
  bad: [
    {
      queries:
        "export const find = (db, name) => db.execute(sql.raw(`select * from users where name = '${name}'`));",
    },
    {
      queries: `export const find = (db, name) => db.execute(sql.raw("select * from users where name = '" + name + "'"));`,
    },
    {
      queries:
        "export const find = (db, name) => db.execute(`select * from users where name = '${name}'`);",
    },
    {
      queries:
        "export const find = (pool, { name }) => { const text = 'select * from users where name = ' + name; return pool.query(text); };",
    },
    {
      queries:
        'export const find = async (client, order: string) => { await client.unsafe(`select id from users order by ${order}`); };',
    },
    {
      queries:
        'export const find = (db, order: string) => db.select().from(users).orderBy(sql.raw(order)).limit(1);',
    },
    {
      queries:
        'export const find = (prisma, id: string) => prisma.$queryRawUnsafe(`select * from users where id = ${id}`);',
    },
  ],
  good: [
    {
      queries:
        "export const find = (db, way: 'asc' | 'desc') => db.execute(sql`select 1 order by id ${sql.raw(way)}`);",
    },
    {
      queries:
        "const TABLE = 'users'; export const find = (pool, id) => { const text = `select * from ${TABLE} where id = $1`; return pool.query(text, [id]); };",
    },
    {
      queries:
        'export const run = (shell, api, name) => { shell.execute(`ls ${name}`); return api.query(`{ user(name: ${name}) { id } }`); };',
    },
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
      const found: { start: number; sink: string }[] = [];
      walk(file.program, (node, parents) => {
        const sink = sinkOf(node);
        const [given] = nodesAt(node, 'arguments').map(bare);
        if (sink === undefined || !given) return;
        const text = declaredHere(given, parents) ?? given;
        const parts = partsOf(text);
        if (sink !== 'sql.raw' && !(parts && startsAsSql(file, text))) return;
        const open = (parts ?? [text]).some((part) => {
          const value = bare(part);
          if (!value || value.type === 'Literal' || value.type === 'TemplateLiteral') return false;
          // Only values from a caller count; a text that the module itself declares is safe.
          const name = rootName(value);
          const isWhole = parts === undefined;
          return name !== undefined && parents.some((parent) => takes(file, parent, name, isWhole));
        });
        if (open) found.push({ start: node.start, sink });
      });
      for (const { start, sink } of found) {
        const location = placeOf(file, start);
        yield {
          object: `${file.path.split('/').at(-1)}:${location.line}`,
          message: `${sink} gets a text with values in it`,
          location,
          fix: { language: 'ts', code: 'sql`… ${value}`, or sql.identifier(name) for a name' },
        };
      }
    }
  },
});

/** Methods that send a string unchanged: Drizzle's, postgres.js's, pg's and Prisma's. */
const SENDING = /^(execute|unsafe|query|\$queryRawUnsafe|\$executeRawUnsafe)$/;

/** The call’s name, if it sends its first argument unchanged as SQL. */
const sinkOf = (node: Node): string | undefined => {
  const name = calleeOf(node);
  const callee = bare(nodeAt(node, 'callee'));
  if (name === undefined || callee?.type !== 'MemberExpression') return undefined;
  const owner = nodeAt(callee, 'object');
  if (name === 'raw')
    return owner?.type === 'Identifier' && owner.name === 'sql' ? 'sql.raw' : undefined;
  return SENDING.test(name) ? name : undefined;
};

/** The value of a name that a surrounding function declares. */
const declaredHere = (node: Node, parents: readonly Node[]): Node | undefined => {
  if (node.type !== 'Identifier') return undefined;
  for (const block of parents.toReversed())
    for (const statement of nodesAt(block, 'body'))
      for (const declarator of nodesAt(statement, 'declarations')) {
        const id = nodeAt(declarator, 'id');
        if (id?.type === 'Identifier' && id.name === node.name)
          return bare(nodeAt(declarator, 'init'));
      }
  return undefined;
};

/** The parts of a composed text; undefined for any other expression. */
const partsOf = (text: Node): Node[] | undefined => {
  if (text.type === 'TemplateLiteral') return nodesAt(text, 'expressions');
  return text.type === 'BinaryExpression' ? operandsOf(text) : undefined;
};

const startsAsSql = (file: SourceFile, text: Node): boolean =>
  /^[\s`'"(]*(select|insert|update|delete|merge|with|create|alter|drop|truncate|set|grant|revoke|call|copy|lock|notify|listen|comment)\b/i.test(
    textOf(file, text),
  );

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

/** A type that is a union of literals. */
const FEW_WORDS = /^\s*(\|?\s*('[^']*'|"[^"]*")\s*)+$/;

/**
 * True if a function has a parameter of that name, also a destructured one.
 *
 * @param onlyText counts only parameters of any text, because one of a few words is no danger
 */
const takes = (file: SourceFile, node: Node, name: string, onlyText: boolean): boolean =>
  /Function/.test(node.type) &&
  nodesAt(node, 'params').some((given) => {
    const parameter = given.type === 'AssignmentPattern' ? (nodeAt(given, 'left') ?? given) : given;
    const whole = textOf(file, parameter);
    const named = new RegExp(`(^|[\\s{,[(:])${literally(name)}\\b`);
    if (!named.test(whole.replace(/:\s*[\w.<>[\]| ]+$/, ''))) return false;
    const annotated = new RegExp(`\\b${literally(name)}\\??\\s*:\\s*([^,;})]+)`).exec(whole)?.[1];
    if (annotated !== undefined && FEW_WORDS.test(annotated)) return false;
    return !onlyText || annotated === undefined || /^(string|any|unknown)\b/.test(annotated.trim());
  });

const operandsOf = (node: Node): Node[] =>
  [nodeAt(node, 'left'), nodeAt(node, 'right')].flatMap((side) => {
    const value = bare(side);
    if (!value) return [];
    return value.type === 'BinaryExpression' ? operandsOf(value) : [value];
  });
