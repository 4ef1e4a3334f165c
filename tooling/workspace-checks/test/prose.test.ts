import { expect, test } from 'vitest';
import { houseStyle, termExamples } from '../src/prose/house-style.ts';
import { lintProse } from '../src/prose/lint-prose.ts';

const named = houseStyle.filter(({ bad }) => bad.length > 0);
const terms = houseStyle.filter(({ name }) => name === 'standard-term');

test.each(named)('$name finds its bad sentences and spares its good ones', async (rule) => {
  for (const sentence of rule.bad) {
    const findings = await lintProse('a.md', `${sentence}\n`);
    expect(
      findings.map(({ rule: name }) => name),
      sentence,
    ).toContain(rule.name);
  }
  for (const sentence of rule.good) expect(await lintProse('a.md', `${sentence}\n`)).toEqual([]);
});

test('each paraphrase has a sentence that finds it alone, and the terms themselves pass', () => {
  for (const { advice, pattern } of terms) {
    expect(
      termExamples.bad.some((sentence) => pattern.test(sentence)),
      advice,
    ).toBe(true);
  }
  for (const sentence of termExamples.bad) {
    expect(
      terms.filter(({ pattern }) => pattern.test(sentence)),
      sentence,
    ).toHaveLength(1);
  }
  for (const sentence of termExamples.good) {
    expect(
      terms.some(({ pattern }) => pattern.test(sentence)),
      sentence,
    ).toBe(false);
  }
});

test('Markdown is read sentence by sentence, without code, front matter and headings', async () => {
  const markdown = `---
description: What nobody reads.
---

# What is here

First one. Of the two, one wins.

| what | contents |
|---|---|
| a | who may read |

- Run \`Of the code. What is this\` twice.

\`\`\`sh
What is code here.
\`\`\`
`;
  const findings = await lintProse('a.md', markdown);
  expect(findings.map(({ line, rule }) => [line, rule])).toEqual([
    [7, 'opens-with-of'],
    [11, 'relative-clause-as-subject'],
  ]);
});

test('of code, doc comments and the texts of errors are read, at their lines', async () => {
  const source = `// What a line comment says is for its own file.
/** What a run costs. What is left out is free; what is lost is not. */
export type Cost = number;

/**
 * Gives a cost.
 *
 * @returns the greater of those
 * what they cost
 * @throws UsageError who knows when
 * \`\`\`
 * What is an example.
 * \`\`\`
 */
export function cost(): Cost {
  throw new UsageError('The file has no way back.');
}
const text = 'What is no error.';
`;
  const findings = await lintProse('a.ts', source);
  expect(findings.map(({ line, rule }) => [line, rule])).toEqual([
    [2, 'relative-clause-as-subject'],
    [2, 'relative-clause-as-subject'],
    [16, 'standard-term'],
  ]);
});

test.each(['a.md', 'a.ts'])('a merge that was left unfinished in %s is found', async (path) => {
  const text = `A line.\n${'<'.repeat(7)} HEAD\nOne.\n=======\nTwo.\n${'>'.repeat(7)} 1a2b3c4 (other)\n`;
  const findings = await lintProse(path, text);
  expect(findings.map(({ line, rule }) => [line, rule])).toEqual([
    [2, 'conflict-marker'],
    [6, 'conflict-marker'],
  ]);
});
