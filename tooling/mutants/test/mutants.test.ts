import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { chooseTests } from '../src/choose-tests.ts';
import { applyMutant, mutantsOfSource } from '../src/find-mutants.ts';
import { instrument } from '../src/instrument.ts';
import { schemaChanges } from '../src/operators/schema-rules.ts';
import { tableRow } from '../src/report.ts';
import type { Status } from '../src/results.ts';
import { sample } from '../src/sample.ts';
import { parse } from '../src/syntax.ts';

/** Each mutant of a source, as the source that it makes. */
const changedTo = (text: string) =>
  mutantsOfSource('a.ts', text).map((mutant) => applyMutant(text, mutant));

test('comparisons, boundaries and conditions of the language', () => {
  expect(changedTo('const a = b < c;')).toEqual(['const a = b <= c;']);
  expect(changedTo('const a = b >= c;')).toEqual(['const a = b > c;']);
  expect(changedTo('const a = b === c && d;').sort()).toEqual([
    'const a = b !== c && d;',
    'const a = b === c || d;',
  ]);
  expect(changedTo('if (a) b();')).toEqual(['if (false) b();']);
  expect(changedTo('const a = b ? c : d;')).toEqual(['const a = !(b) ? c : d;']);
  expect(changedTo('const a = limit + 1;')).toEqual(['const a = limit;']);
  expect(changedTo('const a = b + c;')).toEqual([]);
});

test('types are left alone', () => {
  expect(changedTo('type A = B extends "<" ? C : D; let a: B | C;')).toEqual([]);
  expect(changedTo('const a = (b < c) as boolean;')).toEqual(['const a = (b <= c) as boolean;']);
});

test('conditions, locks and order of a statement built with Drizzle', () => {
  const head = "import { and, eq, asc } from 'drizzle-orm';\n";
  const of = (text: string) => changedTo(head + text).map((one) => one.slice(head.length));
  expect(of("db.select().for('update');")).toEqual(['db.select();']);
  expect(of('db.orderBy(asc(a), b);')).toEqual([
    'db.orderBy(b);',
    'db.orderBy(asc(a));',
    "db.orderBy(__drizzle.desc(a), b);\nimport * as __drizzle from 'drizzle-orm';\n",
  ]);
  expect(of('and(a, b);')).toEqual(['and(b);', 'and(a);']);
  expect(of('eq(a, b);')).toEqual([
    "__drizzle.ne(a, b);\nimport * as __drizzle from 'drizzle-orm';\n",
  ]);
  // Not Drizzle's: the file does not import it from there.
  expect(changedTo("eq(a, b); a.toString(); Symbol.for('update of x');")).toEqual([]);
});

test('the text of a statement', () => {
  const texts = changedTo('sql`select 1 where a <= 1 + b and c is null for update skip locked`;');
  expect(texts).toEqual([
    'sql`select 1 where a < 1 + b and c is null for update skip locked`;',
    'sql`select 1 where a <= 1 + b or c is null for update skip locked`;',
    'sql`select 1 where a <= 1 + b and c is not null for update skip locked`;',
    'sql`select 1 where a <= 1 + b and c is null `;',
  ]);
  // Operators of jsonb and arrays are no boundaries, and `between … and` is one condition.
  expect(changedTo('sql`a @> b and c <@ d`;')).toHaveLength(1);
  expect(changedTo('sql`a between 1 and 2`;')).toEqual([]);
  expect(changedTo('const a = `b < c`;')).toEqual([]);
});

test('a mutant keeps its name when the code before it changes', () => {
  const [one] = mutantsOfSource('a.ts', 'const a = b < c;');
  const [moved] = mutantsOfSource('a.ts', 'import "x";\n\nconst a = b < c;');
  expect(moved?.id).toBe(one?.id);
  expect(moved?.line).toBe(3);
  const twice = mutantsOfSource('a.ts', 'const a = b < c;\nconst a = b < c;');
  expect(new Set(twice.map(({ id }) => id)).size).toBe(2);
});

