import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countTests, errorLineOf } from '../src/drizzle-next/attempt.ts';
import { nextVersion, withDrizzle, zodFromDrizzle } from '../src/drizzle-next/scratch-copy.ts';
import { obstaclesOf, readTypeErrors } from '../src/drizzle-next/type-errors.ts';
import { root } from '../src/workspace.ts';

it('one release of Drizzle 1.0 is tried, tested and measured, and no snapshot before it', () => {
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  expect(catalog.match(/drizzle\S*: .*1\.0\.0-.*/g)).toEqual([
    `drizzle-orm-next: npm:drizzle-orm@${nextVersion}`,
    `drizzle-kit: ${nextVersion}`,
    `drizzle-orm: ${nextVersion}`,
  ]);
});

describe('the copy', () => {
  const catalog = [
    'catalog:',
    '  "drizzle-kit": 0.31.11',
    '  drizzle-orm: 0.45.4',
    '  drizzle-orm-next: npm:drizzle-orm@1.0.0-rc.5',
    '  drizzle-zod: 0.8.3',
  ].join('\n');

  it('gets the version of drizzle-orm and drizzle-kit, and of nothing else', () => {
    expect(withDrizzle(catalog, '1.0.0').split('\n')).toEqual([
      'catalog:',
      '  "drizzle-kit": 1.0.0',
      '  drizzle-orm: 1.0.0',
      '  drizzle-orm-next: npm:drizzle-orm@1.0.0-rc.5',
      '  drizzle-zod: 0.8.3',
    ]);
  });

  it('is refused when the catalog does not name them', () => {
    expect(() => withDrizzle('catalog:\n  drizzle-orm: 1.0.0', '1.0.1')).toThrow('drizzle-kit');
  });

  it('takes Zod schemas from Drizzle, whatever the quotes', () => {
    expect(zodFromDrizzle(`import { a } from 'drizzle-zod';\nexport * from "drizzle-zod";`)).toBe(
      `import { a } from 'drizzle-orm/zod';\nexport * from "drizzle-orm/zod";`,
    );
    expect(zodFromDrizzle(`import { z } from 'drizzle-zod-extra';`)).toContain('drizzle-zod-extra');
  });
});

describe("the compiler's output", () => {
  const output = [
    `src/schema/relations.ts(1,10): error TS2305: Module '"drizzle-orm"' has no exported member 'relations'.`,
    `  A line that goes on.`,
    `src/schema/other.ts(3,10): error TS2305: Module '"drizzle-orm"' has no exported member 'relations'.`,
    `../kit/src/session.ts(5,3): error TS2305: Module '"drizzle-orm"' has no exported member 'Entity'.`,
    `src/seed.ts(60,71): error TS2536: Type '"$inferInsert"' cannot be used to index type 'T'.`,
  ].join('\n');

  it('counts the errors of the package itself, by cause, the most frequent first', () => {
    expect(obstaclesOf(readTypeErrors(output))).toEqual([
      {
        cause: `TS2305 Module '"drizzle-orm"' has no exported member 'relations'.`,
        count: 2,
        first: 'src/schema/relations.ts(1,10)',
      },
      {
        cause: `TS2536 Type '"$inferInsert"' cannot be used to index type 'T'.`,
        count: 1,
        first: 'src/seed.ts(60,71)',
      },
    ]);
  });

  it('is no error when there is none', () => {
    expect(readTypeErrors('')).toEqual([]);
  });
});

it("finds the line that names a program's error", () => {
  const output = `file:///tmp/a.ts:1\nimport { relations } from 'drizzle-orm';\n         ^\nSyntaxError: no export named 'relations'\n    at ModuleJob`;
  expect(errorLineOf(output)).toBe("SyntaxError: no export named 'relations'");
});

it('counts a test file that does not load as a failure', () => {
  const report = {
    numPassedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    ],
  };
  expect(countTests(JSON.stringify(report))).toEqual({ passed: 1, failed: 2, skipped: 2 });
});
