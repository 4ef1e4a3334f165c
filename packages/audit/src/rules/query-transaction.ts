import type { Node } from '../source/parse.ts';
import { placeOf } from '../source/parse.ts';
import { ownerOf, type Sent, statementsOf } from '../source/statements.ts';
import { defineRule } from './rule.ts';

const WRITE = /^(insert|update|delete)$/;

/** The branch of a statement; two in different branches never both run. */
const branchOf = (sent: Sent): Node | undefined => {
  for (let place = sent.parents.length - 1; place > 0; place -= 1) {
    const node = sent.parents[place];
    const parent = sent.parents[place - 1];
    if (!node || !parent) continue;
    if (
      parent.type === 'IfStatement' ||
      parent.type === 'SwitchCase' ||
      parent.type === 'ConditionalExpression' ||
      parent.type === 'CatchClause' ||
      node.type === 'CatchClause'
    )
      return node;
    if (node === sent.within?.node) return undefined;
  }
  return undefined;
};

const returnsThere = (sent: Sent): boolean =>
  sent.parents.some(
    ({ type }, place) =>
      type === 'ReturnStatement' && place > sent.parents.indexOf(sent.within?.node ?? sent.node),
  );

const posts = `export const posts = pgTable('posts', { id: text('id').primaryKey() }); export const logs = pgTable('logs', { id: text('id').primaryKey() });`;

export const queryTransaction = defineRule({
  id: 'query-transaction',
  group: 'queries',
  severity: 'warning',
  needs: 'queries',
  title: 'Several writes of one function are one transaction',
  why: 'When the second write fails, or the process ends between the two, the first one stays: an order without its lines, a page without its log. db.transaction makes it both or none, and one round trip to commit.',
  source: 'PostgreSQL manual 3.4 Transactions',
  options: {
    /** Names of handles that are transactions. */
    transactions: ['tx', 'trx', 'transaction', 't'],
  },
  bad: [
    {
      schema: posts,
      queries: `export async function publish(db) { await db.insert(posts).values({ id: '1' }); await db.insert(logs).values({ id: '1' }); }`,
    },
    {
      schema: posts,
      queries: `export const router = make({ publish: procedure.mutation(async ({ ctx }) => { await ctx.db.insert(posts).values({ id: '1' }); await ctx.db.insert(logs).values({ id: '1' }); }) });`,
    },
  ],
  good: [
    {
      schema: posts,
      queries: `export const router = make({ one: procedure.mutation(async ({ ctx }) => { await ctx.db.insert(posts).values({ id: '1' }); }), two: procedure.mutation(async ({ ctx }) => { await ctx.db.insert(logs).values({ id: '1' }); }) });`,
    },
    {
      schema: posts,
      queries: `export async function publish(db) { await db.transaction(async (tx) => { await tx.insert(posts).values({ id: '1' }); await tx.insert(logs).values({ id: '1' }); }); }`,
    },
    {
      schema: posts,
      queries: `export async function publish(db, a) { if (a) { await db.insert(posts).values({ id: '1' }); } else { await db.insert(logs).values({ id: '1' }); } }`,
    },
    {
      schema: posts,
      queries: `export async function save(db, id) { if (id) { return db.update(posts).set({ id }); } return db.insert(posts).values({ id: '1' }); }`,
    },
  ],
  *check({ queries }, { transactions }) {
    for (const file of queries) {
      const byFunction = new Map<Node, Sent[]>();
      for (const sent of statementsOf(file)) {
        if (!WRITE.test(sent.calls[0]?.name ?? '') || !sent.within) continue;
        if (sent.handle.split('.').some((part) => transactions.includes(part))) continue;
        // Inside a callback of a transaction, whatever the name of its handle.
        const inside = sent.parents.some(
          (node) =>
            node.type === 'CallExpression' &&
            /\b(transaction|withTransaction|inTransaction|withTenant|withUser|batch)\s*\(/.test(
              file.text.slice(node.start, Math.min(node.end, node.start + 200)).split('=>')[0] ??
                '',
            ),
        );
        if (!inside)
          byFunction.set(sent.within.node, [...(byFunction.get(sent.within.node) ?? []), sent]);
      }
      for (const writes of byFunction.values()) {
        // The most that can run one after the other, one of each branch.
        const always = writes.filter((sent) => branchOf(sent) === undefined && !returnsThere(sent));
        const [first] = always;
        const total =
          always.length +
          (writes.length > always.length &&
          writes.some((sent) => branchOf(sent) === undefined && !always.includes(sent))
            ? 1
            : 0);
        if (!first || total < 2) continue;
        // A parameter typed as a transaction is one.
        const { node } = first.within ?? {};
        const head = node ? file.text.slice(node.start, node.start + 300) : '';
        if (/:\s*(Readonly<)?\w*(Tx|Transaction)\b/.test(head)) continue;
        yield {
          object: ownerOf(first),
          message: `sends ${total} writes, each a transaction of its own`,
          location: placeOf(file, first.node.start),
          fix: { language: 'ts', code: `await ${first.handle}.transaction(async (tx) => { … });` },
        };
      }
    }
  },
});