test('the rules of a schema are dropped or weakened', () => {
  const dump = `CREATE TABLE public.goals (
  id text NOT NULL,
  CONSTRAINT goals_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
  CONSTRAINT goals_user_key UNIQUE (user_id)
);
ALTER TABLE public.goals ADD CONSTRAINT goals_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
CREATE INDEX goals_idx ON public.goals USING btree (user_id);
CREATE UNIQUE INDEX goals_key ON public.goals USING btree (id);
CREATE POLICY own ON public.goals AS PERMISSIVE FOR ALL TO app USING ((a = b)) WITH CHECK ((a = b));
ALTER TABLE public.goals FORCE ROW LEVEL SECURITY;`;
  expect(schemaChanges(dump).map(({ statement }) => statement)).toEqual([
    'ALTER TABLE public.goals DROP CONSTRAINT goals_progress_check',
    'ALTER TABLE public.goals DROP CONSTRAINT goals_progress_check, ADD CONSTRAINT goals_progress_check CHECK (((progress > 0) AND (progress <= 100)))',
    'ALTER TABLE public.goals DROP CONSTRAINT goals_progress_check, ADD CONSTRAINT goals_progress_check CHECK (((progress >= 0) AND (progress < 100)))',
    'ALTER TABLE public.goals DROP CONSTRAINT goals_user_key',
    'ALTER TABLE public.goals DROP CONSTRAINT goals_user_fkey',
    'ALTER TABLE public.goals DROP CONSTRAINT goals_user_fkey, ADD CONSTRAINT goals_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id)',
    'DROP INDEX public.goals_idx',
    'DROP INDEX public.goals_key;\nCREATE INDEX goals_key ON public.goals USING btree (id)',
    'ALTER POLICY own ON public.goals USING (true)',
    'ALTER POLICY own ON public.goals WITH CHECK (true)',
    'ALTER TABLE public.goals NO FORCE ROW LEVEL SECURITY',
  ]);
});

test('functions note that they are called, and what they give stays', () => {
  const text = 'const a = (b) => ({ c: [b].map((d) => d + 1) }); function e() { return a(1); } e()';
  const source = instrument('a.ts', text);
  expect(() => parse('a.ts', source)).not.toThrow();
  const called = new Set<string>();
  expect(runInNewContext(source, { __called: called })).toEqual({ c: [2] });
  expect([...called].sort()).toEqual(
    ['(b)', '(d)', 'function'].map((start) => `a.ts:${text.indexOf(start)}`).sort(),
  );
});

test('a sample takes from each operator in turn, and is the same for the same seed', () => {
  const text = `${'a < b;'.repeat(50)} if (c) d();`;
  const mutants = mutantsOfSource('a.ts', text);
  const chosen = sample(mutants, 6, '1');
  expect(chosen).toHaveLength(6);
  expect(chosen.filter(({ operator }) => operator === 'condition')).toHaveLength(1);
  expect(sample(mutants.toReversed(), 6, '1')).toEqual(chosen);
  expect(sample(mutants, 6, '2')).not.toEqual(chosen);
});

test('the comparison with schema.sql takes no time from the tests of a function', async () => {
  const [mutant] = mutantsOfSource('a.ts', 'const a = () => b < c;');
  if (!mutant) throw new Error('There is no mutant.');
  const called = [`a.ts:${mutant.functionStart}`];
  const test = { hash: '', called, durationMs: 9_000, isRed: false };
  const tests = { 'a/test/schema.test.ts': test, 'a/test/b.test.ts': test };
  const choosing = { root: '', coverage: { sources: '', tests }, kills: new Map() };
  for (const budgetMs of [1_000, 10_000]) {
    expect(await chooseTests(mutant, { ...choosing, budgetMs })).toEqual(['a/test/b.test.ts']);
  }
});

test('the table counts a fault that ran out of time as open, and leaves out one that the server refused', () => {
  const statuses: readonly Status[] = ['killed', 'killed', 'timeout', 'survived', 'invalid'];
  const results = statuses.map((status, index) => ({
    id: `${index}`,
    package: 'a',
    file: 'a.ts',
    line: 1,
    operator: 'check',
    before: '',
    after: '',
    by: index === 0 ? 'packages/a/test/schema.test.ts › compares' : 'other.test.ts › is refused',
    tests: 1,
    ms: 1,
    status,
  }));
  const accepted = new Map([['3', { id: '3', kind: 'equivalent' as const, why: '' }]]);
  expect(tableRow('a', results, accepted)).toBe('| a | 4 | 2 | 1 | 1 | 0 | 0 | 1 | 66.7 % |');
});
