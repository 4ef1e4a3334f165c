import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { items, type Piece } from '../src/items.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, linkModules, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const pieces = items.filter((item): item is Piece => item.kind === 'piece');

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

it.each(['postgres', 'pg'] as const)(
  'all pieces with their tests, in one folder, compile in a strict project on %s',
  {
    timeout: 180_000,
  },
  (driver) => {
    const plan = planPieces(tree, pieces, { ...npmChoices, driver });
    for (const { path, text } of plan.files) {
      const target = join(host.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    for (const folder of ['packages/take', 'packages/db', 'packages/kit', 'tooling/local-postgres'])
      linkModules(join(tree.root, folder), host.root);
    host.write('package.json', '{ "name": "host", "private": true, "type": "module" }');
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    };
    host.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['src'] }));
    const compile = () => {
      try {
        execFileSync(join(host.root, 'node_modules/.bin/tsc'), ['-p', host.root]);
        return '';
      } catch (error) {
        return String(Reflect.get(Object(error), 'stdout'));
      }
    };
    expect(compile()).toBe('');
  },
);
