import { at, defineRule, matches } from './rule.ts';
import { wordsOf } from './words.ts';

const MONEY = new Set([
  'amount',
  'price',
  'cost',
  'balance',
  'total',
  'subtotal',
  'fee',
  'salary',
  'revenue',
  'payment',
  'discount',
  'tax',
  'budget',
  'credit',
  'debit',
  'refund',
  'wage',
  'payout',
  'charge',
]);
/** What these words stand for when it is not money. */
const OTHER = new Set([
  'count',
  'tokens',
  'ratio',
  'rate',
  'score',
  'percent',
  'percentage',
  'weight',
  'seconds',
  'ms',
  'time',
  'duration',
  'minutes',
  'hours',
  'days',
  'bytes',
  'size',
]);

export const moneyFloat = defineRule({
  id: 'money-float',
  group: 'values',
  severity: 'error',
  needs: 'schema',
  title: 'Money is numeric or counts the smallest unit, never a float',
  why: 'Binary floats have no 0.1: sums drift by cents and two equal bills compare as different. The money type depends on the locale of the server, so it is no way out.',
  source: 'PostgreSQL manual 8.1.3 Floating-Point Types; wiki.postgresql.org Don’t Do This: money',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), totalPrice: real('total_price') });`,
    },
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), amount: doublePrecision('amount') });`,
    },
  ],
  good: [
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), amount: numeric('amount', { precision: 12, scale: 2 }), priceCents: integer('price_cents'), totalSeconds: real('total_seconds') });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        const words = wordsOf(column.name);
        const float = /^(real|double precision|float4|float8)$/.test(column.baseType);
        const money =
          words.some((word) => MONEY.has(word)) && !words.some((word) => OTHER.has(word));
        if (!(float && money) && column.baseType !== 'money') continue;
        if (matches(except, at(table, column))) continue;
        yield {
          object: at(table, column),
          message: `looks like money and is ${column.sqlType}`,
          location: column.location,
          fix: {
            language: 'ts',
            code: `${column.key}: numeric('${column.name}', { precision: 12, scale: 2 })`,
          },
        };
      }
  },
});
