import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, it } from 'vitest';
import { splitMarkdown } from '../../src/index.ts';

const split = (text: string, maxTokens = 60, overlapTokens = 15) => [
  ...splitMarkdown(text, { maxTokens, overlapTokens }),
];

describe('splitMarkdown', () => {
  it('splits at headings and says where each passage is from', () => {
    const text = '# Guide\n\nIntro.\n\n## Install\n\nRun it.\n\n## Use\n\n### Alone\n\nDo this.';
    expect(split(text).map(({ heading, content }) => [heading, content])).toEqual([
      ['Guide', 'Intro.'],
      ['Guide > Install', 'Run it.'],
      ['Guide > Use > Alone', 'Do this.'],
    ]);
  });

  it('cuts a run of emoji between two of them, and loses none', () => {
    const text = '😀😁🤖👩‍🚀'.repeat(200);
    const passages = split(text, 60, 0).map(({ content }) => content);
    expect(passages.length).toBeGreaterThan(2);
    for (const passage of passages) expect(passage).not.toMatch(/\p{Surrogate}/u);
    expect(passages.join('')).toBe(text);
  });

  it('leaves a heading inside a code fence in its code', () => {
    const text = '# A\n\n```bash\n# not a heading\n\nnpm install\n```\n\nAfter.';
    expect(split(text)).toMatchObject([
      { heading: 'A', content: '```bash\n# not a heading\n\nnpm install\n```\n\nAfter.' },
    ]);
  });

  it('ends a code fence only at a fence of its kind with nothing behind', () => {
    const text = '# A\n\n```\n~~~\n# one\n```js\n# two\n```\n\n# B\n\nAfter.';
    expect(split(text).map(({ heading }) => heading)).toEqual(['A', 'B']);
  });

  it('repeats the end of the passage before', () => {
    const sentences = Array.from({ length: 30 }, (_, i) => `Sentence number ${i} is here.`);
    const passages = split(sentences.join('\n\n'));
    expect(passages.length).toBeGreaterThan(2);
    for (const [index, passage] of passages.entries()) {
      if (index === 0) continue;
      const last = passages[index - 1]?.content.split('\n\n').at(-1) ?? '';
      expect(passage.content.startsWith(last) || passage.content.includes(`${last}\n\n`)).toBe(
        true,
      );
    }
  });

  it('takes a special token of the model for text', () => {
    expect(split('Say <|endoftext|> and go on.')[0]?.content).toContain('<|endoftext|>');
  });

  it('gives nothing for an empty text', () => {
    expect(split(' \n\n\t\n# Only a heading\n')).toEqual([]);
  });

  it('keeps every word, in order, within the budget, whatever the text', () => {
    const line = fc.oneof(
      fc.lorem({ maxCount: 40 }),
      fc.constantFrom('', '# One', '## Two', '```', '- item', '| a | b |', '<|endoftext|>'),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 50 }).map((text) => text.replaceAll('\0', '')),
      fc.nat({ max: 400 }).map((n) => 'x'.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = Buffer.from(lines.join('\n')).toString();
        const passages = split(text, 50, 0);
        for (const { content, tokenCount } of passages) {
          expect(content.trim()).not.toBe('');
          expect(tokenCount).toBe(countTokens(content, { disallowedSpecial: new Set() }));
          // Joining blocks with an empty line may cost a token or two at each seam.
          expect(tokenCount).toBeLessThanOrEqual(60);
        }
        const letters = (all: string) => all.replace(/\s+/gu, '');
        const body = text
          .split(/\r?\n/)
          .filter((_, index, all) => !isHeading(all, index))
          .join('\n');
        expect(letters(passages.map(({ content }) => content).join(''))).toBe(letters(body));
      }),
      { numRuns: 300 },
    );
  });
});

/** An oracle of its own for the line's role: a heading outside of any fence. */
function isHeading(lines: readonly string[], index: number): boolean {
  let fence = '';
  for (let at = 0; at <= index; at++) {
    const line = lines[at] ?? '';
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence) {
      if (mark.startsWith(fence) && line.trim() === mark) fence = '';
      if (at === index) return false;
    } else if (at === index)
      return /^#{1,6}\s+.+/.test(line) && /^(#{1,6})\s+(.+?)\s*#*\s*$/.test(line);
    else if (mark) fence = mark;
  }
  return false;
}
