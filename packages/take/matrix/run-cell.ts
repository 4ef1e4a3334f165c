import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { chooseFor } from '../src/cli/choices.ts';
import { build, generateMigration, install } from '../src/finish.ts';
import { installCommand } from '../src/host/commands.ts';
import { readHost } from '../src/host/read-host.ts';
import { findItems } from '../src/plan/plan-items.ts';
import { openSource } from '../src/source/tree.ts';
import { draftTake, writeDraft } from '../src/take.ts';
import { type Cell, type ModuleKind, nameOf } from './cells.ts';
import { environmentOf } from './tools.ts';

/** Numbers of an item's own tests. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Test files that ran, of those that came along. */
  readonly files?: readonly [ran: number, all: number];
}

export interface Result {
  readonly cell: Cell;
  readonly name: string;
  readonly files: number;
  /** Lines of files that were there before, without declared dependencies. */
  readonly lines: number;
  readonly dependencies: number;
  readonly installSeconds: number;
  /** Processes that waited for one of the machine's cores at the beginning, by core. */
  readonly load?: number;
  /** Everything that the command does but install and test. */
  readonly takeSeconds: number;
  /** By the item; the pieces of a project have one test run. */
  readonly tests: Readonly<Record<string, Counts>>;
  /** The reason why it went wrong; absent when all is well. */
  readonly problem?: string;
}

const compilerOptions: Readonly<
  Record<Exclude<ModuleKind, 'javascript'>, Record<string, unknown>>
> = {
  esm: { module: 'nodenext' },
  commonjs: { module: 'commonjs', moduleResolution: 'node10' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/**
 * Takes items into a fresh project, installs, migrates, and runs the items' own tests there.
 * @param tools the folder of the package managers and Nodes
 * @param serverUrl a server for the tests of the trials that ask for one
 * @param everyTest whether all tests of packages run, and not those alone that the trial names
 * @param keep whether the project stays, for a look at it
 */
export async function runCell(
  cell: Cell,
  tools: string,
  {
    serverUrl,
    everyTest = false,
    keep = false,
  }: { readonly serverUrl?: string; readonly keep?: boolean; readonly everyTest?: boolean } = {},
): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'copy-matrix-'));
  const environment = {
    ...environmentOf(cell, tools),
    ...(cell.server && serverUrl ? { TEST_DATABASE_URL: serverUrl } : {}),
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await tryCell(cell, root, everyTest);
  } finally {
    process.env = before;
    if (keep) console.log(`  ${root}`);
    else rmSync(root, { recursive: true, force: true });
  }
}

