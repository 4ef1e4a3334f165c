import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource, type SourcePackage, type SourceTree } from '../src/source/tree.ts';
import { type Cell, nameOf } from './cells.ts';
import { loadOfMachine, type Result } from './run-cell.ts';
import { environmentOf } from './tools.ts';

type Check = readonly [name: string, problem: string];

/**
 * Installs every published package as its tarball into a plain npm project, and uses it there as a
 * stranger would: compiles and runs a program that imports all of it, requires it from CommonJS, is told
 * what to do about the driver, does it, and runs its programs.
 */
export function runPacked(cell: Cell, tools: string): Result {
  const tree = openSource();
  const published = tree.packages.filter(
    ({ manifest }) => !Reflect.get(Object(manifest), 'private'),
  );
  const root = mkdtempSync(join(tmpdir(), 'copy-matrix-packed-'));
  const environment = { ...process.env };
  try {
    const tarballs = packAll(tree, published, join(root, 'tarballs'), tools);
    Object.assign(process.env, environmentOf(cell, tools));
    const host = join(root, 'host');
    const load = loadOfMachine();
    const installStart = performance.now();
    install(host, tarballs);
    const installSeconds = secondsSince(installStart);
    const before = typesAndEntries(host, published);
    const refused = driverError(host);
    // The one step that a user of the tarballs takes after the install; all else is a check.
    const patchStart = performance.now();
    const patched = run(host, 'npx', ['patch-postgres']);
    const takeSeconds = secondsSince(patchStart);
    const checks: Check[] = [
      ...before,
      ['the driver is not patched, and the error says what to do', refused],
      ['patch-postgres mends it', patched],
      ...programs(host),
    ];
    const failed = checks.filter(([, problem]) => problem !== '');
    return {
      cell,
      name: nameOf(cell),
      files: 0,
      lines: 0,
      dependencies: published.length,
      load,
      installSeconds,
      takeSeconds,
      tests: {
        [cell.title]: {
          passed: checks.length - failed.length,
          failed: failed.length,
          skipped: 0,
        },
      },
      ...(failed.length > 0
        ? { problem: failed.map(([name, problem]) => `${name}: ${problem}`).join('\n  ') }
        : {}),
    };
  } finally {
    process.env = environment;
    rmSync(root, { recursive: true, force: true });
  }
}

/** pnpm packs, because it puts publishConfig, catalog and workspace versions in their places. */
function packAll(
  tree: SourceTree,
  published: readonly SourcePackage[],
  target: string,
  tools: string,
): Map<string, string> {
  const tarballs = new Map<string, string>();
  for (const { folder, manifest } of published) {
    const cwd = join(tree.root, folder);
    const own = join(target, folder);
    mkdirSync(own, { recursive: true });
    const bins = [join(cwd, 'node_modules/.bin'), join(tools, 'bin/pnpm'), process.env.PATH].join(
      ':',
    );
    const options = { cwd, env: { ...process.env, PATH: bins }, stdio: 'pipe' } as const;
    execFileSync('tsc', ['-p', 'tsconfig.build.json'], options);
    execFileSync('pnpm', ['pack', '--pack-destination', own], options);
    const [tarball = ''] = readdirSync(own);
    tarballs.set(manifest.name, join(own, tarball));
  }
  return tarballs;
}

function install(host: string, tarballs: ReadonlyMap<string, string>): void {
  mkdirSync(host, { recursive: true });
  const dependencies = Object.fromEntries(
    [...tarballs].map(([name, path]) => [name, `file:${path}`]),
  );
  const manifest = {
    name: 'host',
    version: '1.0.0',
    private: true,
    dependencies,
    devDependencies: { '@types/node': '20.19.43', typescript: '5.9.3' },
  };
  writeFileSync(join(host, 'package.json'), JSON.stringify(manifest, null, 2));
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: host, stdio: 'pipe' });
}

function typesAndEntries(host: string, published: readonly SourcePackage[]): Check[] {
  const entries = published.flatMap(({ manifest }) =>
    Object.keys(manifest.publishConfig?.exports ?? manifest.exports ?? {}).map((path) =>
      path.replace(/^\./, manifest.name),
    ),
  );
  return [
    ...published.map(
      ({ manifest: { name } }): Check => [`types of ${name}`, typeErrors(host, entries, name)],
    ),
    ...loadAll(host, 'import', entries),
    ...loadAll(host, 'require', entries),
  ];
}

function programs(host: string): Check[] {
  return [
    ['a client opens', node(host, 'module', opening)],
    ...[
      ['migrator', '--help'],
      ['audit', '--help'],
      ['take', 'list'],
      ['take', 'keyset', '--into', 'src/db', '--no-install'],
    ].map((args): Check => [args.slice(0, 2).join(' '), run(host, 'npx', args)]),
  ];
}

let compiled: { readonly host: string; readonly output: string } | undefined;

/** The compiler's errors in a package's own declarations; skipLibCheck is off. */
function typeErrors(host: string, entries: readonly string[], name: string): string {
  if (compiled?.host !== host) {
    const program = entries.map((entry, n) => `export * as m${n} from '${entry}';`).join('\n');
    writeFileSync(join(host, 'consumer.mts'), program);
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      types: ['node'],
    };
    writeFileSync(
      join(host, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.mts'] }),
    );
    const { stdout } = spawnSync('npx', ['tsc', '--pretty', 'false'], {
      cwd: host,
      encoding: 'utf8',
    });
    compiled = { host, output: stdout };
  }
  const lines = compiled.output
    .split('\n')
    .filter((line) => line.startsWith(`node_modules/${name}/`) || line.startsWith('consumer.mts'));
  return lines.slice(0, 5).join('; ');
}

/** Loads every entry in one process: a check for each, which holds what went wrong. */
function loadAll(host: string, how: 'import' | 'require', entries: readonly string[]): Check[] {
  const program = `const problems = {};
for (const entry of ${JSON.stringify(entries)})
  try { ${how === 'import' ? 'await import(entry)' : 'require(entry)'}; problems[entry] = ''; }
  catch (error) { problems[entry] = String(error); }
console.log(JSON.stringify(problems));`;
  const kind = how === 'import' ? 'module' : 'commonjs';
  const { stdout, stderr } = spawnSync('node', [`--input-type=${kind}`, '-e', program], {
    cwd: host,
    encoding: 'utf8',
  });
  const problems = parsed(stdout);
  return entries.map((entry) => [
    `${how} ${entry}`,
    problems?.[entry] ?? `it ended: ${stderr.slice(0, 200)}`,
  ]);
}

function parsed(text: string): Record<string, string> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const opening =
  "import { createClient } from '@reference/kit'; const { close } = createClient({ url: 'postgres://127.0.0.1/none' }, { schema: {} }); await close();";

function driverError(host: string): string {
  const said = node(host, 'module', opening);
  return /patch-postgres/.test(said) ? '' : `it said: ${said || 'nothing'}`;
}

const node = (host: string, kind: 'module' | 'commonjs', program: string): string =>
  run(host, 'node', [`--input-type=${kind}`, '-e', program]);

/** @returns what went wrong; nothing when the program ended well */
function run(cwd: string, program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, [...args], { cwd, encoding: 'utf8' });
  const lines = `${stderr}${stdout}`.trim().split('\n');
  return status === 0
    ? ''
    : lines
        .filter((line) => /Error|error|✗/.test(line))
        .slice(0, 3)
        .join('; ') || `exit ${status}`;
}

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;
