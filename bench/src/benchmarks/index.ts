import type { Benchmark } from '../benchmark.ts';
import { accessCheck } from './access-check.ts';
import { accessiblePages } from './accessible-pages.ts';
import { children } from './children.ts';
import { coveringIndex } from './covering-index.ts';
import { deepPages } from './deep-pages.ts';
import { driveTree, largeDriveTree } from './drive-tree.ts';
import { history } from './history.ts';
import { pageById } from './page-by-id.ts';
import { testDatabase } from './test-database.ts';

/** Erases what a benchmark's calls take, so that all can stand in one list. */
const any = <P>(benchmark: Benchmark<P>): Benchmark => benchmark as Benchmark;

export const benchmarks: readonly Benchmark[] = [
  any(pageById),
  any(children),
  any(history),
  any(accessiblePages),
  any(accessCheck),
  any(driveTree),
  any(largeDriveTree),
  any(coveringIndex),
  ...deepPages.map(any),
  any(testDatabase),
];