async function tryCell(cell: Cell, root: string, everyTest: boolean): Promise<Result> {
  const tree = openSource();
  const isPiece = findItems(cell.items).every(({ kind }) => kind === 'piece');
  writeHost(root, cell);
  const into = join(root, isPiece ? 'src/db' : 'packages');
  const clock = stopwatch();
  const host = readHost(into);
  const options = {
    pm: cell.manager,
    driver: cell.driver,
    form: cell.form === 'built' ? ('built' as const) : undefined,
    only: cell.only,
  };
  const choices = await chooseFor(host, options, cell.items);
  const draft = await draftTake(tree, { root, folder: into }, cell.items, choices);
  const lock = await writeDraft(tree, draft);
  const found = {
    cell,
    name: nameOf(cell),
    files: draft.plan.files.length,
    lines: draft.touched.reduce((sum, one) => sum + one.lines - one.dependencies, 0),
    dependencies: draft.touched.reduce((sum, one) => sum + one.dependencies, 0),
  };
  const testFiles = draft.plan.files
    .map(({ path }) => path)
    .filter((path) => /\.test\.ts$/.test(path));
  let takeSeconds = clock();
  const load = loadOfMachine();
  let installSeconds = 0;
  const tests: Record<string, Counts> = {};
  const problems: string[] = [];
  try {
    await install(draft);
    installSeconds = clock();
    await build(draft);
    await generateMigration(draft, host, lock);
    takeSeconds = toTenth(takeSeconds + clock());
    const folders = isPiece ? [root] : cell.items.map((item) => join(into, item));
    for (const folder of folders)
      problems.push(cell.form === 'built' ? requireIt(folder) : typeCheck(folder));
    for (const folder of folders) {
      const item = isPiece ? '' : basename(folder);
      const all = testFiles.filter((path) => path.startsWith(isPiece ? 'test/' : `${item}/`));
      const paths = isPiece ? ['src/db'] : everyTest ? [] : (cell.tests?.[item] ?? []);
      const { problem, ran, ...counts } = runTests(folder, paths);
      tests[item || cell.title] = { ...counts, files: [ran, all.length] };
      problems.push(problem ?? '');
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const problem = [...problems, ...missedGoals(found.lines, takeSeconds)]
    .filter(Boolean)
    .join('\n  ');
  return { ...found, load, installSeconds, takeSeconds, tests, ...(problem ? { problem } : {}) };
}

/** A take changes at most three lines of the project, and needs a minute beside its install. */
function missedGoals(lines: number, takeSeconds: number): string[] {
  return [
    lines > 3 ? `${lines} lines touched` : '',
    takeSeconds > 60 ? `${takeSeconds} s beside the install` : '',
  ];
}

function writeHost(root: string, { manager, module }: Cell): void {
  const write = (path: string, content: unknown) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
    writeFileSync(join(root, path), text);
  };
  write('package.json', {
    name: 'host',
    version: '1.0.0',
    private: true,
    ...(module === 'esm' ? { type: 'module' } : {}),
    ...(manager === 'yarn' ? { packageManager: 'yarn@4.18.1' } : {}),
    // Yarn resolves the binaries of every platform, and stops where a registry lacks one: these versions have all.
    ...(manager.startsWith('yarn')
      ? { resolutions: { vite: '8.3.8', 'squawk-cli': '2.61.0' } }
      : {}),
    scripts: { test: 'vitest run' },
    ...(module === 'javascript'
      ? {}
      : { devDependencies: { '@types/node': '20.19.43', typescript: '5.9.3' } }),
  });
  const common = {
    target: 'es2023',
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: true,
  };
  if (module !== 'javascript')
    write('tsconfig.json', {
      compilerOptions: { ...common, ...compilerOptions[module] },
      include: ['src'],
    });
  write('.gitignore', 'node_modules\n');
  if (manager === 'yarn') write('.yarnrc.yml', 'nodeLinker: node-modules\n');
  execFileSync('git', ['init', '-q'], { cwd: root });
  const [program, ...args] = installCommand[manager];
  execFileSync(program, args, { cwd: root, stdio: 'ignore' });
}

const binsAbove = (folder: string): string[] =>
  [folder, join(folder, '..'), join(folder, '../..')].map((path) =>
    join(path, 'node_modules/.bin'),
  );

/** With the host's own compiler. @returns its complaints */
function typeCheck(root: string): string {
  const { status, stdout } = spawnSync('tsc', ['-p', root, '--pretty', 'false'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: [...binsAbove(root), process.env.PATH].join(':') },
  });
  return status === 0 ? '' : `tsc: ${stdout.split('\n').slice(0, 5).join('; ')}`;
}

/** A CommonJS program of the host that requires the built package. @returns what went wrong */
function requireIt(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const program = `const it = require('${name}'); if (Object.keys(it).length === 0) throw new Error('empty')`;
  const { status, stderr } = spawnSync('node', ['-e', program], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `require: ${stderr.split('\n').slice(0, 6).join('; ')}`;
}

interface Tests extends Omit<Counts, 'files'> {
  readonly ran: number;
  readonly problem?: string;
}

/** The fields of vitest's JSON report that are read here. */
interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function runTests(cwd: string, paths: readonly string[]): Tests {
  const report = join(cwd, 'node_modules/.copy-matrix.json');
  mkdirSync(join(cwd, 'node_modules'), { recursive: true });
  const { stdout, stderr } = spawnSync(
    'vitest',
    ['run', ...paths, '--reporter=json', `--outputFile.json=${report}`, '--reporter=dot'],
    {
      cwd,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, PATH: [...binsAbove(cwd), process.env.PATH].join(':') },
    },
  );
  try {
    const counts: TestReport = JSON.parse(readFileSync(report, 'utf8'));
    const failures = counts.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name, message, assertionResults }) => {
        const tests = assertionResults.filter((one) => one.status === 'failed');
        const said = [message, ...tests.flatMap((one) => [one.fullName, ...one.failureMessages])];
        return `${relative(cwd, name)}: ${said.join(' ').slice(0, 600)}`;
      });
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests,
      skipped: counts.numPendingTests,
      ran: counts.testResults.length,
      ...(failures.length > 0 || counts.numPassedTests === 0
        ? { problem: `tests: ${failures.join('\n  ')}` }
        : {}),
    };
  } catch {
    return {
      passed: 0,
      failed: 0,
      skipped: 0,
      ran: 0,
      problem: `vitest: ${(stderr || stdout).slice(-400)}`,
    };
  }
}

/** Seconds since it was made or last asked. */
function stopwatch(): () => number {
  let from = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - from) / 1000;
    from = now;
    return toTenth(seconds);
  };
}

/** Also other programs need time: a trial on a busy machine takes longer. */
export const loadOfMachine = (): number => toTenth((loadavg()[0] ?? 0) / availableParallelism());

const toTenth = (seconds: number): number => Math.round(seconds * 10) / 10;
