import { describe, expect, it } from 'vitest';
import { pruneModule } from '../src/narrow/prune-module.ts';

const absence = {
  imports: (_: string, name: string) => name.startsWith('gone'),
  inSql: (text: string) => /\bfrom gone\b/.test(text),
};
const prune = (grain: 'entry' | 'test' | 'statement', text: string) =>
  pruneModule('a.ts', text, grain, absence)?.text;

describe('a module without what is absent', () => {
  it('hands on what is there', () => {
    const text = "export { gone, kept } from './a.ts';\nexport { gone2 } from './b.ts';\n";
    expect(prune('entry', text)).toBe("export { kept } from './a.ts';\n");
  });

  it('keeps the relations between tables that are there', () => {
    const text = `import { relations } from 'drizzle-orm';
import { gone, goneToo, kept } from './tables.ts';

export const keptRelations = relations(kept, ({ one, many }) => ({
  self: one(kept, { fields: [kept.a, kept.b], references: [kept.c, kept.d] }),
  gone: one(gone, { fields: [kept.goneId], references: [gone.id] }),
  others: many(goneToo),
}));

/** Of a table that is not there. */
export const goneRelations = relations(gone, ({ many }) => ({ kept: many(kept) }));
`;
    expect(prune('entry', text)).toBe(`import { relations } from 'drizzle-orm';
import { kept } from './tables.ts';

export const keptRelations = relations(kept, ({ one }) => ({
  self: one(kept, { fields: [kept.a, kept.b], references: [kept.c, kept.d] }),
}));
`);
  });

  it('loses the tests that use it, what only these used, and groups without tests', () => {
    const text = `import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import * as all from './index.ts';
import { gone, kept } from './queries.ts';

let sharer: string;
const helper = () => gone();
beforeEach(async () => {
  sharer = await addUser();
});

describe('both', () => {
  test('kept', () => expect(kept(all.kept)).toBe(1));
  test('gone', () => expect(helper(sharer)).toBe(eq));
  test('gone in SQL', () => run('select 1 from gone'));
});

describe('empty', () => {
  test('gone through a namespace', () => expect(all.goneAway).toBe(1));
});
`;
    expect(prune('test', text)).toBe(`import { describe, expect, test } from 'vitest';
import * as all from './index.ts';
import { kept } from './queries.ts';

beforeEach(async () => {
});

describe('both', () => {
  test('kept', () => expect(kept(all.kept)).toBe(1));
});
`);
  });

  it('is nothing when its set-up or its last test goes', () => {
    const tests = "test('a', () => 1);\n";
    expect(prune('test', `import { gone } from './a.ts';\nbeforeAll(gone);\n${tests}`)).toBe(
      undefined,
    );
    expect(prune('test', "import { gone } from './a.ts';\ntest('a', () => gone());\n")).toBe(
      undefined,
    );
  });

  it('loses whole functions of a helper', () => {
    const text = `import { gone } from './a.ts';

/** Needs it. */
export function one() {
  return gone();
}

export const two = () => 2;
export const three = () => one();
`;
    expect(prune('statement', text)).toBe('export const two = () => 2;\n');
  });
});
