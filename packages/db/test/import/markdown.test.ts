import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outlineOf } from '../../src/import/markdown.ts';
import { resolveLink } from '../../src/import/read-source.ts';

test.each([
  ['# One\n# Two', 'One'],
  ['text\n\nSetext\n===\n', 'Setext'],
  ['## `code` and [a link](x.md) and **bold**', 'code and a link and bold'],
  ['#   \n\n## Not empty', 'Not empty'],
  ['```\n# in code\n```\n# Real', 'Real'],
  ['---\ntitle: "Front"\n---\n\n# Heading wins', 'Heading wins'],
  ['---\r\ntitle: Front\r\n---\r\ntext', 'Front'],
  ['# A <br> tag &amp; entity', 'A tag & entity'],
  ['no heading', undefined],
  ['', undefined],
])('the title of %j is %j', (markdown, title) => {
  expect(outlineOf(markdown).title).toBe(title);
});

test.each([
  ['a.md', 'b.md', 'b.md'],
  ['x/a.md', '../b.md?q=1#h', 'b.md'],
  ['x/a.md', './y/../b%20c.md', 'x/b c.md'],
  ['x/a.md', '/top.md', 'top.md'],
  ['a.md', '../out.md', undefined],
  ['a.md', '/../out.md', 'out.md'],
  ['a.md', 'https://example.com', undefined],
  ['a.md', 'javascript:alert(1)', undefined],
  ['a.md', '#x', undefined],
  ['a.md', '%00', undefined],
  ['a.md', '.', undefined],
])('from %s, %s leads to %s', (from, target, path) => {
  expect(resolveLink(from, target)).toBe(path);
});

test('no link leads out of the folder, and no text breaks the parser', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), (target, markdown) => {
      const path = resolveLink('a/b/c.md', target);
      expect(path?.split('/').includes('..') ?? false).toBe(false);
      expect(path?.startsWith('/') ?? false).toBe(false);
      outlineOf(markdown);
    }),
  );
});
