import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import type { PlannedFile } from './plan.ts';

/** The path of a piece's file in the host, from the folder that takes it. */
export function targetOf(source: string): string {
  const [, name, below] = /^(?:packages|tooling)\/([^/]+)\/(.*)$/.exec(source) ?? [];
  if (!name || !below) throw new TakeError(`${source} belongs to no package.`, 1);
  if (below.startsWith('portable/') && below.endsWith('.test.ts'))
    return posix.join('test', posix.basename(below));
  if (/^portable\/(schema|queries)\//.test(below)) return below.slice('portable/'.length);
  const [, test, portable] = /^portable\/(test-)?([\w-]+)\.ts$/.exec(below) ?? [];
  if (portable) return test ? `test/test-${portable}.ts` : `kit/${portable}.ts`;
  if (below.startsWith('test/')) return below;
  if (name === 'races') return posix.join('test', posix.basename(below));
  const inner = below.replace(/^src\//, '');
  return name === 'kit' ? `kit/${inner}` : inner;
}

/** @throws TakeError when two files would have one path */
export function refuseSamePlace(files: readonly PlannedFile[]): void {
  const seen = new Map<string, string>();
  for (const { path, text } of files) {
    const other = seen.get(path);
    if (other !== undefined && other !== text)
      throw new TakeError(`Two of these items have a file ${path}. Take them into two folders.`);
    seen.set(path, text);
  }
}
