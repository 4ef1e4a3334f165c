import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadParser, parseNodes } from '../src/review/statements.ts';
import { splitStatements } from '../src/sql/split.ts';

beforeAll(() => loadParser());

describe('splitStatements', () => {
  test.each([
    ['strings', "select 'a;b', E'it\\'s; fine', 'it''s; too'; select 2", 2],
    ['quoted names', 'select 1 as "a;b"; select 2;', 2],
    ['dollar quotes', 'do $$ begin; end; $$; do $a$ ; $$ ; $a$;', 2],
    ['comments', '-- a; b\nselect 1; /* c; /* d; */ e; */ select 2; -- f;', 2],
    [
      'parentheses',
      'create rule r as on insert to t do also (insert into a values (1); insert into b values (2)); select 1',
      2,
    ],
    [
      'atomic bodies',
      'create function f() returns int begin atomic select 1; select case when true then 1 else 2 end; end; select 2;',
      2,
    ],
    ['breakpoints without semicolons', 'select 1\n--> statement-breakpoint\nselect 2', 2],
    ['a statement right behind a breakpoint', 'select 1;--> statement-breakpointselect 2', 2],
    ['nothing', ' ;; -- only this\n/* and this */ ;', 0],
    ['parameters and tags', 'select $1, a$b$c from t; select 2', 2],
  ])('%s', (_, sql, count) => {
    expect(splitStatements(sql)).toHaveLength(count);
  });

  test('tells the line and offset on which each statement begins', () => {
    const sql = '-- first\n\nselect 1;\n\n  /* x\n */ select\n 2;';
    const statements = splitStatements(sql);
    expect(statements.map(({ line, text }) => [line, text])).toEqual([
      [3, 'select 1'],
      [6, 'select\n 2'],
    ]);
    for (const { start, text } of statements)
      expect(sql.slice(start, start + text.length)).toBe(text);
  });

  const piece = fc.constantFrom(
    'select 1',
    "select 'a;''b'",
    'select "x;y" from t',
    'do $$ begin null; end $$',
    '-- c; d\nselect 2',
    '/* ; */ select 3',
    "select E'\\';'",
    'select $x$ ; $$ ; $x$',
    "insert into t values ('--', ';')",
    'select (1 + 2)',
    'create view v as select 1',
  );

  test('finds the statements that Postgres’ own parser finds', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(';', ' ;\n', ';;\n-- x;\n'),
        (pieces, separator) => {
          const sql = pieces.join(separator);
          const nodes = parseNodes(sql);
          const split = splitStatements(sql);
          expect(split).toHaveLength(nodes.length);
          for (const { text } of split) expect(parseNodes(text)).toHaveLength(1);
        },
      ),
    );
  });
});
