import { join } from 'node:path';
import type { Choices } from '../plan/plan.ts';
import { compilerOptions, readJson } from './read-host.ts';

/**
 * Lines that a project's tsconfig.json needs before the project imports packages inside it, because
 * its compiler must skip the packages' own tests, and accept imports that end in `.ts`.
 */
export function compilerAdvice(project: string, { into, form }: Choices): string[] {
  const path = join(project, 'tsconfig.json');
  const options = compilerOptions(path);
  if (!options) return [];
  const { include, files, exclude = ['node_modules'] } = Object(readJson(path));
  const advice: string[] = [];
  const excluded: unknown[] = Array.isArray(exclude) ? exclude : [];
  if (covers(include, files, into) && !excluded.some((one) => plain(one) === into)) {
    const list = JSON.stringify([...excluded, into]);
    advice.push(`"exclude": ${list}, because each package is compiled by its own tsconfig.json`);
  }
  if (form === 'source' && options.allowImportingTsExtensions !== true)
    advice.push(
      options.noEmit === true
        ? `"allowImportingTsExtensions": true in "compilerOptions", because the packages' imports end in .ts`
        : '"noEmit": true with a bundler, else take them with --form built: a compiler that emits refuses imports that end in .ts',
    );
  return advice;
}

function covers(include: unknown, files: unknown, into: string): boolean {
  if (!Array.isArray(include)) return files === undefined;
  return include.some((one) => {
    const [first = ''] = plain(one).split('/');
    return first.includes('*') || first === '.' || first === into.split('/')[0];
  });
}

const plain = (pattern: unknown): string => String(pattern).replace(/^\.\//, '').replace(/\/$/, '');
