import { bare, calleeOf, type Node, nameOf, nodeAt, placeOf } from '../source/parse.ts';
import { ownerOf, type Sent, statementsOf } from '../source/statements.ts';
import { defineRule } from './rule.ts';

const LOOP = /^(ForStatement|ForOfStatement|ForInStatement|WhileStatement|DoWhileStatement)$/;

/** The loop around a statement, within its own function. */
const loopOf = (sent: Sent): Node | undefined => {
  const start = sent.within ? sent.parents.indexOf(sent.within.node) : -1;
  for (let place = sent.parents.length - 1; place > start; place -= 1) {
    const node = sent.parents[place];
    if (!node) continue;
    if (LOOP.test(node.type)) {
      // The iterated expression of a for…of is evaluated once.
      if (sent.parents[place + 1] === nodeAt(node, 'right') || sent.node === nodeAt(node, 'right'))
        continue;
      return node;
    }
    if (
      node.type === 'CallExpression' &&
      /^(map|forEach|flatMap|reduce)$/.test(calleeOf(node) ?? '')
    ) {
      const child = sent.parents[place + 1];
      // The mapped list is evaluated once, the callback for each element.
      if (child && /Function/.test(child.type)) return node;
    }
  }
  return undefined;
};

const isBatch = (text: string): boolean =>
  /chunk|batch|page|cursor|slice\(|splice\(|retry|attempt/i.test(text);

const posts = `export const posts = pgTable('posts', { id: text('id').primaryKey() });`;

export const queryLoop = defineRule({
  id: 'query-in-loop',
  group: 'queries',
  severity: 'warning',
  needs: 'queries',
  title: 'No statement is sent for each element of a list',
  why: 'A hundred round trips take a hundred times the latency of one, whatever each costs the server. inArray, a join or one insert of many rows does it in one statement.',
  source: 'measured here: 50 access checks one by one 28.8 ms, in one statement 1.2 ms',
  bad: [
    {
      schema: posts,
      queries: `export async function load(db, ids) { for (const id of ids) { await db.select().from(posts).where(eq(posts.id, id)).limit(1); } }`,
    },
    {
      schema: posts,
      queries: `export const load = (db, ids) => Promise.all(ids.map((id) => db.query.posts.findFirst({ where: eq(posts.id, id) })));`,
    },
  ],
  good: [
    {
      schema: posts,
      queries: `export const load = (db, ids) => db.select().from(posts).where(inArray(posts.id, ids));`,
    },
    {
      schema: posts,
      queries: `export async function write(db, rows) { for (const chunk of chunksOf(rows, 500)) await db.insert(posts).values(chunk); }`,
    },
    {
      schema: posts,
      queries: `const places = [posts]; export async function count(db, id) { for (const place of places) await db.$count(place); for (const row of await db.select().from(posts).where(eq(posts.id, id))) console.log(row); }`,
    },
  ],
  *check({ queries }) {
    for (const file of queries)
      for (const sent of statementsOf(file)) {
        const loop = loopOf(sent);
        if (!loop) continue;
        const head = file.text.slice(loop.start, Math.min(loop.end, loop.start + 160));
        // Bulk work loops over pages or chunks, or until nothing is left.
        if (/^(While|DoWhile|For)Statement$/.test(loop.type) || isBatch(head)) continue;
        // DDL and maintenance go object by object, and a literal list has a fixed length.
        if (sent.calls[0]?.name === 'execute') continue;
        const through = bare(nodeAt(loop, 'right'));
        if (through && file.declarations.has(nameOf(through) ?? '')) continue;
        yield {
          object: ownerOf(sent),
          message: `sends ${sent.calls[0]?.name === 'findFirst' || sent.calls[0]?.name === 'findMany' ? 'a query' : `${/^[aeiou]/.test(sent.calls[0]?.name ?? '') ? 'an' : 'a'} ${sent.calls[0]?.name}`} for each element`,
          location: placeOf(file, sent.node.start),
          fix: { language: 'ts', code: `inArray(…, ids), a join, or one .values([…])` },
        };
      }
  },
});
