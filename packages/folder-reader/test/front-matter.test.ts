import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitFrontMatter, textField } from '../src/index.ts';

const title = (text: string) => textField(splitFrontMatter(text).fields, 'title');

test.each([
  ['---\ntitle: "Quoted: title" # comment\n---\n\nText\n', 'Quoted: title'],
  ['---\ntitle: >\n  folded\n  title\n---\ntext\n', 'folded title'],
  ['---\ntitle: |\n  two\n  lines\n---\n', 'two lines'],
  ["---\ntitle: 'it''s'\n---\n", "it's"],
  ['---\r\ntitle: Windows\r\n---\r\ntext', 'Windows'],
  ['\uFEFF---\ntitle: With BOM\n---\n', 'With BOM'],
  ['---\ntitle: ends with dots\n...\ntext', 'ends with dots'],
  ['---\ntitle: 2026\n---\n', '2026'],
  ['---\ntitle: 1.10\n---\n', '1.10'],
  ['---\ntitle: 007\n---\n', '007'],
  ['---\ntitle: yes\n---\n', 'yes'],
  ['---\ntitle: null\n---\n', undefined],
  ['---\ntitle: ~\n---\n', undefined],
  ['---\ntitle: "null"\n---\n', 'null'],
  ['---\ntitle: first\ntitle: second\n---\n', 'second'],
  ['---\ntitle: 2026-01-31\n---\n', '2026-01-31'],
  ['---\ntitle: &a anchored\nother: *a\n---\n', 'anchored'],
  ['---\n"title": quoted key\n---\n', 'quoted key'],
  ['---\n{ title: flow, tags: [a, b] }\n---\n', 'flow'],
  ['---\nnested:\n  title: not this one\n---\n', undefined],
  ['---\ntitle:\n---\n', undefined],
  ['---\ntitle: [a list]\n---\n', undefined],
  ['---\ntitle: "\\0"\n---\n', undefined],
  ['---\ntitle: "half \\ud83d of one"\n---\n', 'half of one'],
  ['---\ntitle: "\\ud83d\\ude42 whole"\n---\n', '🙂 whole'],
  ['---\n: : : not yaml [\n---\ntext', undefined],
  ['---\n- a list\n---\ntext', undefined],
  ['---\n---\ntext', undefined],
  ['no front matter\n---\ntitle: x\n---\n', undefined],
  ['---\nnever closed\ntitle: x', undefined],
])('the title of %j is %j', (text, expected) => {
  expect(title(text)).toBe(expected);
});

test.each([
  ['---\ntitle: x\n---\nbody', 'body'],
  ['---\n---\nbody', 'body'],
  ['---\n: : broken [\n---\nbody', 'body'],
  ['# heading\n---\nrule', '# heading\n---\nrule'],
])('the body of %j is %j', (text, body) => {
  expect(splitFrontMatter(text).body).toBe(body);
});

test('aliases that multiply, huge blocks, prototype names and any text do no harm', () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) => `a${n}: &a${n} [${'*a'}${n - 1},${'*a'}${n - 1}]`,
  );
  const bomb = `---\na0: &a0 [x,x]\n${levels.slice(1).join('\n')}\ntitle: x\n---\n`;
  expect(title(bomb)).toBe(undefined);
  expect(title(`---\ntitle: x\nlong: ${'y'.repeat(70_000)}\n---\n`)).toBe(undefined);
  expect(textField(splitFrontMatter('---\n__proto__: {title: x}\n---\n').fields, 'title')).toBe(
    undefined,
  );
  expect(textField({}, 'constructor')).toBe(undefined);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (yaml) => {
      const { fields } = splitFrontMatter(`---\n${yaml}\n---\nbody`);
      expect(textField(fields, 'title') ?? '').not.toMatch(/[\0\n]/);
    }),
    { numRuns: 50 },
  );
});
