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
/** Words for sums, which mean money only alone or beside a word for a payment. */
const SUM = new Set(['total', 'subtotal', 'amount', 'charge', 'credit', 'balance']);
const PAID = new Set(
  'grand order invoice line cart net gross sum paid due owed open outstanding monthly yearly annual tax vat usd eur gbp currency account wallet money bill payable refunded base transaction transfer donation'.split(
    ' ',
  ),
);

/** The meanings of these words other than money. */
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
  'distance',
  'area',
  'volume',
  'length',
  'height',
  'width',
  'mg',
  'g',
  'kg',
  'ml',
  'l',
  'm',
  'km',
  'cal',
  'kcal',
  'calories',
  'wh',
  'kwh',
  'factor',
]);

const isMoney = (words: readonly string[]): boolean => {
  if (words.some((word) => OTHER.has(word))) return false;
  const named = words.filter((word) => MONEY.has(word));
  if (named.some((word) => !SUM.has(word))) return true;
  const rest = words.filter((word) => !SUM.has(word));
  return named.length > 0 && (rest.length === 0 || rest.some((word) => PAID.has(word)));
};

export const moneyFloat = defineRule({
  id: 'money-float',
  group: 'values',
  severity: 'error',
  needs: 'schema',
  title: 'Money is numeric or counts the smallest unit, never a float',
  why: 'Binary floats have no 0.1: sums drift by cents and two equal bills compare as different. The money type depends on the locale of the server, so it is no alternative.',
  source: 'PostgreSQL manual 8.1.3 Floating-Point Types; wiki.postgresql.org Don’t Do This: money',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), totalPrice: real('total_price') });`,
    },
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), amount: doublePrecision('amount') });`,
    },
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), orderTotal: real('order_total') });`,
    },
  ],
  good: [
    {
      schema: `export const bills = pgTable('bills', { id: text('id').primaryKey(), amount: numeric('amount', { precision: 12, scale: 2 }), priceCents: integer('price_cents'), totalSeconds: real('total_seconds') });`,
    },
    {
      schema: `export const meals = pgTable('meals', { id: text('id').primaryKey(), proteinAmount: real('protein_amount'), totalSteps: real('total_steps'), chargeLevel: real('charge_level'), amountMl: real('amount_ml') });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        const words = wordsOf(column.name);
        const float = /^(real|double precision|float4|float8)$/.test(column.baseType);
        if (!(float && isMoney(words)) && column.baseType !== 'money') continue;
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
