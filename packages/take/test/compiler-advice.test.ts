import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compilerAdvice } from '../src/host/compiler-advice.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const choices = { ...npmChoices, into: 'packages' };

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

/** As create-next-app writes them. */
const ofNext = {
  target: 'ES2017',
  lib: ['dom', 'dom.iterable', 'esnext'],
  allowJs: true,
  skipLibCheck: true,
  strict: true,
  noEmit: true,
  esModuleInterop: true,
  module: 'esnext',
  moduleResolution: 'bundler',
  resolveJsonModule: true,
  isolatedModules: true,
  jsx: 'react-jsx',
  incremental: false,
};
const adviceFor = (config: unknown, form: 'source' | 'built' = 'source') => {
  host.write('tsconfig.json', JSON.stringify(config));
  return compilerAdvice(host.root, { ...choices, form });
};

describe('the advice for a tsconfig.json', () => {
  it('of Next names both lines, and none once they are there', () => {
    const config = { compilerOptions: ofNext, include: ['**/*.ts'], exclude: ['node_modules'] };
    const [exclude, ending, ...more] = adviceFor(config);
    expect(exclude).toContain('"exclude": ["node_modules","packages"]');
    expect(ending).toContain('"allowImportingTsExtensions": true');
    expect(more).toEqual([]);
    const compilerOptions = { ...ofNext, allowImportingTsExtensions: true };
    expect(
      adviceFor({ ...config, compilerOptions, exclude: ['node_modules', './packages'] }),
    ).toEqual([]);
  });

  it('leaves alone one that compiles only a folder beside the packages', () => {
    const compilerOptions = { noEmit: true, allowImportingTsExtensions: true };
    expect(adviceFor({ compilerOptions, include: ['src'] })).toEqual([]);
    expect(adviceFor({ compilerOptions, files: ['a.ts'] })).toEqual([]);
    expect(adviceFor({ compilerOptions })).toHaveLength(1);
  });

  it('of a project that emits names the built form, which needs no line of it', () => {
    const config = { compilerOptions: { module: 'commonjs' }, include: ['src'] };
    expect(adviceFor(config)).toEqual([expect.stringContaining('--form built')]);
    expect(adviceFor(config, 'built')).toEqual([]);
  });

  it('is none where there is no compiler', () => {
    expect(compilerAdvice(host.root, choices)).toEqual([]);
  });
});

it.each(['packages/kit', 'packages/tasks', 'packages/db', 'packages/postgres', 'packages/tenancy'])(
  'an application of Next that imports %s compiles with these lines',
  (folder) => {
    host.write('app.ts', `export * from '${join(tree.root, folder, 'src/index.ts')}';\n`);
    const compilerOptions = {
      ...ofNext,
      allowImportingTsExtensions: true,
      types: ['node'],
      typeRoots: [join(tree.root, 'packages/take/node_modules/@types')],
    };
    host.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    const tsc = join(tree.root, 'packages/take/node_modules/.bin/tsc');
    const compile = () => {
      try {
        execFileSync(tsc, ['-p', host.root]);
        return '';
      } catch (error) {
        return String(Reflect.get(Object(error), 'stdout'));
      }
    };
    expect(compile()).toBe('');
  },
  180_000,
);
