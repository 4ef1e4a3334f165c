import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Cell } from './cells.ts';

const packages = [
  'bun@1.4.5',
  'yarn@1.22.22',
  '@yarnpkg/cli-dist@4.18.1',
  'pnpm@12.21.0',
  `node20@npm:node-${process.platform}-${process.arch}@20.20.0`,
  `node24@npm:node-${process.platform}-${process.arch}@24.9.0`,
];

/** Package managers and another Node, from npm; kept between runs. */
export function installTools(): string {
  const folder = join(tmpdir(), 'copy-matrix-tools');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'node_modules/node20'))) {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    // Install scripts too: bun's fetches nothing, it links its program.
    execFileSync('npm', ['install', '--no-save', ...packages], { cwd: folder, stdio: 'inherit' });
  }
  const modules = join(folder, 'node_modules');
  shim(
    folder,
    'yarn',
    'yarn',
    `exec node "${join(modules, '@yarnpkg/cli-dist/bin/yarn.js')}" "$@"`,
  );
  shim(folder, 'yarn-classic', 'yarn', `exec node "${join(modules, 'yarn/bin/yarn.js')}" "$@"`);
  shim(folder, 'bun', 'bun', `exec "${join(modules, '.bin/bun')}" "$@"`);
  shim(folder, 'pnpm', 'pnpm', `exec "${join(modules, '.bin/pnpm')}" "$@"`);
  for (const name of ['node20', 'node24'])
    shim(folder, name, 'node', `exec "${join(modules, name, 'bin/node')}" "$@"`);
  return folder;
}

function shim(folder: string, name: string, program: string, line: string): void {
  const path = join(folder, 'bin', name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, program), `#!/bin/sh\n${line}\n`);
  chmodSync(join(path, program), 0o755);
}

/** The environment of a cell: its Node and its package manager first, npm's registry for all of them. */
export function environmentOf({ manager, node }: Cell, tools: string): Record<string, string> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const own = [`node${node}`, ...(manager === 'npm' ? [] : [manager])];
  // The fast trial needs no tools, and takes the Node and the npm that are here.
  const first = tools === '' ? [] : own;
  const path = [...first.map((name) => join(tools, 'bin', name)), process.env.PATH ?? ''];
  return {
    PATH: path.join(delimiter),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_ENABLE_TELEMETRY: '0',
    npm_config_registry: registry,
    CI: 'true',
  };
}
