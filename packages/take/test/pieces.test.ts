import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { items, type Piece } from '../src/items.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { registryText } from '../src/registry.ts';
import { openSource } from '../src/source/tree.ts';
import { npmChoices } from './host.ts';

const tree = openSource();
const pieces = items.filter((item): item is Piece => item.kind === 'piece');
const plan = (piece: Piece, choices = npmChoices) => planPieces(tree, [piece], choices);
const specifiersIn = (text: string) =>
  [...text.matchAll(/(?:from|import) '([^']+)'/g)].map(([, specifier = '']) => specifier);

describe.each(pieces)('the piece $name', (piece) => {
  it('is at most twelve files with its tests', () => {
    const files = plan(piece).files.filter(({ path }) => !path.endsWith('drizzle.config.ts'));
    expect(files.length).toBeLessThanOrEqual(12);
    expect(files.some(({ path }) => path.endsWith('.test.ts'))).toBe(true);
  });

  it.each(['js', 'ts', 'none'] as const)(
    'imports only what comes along, ending in %s',
    (ending) => {
      const { files } = plan(piece, { ...npmChoices, ending });
      const paths = new Set(files.map(({ path }) => path));
      for (const { path, text } of files) {
        for (const specifier of specifiersIn(text).filter((one) => one.startsWith('.'))) {
          const stem = ending === 'none' ? specifier : specifier.replace(/\.\w+$/, '');
          const target = posix.join(posix.dirname(path), `${stem}.ts`);
          expect([path, specifier, paths.has(target)]).toEqual([path, specifier, true]);
          if (ending !== 'none') expect(specifier.endsWith(`.${ending}`)).toBe(true);
        }
      }
    },
  );

  it('names no package of this repository, and declares every package from npm that it imports', () => {
    const { files, needed } = plan(piece);
    const declared = new Set(needed.map(({ name }) => name));
    for (const { text } of files) {
      for (const specifier of specifiersIn(text)) {
        if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
        expect(specifier).not.toMatch(/^@(reference|pagespace|ait)\//);
        const [scope = '', name = ''] = specifier.split('/');
        expect(declared).toContain(scope.startsWith('@') ? `${scope}/${name}` : scope);
      }
    }
  });
});

it('a piece that needs packages for its code and for its tests declares them apart', () => {
  const keyset = pieces.find(({ name }) => name === 'keyset');
  if (!keyset) throw new Error('There is no keyset.');
  const { needed } = plan(keyset);
  const isDev = Object.fromEntries(needed.map((one) => [one.name, one.isDev]));
  expect(isDev).toMatchObject({ 'drizzle-orm': false, vitest: true, postgres: true });
  const withPg = plan(keyset, { ...npmChoices, driver: 'pg' });
  expect(withPg.needed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['pg', '@types/pg']),
  );
  expect(withPg.needed.map(({ name }) => name)).not.toContain('postgres');
});

it('registry.json says what the code says: run `pnpm --filter @reference/take registry` after a change', () => {
  expect(readFileSync(join(tree.root, 'registry.json'), 'utf8')).toBe(registryText(tree));
});
