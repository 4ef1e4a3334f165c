import { expect, test } from 'vitest';
import { examplesIn, excerptsIn, linksIn } from '../src/examples.ts';

const markdown = `# Title

<!-- at: src/a.ts -->
<!-- before: import { a } from 'a';
const b = 1; -->
\`\`\`ts
a(b);
\`\`\`

\`\`\`sh
pnpm test
\`\`\`

[one](./one.md#part), [two](https://example.com), \`[three](three.md)\`
`;

test('an example keeps its line in the document and gets what stands before it', () => {
  const [example, ...others] = examplesIn(markdown);
  expect(others).toEqual([]);
  expect(example?.line).toBe(7);
  expect(example?.path).toBe('src/a.ts');
  const lines = example?.source.split('\n') ?? [];
  expect(lines[0]).toBe("import { a } from 'a'; const b = 1;");
  expect(lines[6]).toBe('a(b);');
});

test('links are the relative ones of the prose', () => {
  expect(linksIn(markdown)).toEqual(['./one.md']);
});

test('an excerpt is compared and not compiled, and later examples keep their lines', () => {
  const quoting = '<!-- from: a (b)/[c].ts -->\n```ts\nreturn 1;\n```\n\n```ts\nrun();\n```\n';
  expect(excerptsIn(quoting)).toEqual([{ path: 'a (b)/[c].ts', text: 'return 1;\n' }]);
  expect(
    examplesIn(quoting).map(({ line, source }) => [line, source.trim().split('\n')[0]]),
  ).toEqual([[7, 'run();']]);
});

test('a link in angle brackets may hold blanks and brackets', () => {
  expect(linksIn('[page](<../app/(app)/[id]/page.tsx>)')).toEqual(['../app/(app)/[id]/page.tsx']);
});
